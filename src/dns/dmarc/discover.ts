import { type Lookup, textsIn } from '../lookup/lookup.ts'
import { isAskable } from '../names/name.ts'
import { type DmarcPolicy, type DmarcRecord, isDmarcRecord, policiesOf, readDmarc } from './record.ts'

/** Receivers ask for at most this many names (RFC 9989, section 4.10): the author's domain, and the last seven labels up. */
const MOST_LABELS = 7

/** A name that has a record. */
interface Published {
  readonly domain: string
  readonly record: DmarcRecord
}

/** What a walk up the tree gave. */
interface TreeWalk {
  readonly found: readonly Published[]
  /** Names with more than one record, which count as having none. */
  readonly doubled: readonly string[]
  /** Names whose record is invalid as a whole. */
  readonly invalid: readonly string[]
  /** Names that were asked for. */
  readonly asked: number
  readonly failure?: string
}

/** What receivers do with mail from a domain. */
export interface DmarcFinding {
  /** What becomes of mail that fails; undefined where no record says. */
  readonly policy?: DmarcPolicy
  /** Where the record is, and which tag of it decides. */
  readonly policyDomain?: string
  readonly tag?: 'p' | 'sp' | 'np'
  /** `t=y`: the policy is a step weaker than it reads. */
  readonly isTest: boolean
  readonly record?: DmarcRecord
  /** Undefined where the walk could not be finished. */
  readonly organization?: string
  readonly doubled: readonly string[]
  readonly invalid: readonly string[]
  /** Why it could not be told. */
  readonly failure?: string
}

const WEAKER = { none: 'none', quarantine: 'none', reject: 'quarantine' } as const

/** Finds the DMARC policy of a domain as a receiver does (RFC 9989, section 4.10). Never throws. */
export async function discoverDmarc(domain: string, find: Lookup): Promise<DmarcFinding> {
  const walk = await walkUp(domain, find)
  const { found, doubled, invalid, failure } = walk
  const own = found[0]?.domain === domain ? found[0] : undefined
  const about = { doubled, invalid, isTest: false }
  if (failure !== undefined && own === undefined) return { ...about, failure }
  const organization = failure === undefined ? organizationIn(domain, found) : undefined
  const published = own ?? publishedFor(organization ?? domain, found)
  const place = organization === undefined ? {} : { organization }
  if (published === undefined) return { ...about, ...place }
  const { record } = published
  const policies = policiesOf(record)
  const known = { ...about, ...place, record, policyDomain: published.domain, isTest: record.tags.get('t') === 'y' }
  if (policies === undefined) return known
  const { p, sp, np } = policies
  let [policy, tag]: [DmarcPolicy, 'p' | 'sp' | 'np'] = [p, 'p']
  if (published.domain !== domain) {
    if (sp !== undefined) [policy, tag] = [sp, 'sp']
    if (np !== undefined) {
      const there = await isThere(domain, find)
      if (typeof there !== 'boolean' && np !== policy) return { ...known, failure: there.failure }
      if (there === false) [policy, tag] = [np, 'np']
    }
  }
  return { ...known, policy: known.isTest ? WEAKER[policy] : policy, tag }
}

/** The organizational domain of a name (RFC 9989, section 4.10.2); undefined where a server does not answer. */
export async function organizationOf(domain: string, find: Lookup): Promise<string | undefined> {
  const { found, failure } = await walkUp(domain, find)
  return failure === undefined ? organizationIn(domain, found) : undefined
}

/** From a name upwards, until a record says that it is the end or the labels do. */
async function walkUp(domain: string, find: Lookup): Promise<TreeWalk> {
  const found: Published[] = []
  const [doubled, invalid]: [string[], string[]] = [[], []]
  let labels = domain.split('.')
  let asked = 0
  while (labels.length > 0) {
    const name = labels.join('.')
    const texts = await recordsAt(name, find)
    asked += 1
    if ('failure' in texts) return { found, doubled, invalid, asked, failure: texts.failure }
    const [text, second] = texts.records
    const record = text === undefined || second !== undefined ? undefined : readDmarc(text)
    if (second !== undefined) doubled.push(name)
    else if (text !== undefined && record === undefined) invalid.push(name)
    if (record !== undefined) {
      found.push({ domain: name, record })
      const psd = record.tags.get('psd')
      if (psd === 'y' || psd === 'n') break
    }
    labels = labels.length > MOST_LABELS ? labels.slice(-MOST_LABELS) : labels.slice(1)
  }
  return { found, doubled, invalid, asked }
}

/** The texts of DMARC records at `_dmarc` of a name. */
async function recordsAt(
  name: string,
  find: Lookup,
): Promise<{ readonly records: readonly string[] } | { readonly failure: string }> {
  const place = `_dmarc.${name}`
  if (!isAskable(place)) return { records: [] }
  const found = await find(place, 'TXT')
  if (found.state === 'failed') return { failure: `${place}: ${found.why}` }
  const texts = textsIn(found).map((strings) => strings.join('').trim())
  return { records: texts.filter(isDmarcRecord) }
}

function organizationIn(domain: string, found: readonly Published[]): string {
  for (const { domain: at, record } of found) {
    const psd = record.tags.get('psd')
    if (psd === 'n') return at
    if (psd === 'y' && at !== domain)
      return domain
        .split('.')
        .slice(-at.split('.').length - 1)
        .join('.')
  }
  return found.at(-1)?.domain ?? domain
}

/** The record of the organizational domain, or else that of the public suffix above it. */
function publishedFor(organization: string, found: readonly Published[]): Published | undefined {
  const last = found.at(-1)
  return (
    found.find(({ domain }) => domain === organization) ?? (last?.record.tags.get('psd') === 'y' ? last : undefined)
  )
}

/** True for a name with any record at all (RFC 9989, appendix A.4); an alias counts even where its target is gone. */
async function isThere(domain: string, find: Lookup): Promise<boolean | { readonly failure: string }> {
  if (!isAskable(domain)) return false
  for (const type of ['A', 'CNAME'] as const) {
    const found = await find(domain, type)
    if (found.state === 'failed') return { failure: `${domain}: ${found.why}` }
    if (found.state === 'found' || (type === 'A' && found.state === 'nothing')) return true
  }
  return false
}
