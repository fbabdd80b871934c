import type { Seen } from './observe.ts'

/** What is the matter with a record, all servers together. */
type RecordVerdict = 'right' | 'missing' | 'wrong' | 'spreading' | 'flattened' | 'unreachable'

/** A verdict, with its reason where there is more to say. */
export interface Judged {
  readonly verdict: RecordVerdict
  readonly reason?: string
  /** How many seconds it may take until every resolver has what is right, once all name servers have it. */
  readonly waitSeconds?: number
}

/** What the domain's own name servers and the resolvers say, as one verdict. The name servers decide; a resolver can only lag. */
export function judge(own: readonly Seen[], resolvers: readonly Seen[]): Judged {
  const heard = own.filter(({ state }) => state !== 'silent')
  const late = resolvers.filter(isDiffering)
  if (heard.length === 0) {
    const says = resolvers.some(({ state }) => state === 'right') ? '; the resolver has it right' : ''
    return { verdict: 'unreachable', reason: `${silence(own)}${says}` }
  }
  const differing = heard.filter(isDiffering)
  if (differing.length === heard.length) {
    const worst = differing.find(({ state }) => state !== 'missing') ?? differing[0]
    if (worst !== undefined) return { verdict: worst.state, reason: withOthers(worst, differing) }
  }
  if (differing.length > 0) return spreading(differing, silent(own))
  if (late.length > 0) return spreading(late, silent(own))
  const quiet = silent(own)
  return quiet === undefined ? { verdict: 'right' } : { verdict: 'right', reason: quiet }
}

/** The reason of one server, and where others say something else. */
function withOthers(worst: Differing, all: readonly Differing[]): string {
  const others = all.filter(({ state, reason }) => state !== worst.state || reason !== worst.reason)
  if (others.length === 0) return worst.reason
  return `at ${worst.server.name} it ${said(worst.reason)}; ${others.map((one) => `at ${one.server.name} it ${said(one.reason)}`).join(', ')}`
}

type Differing = Extract<Seen, { readonly state: 'wrong' | 'flattened' | 'missing' }>

function isDiffering(seen: Seen): seen is Differing {
  return seen.state !== 'right' && seen.state !== 'silent'
}

function spreading(late: readonly Differing[], quiet: string | undefined): Judged {
  const waits = late.flatMap(({ remembers }) => remembers ?? [])
  const wait = waits.length === 0 ? undefined : Math.max(...waits)
  const lacking = late.filter(({ state }) => state === 'missing')
  const source = lacking.length === late.length ? 'SOA' : 'TTL'
  const parts = [
    ...(lacking.length === 0 ? [] : [`${names(lacking)} ${lacking.length === 1 ? 'lacks' : 'lack'} it`]),
    ...late
      .filter(({ state }) => state !== 'missing')
      .map(({ server, reason }) => `at ${server.name} it ${said(reason)}`),
  ]
  const until = wait === undefined ? '' : `; wait ${wait} s at most (${source})`
  return {
    verdict: 'spreading',
    reason: `${parts.join(', ')}${until}${quiet === undefined ? '' : `; ${quiet}`}`,
    ...(wait === undefined ? {} : { waitSeconds: wait }),
  }
}

function said(reason: string): string {
  return /^(?:is|has) /.test(reason) ? reason : `has ${reason}`
}

function silence(own: readonly Seen[]): string {
  return silent(own) ?? 'no name server was found'
}

/** The servers that do not answer, and why; undefined where all do. */
function silent(own: readonly Seen[]): string | undefined {
  const quiet = own.flatMap((one) => (one.state === 'silent' ? [`${one.server.name}: ${one.reason}`] : []))
  return quiet.length === 0 ? undefined : quiet.join(', ')
}

function names(seen: readonly Seen[]): string {
  return seen.map(({ server }) => server.name).join(' and ')
}
