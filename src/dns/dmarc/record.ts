/** What a receiver does with mail that fails. */
export type DmarcPolicy = 'none' | 'quarantine' | 'reject'

/** A DMARC record, by its tags as they were written. */
export interface DmarcRecord {
  readonly text: string
  readonly tags: ReadonlyMap<string, string>
  /** Parts that are no tags. */
  readonly strays: readonly string[]
}

/** What a record asks for (RFC 9989, section 4.10.1). */
interface DmarcPolicies {
  readonly p: DmarcPolicy
  readonly sp?: DmarcPolicy
  readonly np?: DmarcPolicy
}

const VERSION = /^v[ \t]*=[ \t]*DMARC1[ \t]*(?:;|$)/
const CASELESS = new Set(['p', 'sp', 'np', 'adkim', 'aspf', 'fo', 'rf', 't', 'psd'])

/** True for the text of a DMARC record: its version comes first, in capitals. */
export function isDmarcRecord(text: string): boolean {
  return VERSION.test(text.replace(/^V/, 'v'))
}

/** The tags of a record; undefined where one stands twice, which makes all of it invalid (RFC 6376, section 3.2). */
export function readDmarc(text: string): DmarcRecord | undefined {
  const tags = new Map<string, string>()
  const strays: string[] = []
  const parts = text
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '')
  for (const [at, part] of parts.entries()) {
    const [, word, value = ''] = /^([^=]+)=(.*)$/s.exec(part) ?? []
    if (word === undefined) {
      strays.push(part)
      continue
    }
    const name = at === 0 ? word.trim().toLowerCase() : word.trim()
    if (tags.has(name)) return undefined
    tags.set(name, CASELESS.has(name) ? value.trim().toLowerCase() : value.trim())
  }
  return { text, tags, strays }
}

/** The policies of a record. Broken ones count as "none" where it asks for reports; else the record is ignored, and there are none. */
export function policiesOf({ tags }: DmarcRecord): DmarcPolicies | undefined {
  const [p, sp, np] = [tags.get('p'), tags.get('sp'), tags.get('np')]
  if (isPolicy(p) && (sp === undefined || isPolicy(sp)) && (np === undefined || isPolicy(np)))
    return { p, ...(sp === undefined ? {} : { sp }), ...(np === undefined ? {} : { np }) }
  const asks = (tags.get('rua') ?? '').split(',').some((uri) => REPORT_URI.test(uri.trim().replace(SIZE, '')))
  return asks ? { p: 'none' } : undefined
}

const REPORT_URI = /^[a-z][a-z0-9+.-]*:(?:[a-z0-9\-._~:/?#[\]@$&'()*+;=]|%[0-9a-f]{2})*$/i
const SIZE = /!\d+[kmgt]?$/i

/** True for a policy that there is. */
export function isPolicy(text: string | undefined): text is DmarcPolicy {
  return text === 'none' || text === 'quarantine' || text === 'reject'
}

/** The hosts to which reports go, each with the address as it stands in the record. */
export function reportHosts({ tags }: DmarcRecord): { readonly uri: string; readonly host: string }[] {
  return ['rua', 'ruf'].flatMap((tag) =>
    (tags.get(tag) ?? '').split(',').flatMap((one) => {
      const uri = one.trim().replace(SIZE, '')
      const [, host] = /^mailto:[^@]+@([^@?]+)(?:\?.*)?$/i.exec(uri) ?? []
      return host === undefined ? [] : [{ uri, host: host.toLowerCase().replace(/\.$/, '') }]
    }),
  )
}
