import type { Lookup } from '../lookup/lookup.ts'
import { addressesIn, textsIn } from '../lookup/lookup.ts'
import { foundIn } from '../lookup/resolver.ts'
import { isWithin, parentsOf } from '../names/name.ts'
import { ask, type Patience } from '../wire/ask.ts'
import type { RecordType, Reply } from '../wire/message.ts'
import type { DnsServer } from '../wire/server.ts'
import { proxyAt } from './proxies.ts'

/** What one server says of one record. */
export type Seen = { readonly server: DnsServer } & (
  | { readonly state: 'right' }
  /** `remembers`: how many seconds a resolver may keep this answer. */
  | { readonly state: 'wrong' | 'flattened' | 'missing'; readonly reason: string; readonly remembers?: number }
  | { readonly state: 'silent'; readonly reason: string }
)

/** A CNAME that should be there. */
interface Expected {
  readonly name: string
  readonly value: string
  /** The sender domain that it belongs to. */
  readonly domain: string
}

/** How a server is asked. */
interface Asking {
  /** `own`: one of the domain's name servers, for what it has itself. `resolver`: one that asks others. */
  readonly as: 'own' | 'resolver'
  readonly patience: Patience
  /** For the addresses of the target. */
  readonly lookup: Lookup
}

/** Asks one server for one record, and where it has none, for what may stand there instead. */
export async function observe(server: DnsServer, expected: Expected, asking: Asking): Promise<Seen> {
  const inquire = (name: string, type: RecordType) =>
    ask(server, { name, type, recursion: asking.as === 'resolver' }, asking.patience)
  const reply = await inquire(expected.name, 'CNAME')
  const failure = failureOf(reply, asking.as)
  if (failure !== undefined || 'why' in reply)
    return { server, state: 'silent', reason: failure ?? 'it does not answer' }
  const cname = reply.answers.find((one) => one.type === 'CNAME' && one.name === expected.name)
  if (cname?.type === 'CNAME') {
    if (cname.target === expected.value) return { server, state: 'right' }
    return { server, state: 'wrong', reason: wrongTarget(cname.target, expected), remembers: cname.ttl }
  }
  const delegated = reply.authority.find((one) => one.type === 'NS' && isWithin(expected.name, one.name))
  if (asking.as === 'own' && !reply.isAuthoritative && delegated !== undefined)
    return {
      server,
      state: 'wrong',
      reason: `${delegated.name} is delegated to other name servers (NS)`,
      remembers: delegated.ttl,
    }
  const instead = reply.code === 'NXDOMAIN' ? undefined : await insteadOf(expected, inquire, asking.lookup)
  if (instead !== undefined) return { server, ...instead }
  const soa = reply.authority.find((one) => one.type === 'SOA')
  const remembers = soa?.type === 'SOA' ? { remembers: Math.min(soa.ttl, soa.minimum) } : {}
  return { server, ...(await absence(expected, inquire)), ...remembers }
}

/** Why a reply is none: nothing came, it was refused, or the server does not speak for the zone. */
function failureOf(reply: Reply | { readonly why: string }, as: Asking['as']): string | undefined {
  if ('why' in reply) return reply.why
  const { code, isAuthoritative, answers, authority } = reply
  if (code !== 'NOERROR' && code !== 'NXDOMAIN') return `it answers ${code}`
  if (as === 'resolver' || isAuthoritative || answers.length > 0) return undefined
  return authority.some(({ type }) => type === 'NS') ? undefined : 'it does not speak for the zone'
}

type Inquire = (name: string, type: RecordType) => Promise<Reply | { readonly why: string }>
type Instead = { readonly state: 'wrong' | 'flattened'; readonly reason: string; readonly remembers?: number }

/** What stands at a name that has no CNAME: addresses or a text. */
async function insteadOf({ name, value }: Expected, inquire: Inquire, lookup: Lookup): Promise<Instead | undefined> {
  for (const type of ['A', 'AAAA'] as const) {
    const reply = await inquire(name, type)
    const found = 'why' in reply ? undefined : foundIn(reply, name, type)
    const [address] = found === undefined ? [] : addressesIn(found)
    if (address === undefined || found?.state !== 'found') continue
    const remembers = found.answers[0]?.ttl ?? 0
    const proxy = proxyAt(address)
    if (proxy !== undefined)
      return {
        state: 'flattened',
        reason: `an address of ${proxy}'s proxy instead: the service does not verify it; switch the proxy off for this record`,
        remembers,
      }
    const targets = addressesIn(await lookup(value, type))
    return targets.includes(address)
      ? {
          state: 'flattened',
          reason: 'an address instead: the service does not verify it; switch the flattening or the proxy off',
          remembers,
        }
      : { state: 'wrong', reason: `has the address ${address} instead of a CNAME`, remembers }
  }
  const reply = await inquire(name, 'TXT')
  const found = 'why' in reply ? undefined : foundIn(reply, name, 'TXT')
  const [text] = found === undefined ? [] : textsIn(found)
  if (text === undefined || found?.state !== 'found') return undefined
  const isMeant = text.join('').replace(/\.$/, '').toLowerCase() === value
  const what = isMeant ? 'the target is in a TXT record' : 'there is a TXT record'
  return {
    state: 'wrong',
    reason: `${what} instead of a CNAME; change the type`,
    remembers: found.answers[0]?.ttl ?? 0,
  }
}

/** Nothing is there; but perhaps one name further, where a host appends the zone to a name that had it already. */
async function absence({ name, value, domain }: Expected, inquire: Inquire) {
  for (const zone of zonesOf(domain)) {
    const doubled = `${name}.${zone}`
    const reply = await inquire(doubled, 'CNAME')
    if ('why' in reply) continue
    const found = reply.answers.find((one) => one.type === 'CNAME' && one.name === doubled)
    if (found?.type !== 'CNAME') continue
    const also = found.target === value ? '' : ', and points elsewhere'
    return {
      state: 'wrong',
      reason: `is published as ${doubled}${also}: the host appends the zone, so leave ${zone} off the name`,
    } as const
  }
  return { state: 'missing', reason: 'is not there' } as const
}

/** The zones that a domain may be in: itself and its parents, without the top-level domain. */
function zonesOf(domain: string): string[] {
  return [domain, ...parentsOf(domain).filter((parent) => parent.includes('.'))]
}

/** What is wrong with a target, where that can be told. */
function wrongTarget(target: string, { value, domain }: Expected): string {
  const appended = zonesOf(domain).find((zone) => target === `${value}.${zone}`)
  if (appended !== undefined)
    return `is ${target}: the host appends the zone, so end the target with a dot, or leave the zone off where the host asks for that`
  const [, stem] = /^(.+)\.[^.]+$/.exec(value) ?? []
  if (stem !== undefined && /^[^.]+$/.test(target.slice(stem.length + 1)) && target.startsWith(`${stem}.`))
    return `is ${target}: an old top-level domain; the target is ${value} now`
  return `is ${target}`
}
