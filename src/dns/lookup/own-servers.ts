import { isWithin, parentsOf } from '../names/name.ts'
import { ask, type Patience } from '../wire/ask.ts'
import type { Reply } from '../wire/message.ts'
import { type DnsServer, serverAt } from '../wire/server.ts'
import { addressesIn, type Lookup } from './lookup.ts'

/** The zone that a name is in, and the servers that speak for it. */
export interface OwnServers {
  readonly zone: string
  readonly servers: readonly DnsServer[]
  /** Name servers of the zone that have no address. */
  readonly unknown: readonly string[]
}

/** What a search for servers needs. */
interface Search {
  readonly resolvers: readonly DnsServer[]
  readonly lookup: Lookup
  readonly patience: Patience
  /** Where name servers listen; everywhere but in a test it is 53. */
  readonly port: number
}

/** The name servers of the zone that a name is in, found at its cut; or why they cannot be found. */
export async function ownServers(name: string, search: Search): Promise<OwnServers | { readonly why: string }> {
  const zone = await zoneOf(name, search)
  if (typeof zone !== 'string') return zone
  const found = await search.lookup(zone, 'NS')
  if (found.state === 'failed') return { why: found.why }
  const names = found.state === 'found' ? found.answers.flatMap((one) => (one.type === 'NS' ? [one.target] : [])) : []
  if (names.length === 0) return { why: `${zone} has no name servers` }
  const hosts = await Promise.all(
    [...new Set(names)].sort().map(async (host) => ({ host, addresses: await addressesOf(host, search.lookup) })),
  )
  return {
    zone,
    servers: hosts.flatMap(({ host, addresses }) =>
      addresses.slice(0, 1).map((one) => serverAt(one, search.port, host)),
    ),
    unknown: hosts.flatMap(({ host, addresses }) => (addresses.length === 0 ? [host] : [])),
  }
}

async function addressesOf(host: string, lookup: Lookup): Promise<readonly string[]> {
  const found = addressesIn(await lookup(host, 'A'))
  return found.length > 0 ? found : addressesIn(await lookup(host, 'AAAA'))
}

/** The nearest name at or above that begins a zone: the owner of the SOA record that answers name. */
async function zoneOf(name: string, search: Search): Promise<string | { readonly why: string }> {
  for (const one of [name, ...parentsOf(name)]) {
    const reply = await firstReply(one, search)
    if ('why' in reply) return reply
    const owners = [...reply.answers, ...reply.authority].flatMap((found) => (found.type === 'SOA' ? [found.name] : []))
    const owner = owners.find((zone) => zone !== '' && isWithin(one, zone))
    if (owner !== undefined) return owner
  }
  return { why: `no zone of ${name} was found` }
}

async function firstReply(name: string, { resolvers, patience }: Search): Promise<Reply | { readonly why: string }> {
  let why = 'there is no resolver'
  for (const server of resolvers) {
    const reply = await ask(server, { name, type: 'SOA', recursion: true }, patience)
    if ('why' in reply) why = `${server.name}: ${reply.why}`
    else if (reply.code === 'NOERROR' || reply.code === 'NXDOMAIN') return reply
    else why = `${server.name} answers ${reply.code}`
  }
  return { why }
}
