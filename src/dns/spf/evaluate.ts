import { type Lookup, textsIn } from '../lookup/lookup.ts'
import { expandedName, isTarget } from './domain-spec.ts'
import { isSpfRecord, type SpfFault, type SpfLookup, type SpfQualifier, type SpfTerm, termsOf } from './terms.ts'

/** What a receiver makes of it, for an address that no network of the record has. */
type SpfResult = SpfQualifier | 'none' | 'permerror' | 'temperror'

/** A record with what it brings in; `lookups` counts its own terms and theirs. */
export interface SpfNode {
  readonly domain: string
  /** The records that were found, each as its strings; one is right. */
  readonly records: readonly (readonly string[])[]
  readonly result: SpfResult
  readonly faults: readonly SpfFault[]
  readonly lookups: number
  readonly children: readonly SpfBranch[]
}

/** A term that brings in another record. */
interface SpfBranch {
  readonly term: string
  /** Undefined where what is brought in depends on who sends. */
  readonly node?: SpfNode
}

/** A walk through the record of a domain. */
export interface SpfTree {
  readonly root: SpfNode
  readonly result: SpfResult
  /** Terms that cost a look-up, in all that is brought in. A receiver stops at the eleventh. */
  readonly lookups: number
  /** Look-ups that found nothing. A receiver stops at the third. */
  readonly voids: readonly string[]
  /** Terms that cost a look-up of the sender's host name, which nobody should do. */
  readonly ptr: readonly string[]
  /** Names whose record brings itself in. */
  readonly loops: readonly string[]
  /** Why the walk could not be finished. */
  readonly failure?: string
}

/** How much of a tree is walked: far more than any receiver does, and an end of it. */
const MOST_LOOKUPS = 100

/** The limits of RFC 7208, section 4.6.4. */
export const SPF_LIMITS = { lookups: 10, voids: 2 } as const
const MOST_HOSTS = 10

interface Walk {
  readonly find: Lookup
  lookups: number
  readonly voids: string[]
  readonly ptr: string[]
  readonly loops: string[]
  failure?: string
}

/** Walks through the SPF record of a domain as a receiver does, for an address that nothing matches, and counts. Never throws. */
export async function walkSpf(domain: string, find: Lookup): Promise<SpfTree> {
  const walk: Walk = { find, lookups: 0, voids: [], ptr: [], loops: [] }
  const root = await nodeOf(domain, walk, [])
  const isOver = walk.lookups > SPF_LIMITS.lookups || walk.voids.length > SPF_LIMITS.voids
  const { failure, lookups, voids, ptr, loops } = walk
  const result = isOver ? 'permerror' : root.result
  return { root, result, lookups, voids, ptr, loops, ...(failure === undefined ? {} : { failure }) }
}

async function nodeOf(domain: string, walk: Walk, above: readonly string[]): Promise<SpfNode> {
  const before = walk.lookups
  const empty = { domain, records: [], faults: [], children: [] }
  const found = await walk.find(domain, 'TXT')
  if (found.state === 'failed') {
    walk.failure ??= `${domain}: ${found.why}`
    return { ...empty, result: 'temperror', lookups: 0 }
  }
  if (found.state !== 'found' && above.length > 0) walk.voids.push(domain)
  const records = textsIn(found).filter((strings) => isSpfRecord(strings.join('')))
  const [record, second] = records
  if (record === undefined) return { ...empty, result: 'none', lookups: 0 }
  const text = record.join('')
  const { terms, faults } = termsOf(text)
  const isBroken = second !== undefined || /[^\x20-\x7e]/.test(text) || faults.some(isFatal)
  const children: SpfBranch[] = []
  const result = await evaluated(domain, terms, { walk, above, children })
  return { domain, records, faults, children, lookups: walk.lookups - before, result: isBroken ? 'permerror' : result }
}

/** A mechanism written with "=" is an unknown modifier: skipped, and no error. */
export function isFatal({ why }: SpfFault): boolean {
  return !why.endsWith('is skipped')
}

interface Around {
  readonly walk: Walk
  readonly above: readonly string[]
  readonly children: SpfBranch[]
}

/** One term after the other, until one decides; a broken one is passed by, so that the rest is counted as well. */
async function evaluated(domain: string, terms: readonly SpfTerm[], around: Around): Promise<SpfResult> {
  let broken: SpfResult | undefined
  for (const term of terms) {
    if (term.kind === 'modifier') continue
    const result = term.kind === 'lookup' ? await lookupResult(domain, term, around) : plainResult(term)
    if (result === 'permerror' || result === 'temperror') broken ??= result
    else if (result !== undefined) return broken ?? result
  }
  const redirect = terms.find((term) => term.name === 'redirect')
  if (redirect?.kind !== 'modifier') return broken ?? 'neutral'
  const node = await broughtIn(redirect.text, redirect.value, domain, around)
  if (node === 'open') return broken ?? 'neutral'
  const result = node === 'loop' || node === 'invalid' || node.result === 'none' ? 'permerror' : node.result
  return broken ?? result
}

/** An address that nothing matches is in no network, and one of all. */
function plainResult({ name, qualifier }: Extract<SpfTerm, { readonly kind: 'plain' }>): SpfResult | undefined {
  return name === 'all' ? qualifier : undefined
}

/** What a mechanism decides that has to look something up; undefined where it does not match. */
async function lookupResult(domain: string, term: SpfLookup, around: Around): Promise<SpfResult | undefined> {
  const { walk } = around
  if (term.name === 'include') {
    const node = await broughtIn(term.text, term.domain ?? '', domain, around)
    if (node === 'open') return undefined
    if (node === 'loop' || node === 'invalid' || node.result === 'none') return 'permerror'
    if (node.result === 'permerror' || node.result === 'temperror') return node.result
    return node.result === 'pass' ? term.qualifier : undefined
  }
  const name = expandedName(term.domain ?? domain, domain)
  if (name !== undefined && !isTarget(name)) return undefined
  if (term.name === 'ptr') walk.ptr.push(`${domain}: ${term.text}`)
  walk.lookups += 1
  if (term.name === 'ptr' || name === undefined || walk.lookups > MOST_LOOKUPS) return undefined
  const found = await walk.find(name, term.name === 'mx' ? 'MX' : 'A')
  if (found.state === 'failed') {
    walk.failure ??= `${name}: ${found.why}`
    return 'temperror'
  }
  if (found.state !== 'found') {
    walk.voids.push(name)
    return undefined
  }
  if (term.name === 'exists') return term.qualifier
  return term.name === 'mx' && found.answers.filter(hasHost).length > MOST_HOSTS ? 'permerror' : undefined
}

function hasHost(answer: { readonly type: string; readonly target?: string }): boolean {
  return answer.type === 'MX' && answer.target !== ''
}

/** The record that a term brings in. `open`: which one depends on the sender. `loop`: it is being walked through already. */
async function broughtIn(
  term: string,
  spec: string,
  domain: string,
  { walk, above, children }: Around,
): Promise<SpfNode | 'open' | 'loop' | 'invalid'> {
  const name = expandedName(spec, domain)
  if (name !== undefined && !isTarget(name)) return 'invalid'
  walk.lookups += 1
  if (name === undefined || walk.lookups > MOST_LOOKUPS) {
    children.push({ term })
    return 'open'
  }
  const path = [...above, domain]
  if (path.includes(name)) {
    walk.loops.push(name)
    // A receiver goes round until it has had enough.
    walk.lookups = Math.max(walk.lookups, SPF_LIMITS.lookups + 1)
    return 'loop'
  }
  const node = await nodeOf(name, walk, path)
  children.push({ term, node })
  return node
}
