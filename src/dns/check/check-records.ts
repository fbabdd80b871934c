import { type OwnServers, ownServers } from '../lookup/own-servers.ts'
import { lookupAt } from '../lookup/resolver.ts'
import { parentsOf } from '../names/name.ts'
import type { Patience } from '../wire/ask.ts'
import { type DnsServer, serverAt } from '../wire/server.ts'
import { observe, type Seen } from './observe.ts'
import { type Judged, judge } from './verdict.ts'

/** Who is asked. */
export interface DnsWorld {
  readonly resolvers: readonly DnsServer[]
  /** Asked instead of the domain's own name servers, where it is given. */
  readonly nameservers: readonly DnsServer[]
  readonly patience: Patience
  /** Where the domain's own name servers listen, in a test; 53. */
  readonly ownPort?: number
}

/** A CNAME that a domain needs. */
interface NeededRecord {
  readonly name: string
  readonly value: string
}

/** What the servers say of the records of a domain. */
export interface RecordsCheck<R extends NeededRecord> {
  /** The servers that were asked, by name. */
  readonly asked: readonly string[]
  readonly records: readonly (R & Judged)[]
}

/** Looks for each record at each of the domain's own name servers and at each resolver. Never throws. */
export async function checkRecords<R extends NeededRecord>(
  domain: string,
  records: readonly R[],
  world: DnsWorld,
): Promise<RecordsCheck<R>> {
  const { resolvers, patience } = world
  const lookup = lookupAt(resolvers, patience)
  const asked = new Set<string>()
  const search = { resolvers, lookup, patience, port: world.ownPort ?? 53 }
  const cuts = new Map<string, Promise<OwnServers | { readonly why: string }>>()
  const serversFor = (name: string) => {
    const above = parentsOf(name)[0] ?? name
    const known = cuts.get(above) ?? ownServers(above, search)
    cuts.set(above, known)
    return known
  }
  const judged = await Promise.all(
    records.map(async (record) => {
      const expected = { name: record.name, value: record.value, domain }
      const found =
        world.nameservers.length > 0 ? { servers: world.nameservers, unknown: [] } : await serversFor(record.name)
      if ('why' in found)
        return { ...record, verdict: 'unreachable' as const, reason: `its name servers cannot be found: ${found.why}` }
      const [own, others] = await Promise.all([
        Promise.all(found.servers.map((one) => observe(one, expected, { as: 'own', patience, lookup }))),
        Promise.all(resolvers.map((one) => observe(one, expected, { as: 'resolver', patience, lookup }))),
      ])
      for (const { server } of [...own, ...others]) asked.add(server.name)
      const lost = found.unknown.map((host): Seen => lostServer(host))
      return { ...record, ...judge([...own, ...lost], others) }
    }),
  )
  return { asked: [...asked], records: judged }
}

function lostServer(host: string): Seen {
  return { server: serverAt('', 53, host), state: 'silent', reason: 'it has no address' }
}
