import { getServers } from 'node:dns'
import { setMaxListeners } from 'node:events'
import type { DnsWorld } from '../../dns/check/check-records.ts'
import { type DnsServer, readServer } from '../../dns/wire/server.ts'
import { Stop } from '../invocation/exit.ts'
import type { Invocation } from '../invocation/invocation.ts'

/** How long a server may take to answer where `--timeout` does not say, in milliseconds. */
const PATIENCE_MS = 5000

/** Who is asked about DNS: the servers of the command line, or else the resolvers of this machine. */
export function dnsWorld(
  { io, options }: Pick<Invocation, 'io' | 'options'>,
  timeoutMs: number = options.timeout ?? PATIENCE_MS,
): DnsWorld {
  const given = options.resolver.map((text) => serverOf('--resolver', text))
  return {
    resolvers: given.length > 0 ? given : systemResolvers(),
    nameservers: options.nameserver.map((text) => serverOf('--nameserver', text)),
    patience: { timeoutMs, signal: manyListeners(io.signal) },
  }
}

/** A signal of its own, which every question on the way listens to. */
function manyListeners(signal: AbortSignal): AbortSignal {
  const own = AbortSignal.any([signal])
  setMaxListeners(0, own)
  return own
}

function serverOf(option: string, text: string): DnsServer {
  const server = readServer(text)
  if (server !== undefined) return server
  throw new Stop(`"${text}" of ${option} is not the address of a name server`, {
    hint: 'write an IP address, with a port where it is not 53: 192.0.2.53, 192.0.2.53:5353 or [2001:db8::53]:5353',
  })
}

function systemResolvers(): DnsServer[] {
  return getServers().flatMap((text) => readServer(text.replace(/%[^\]:]+/, '')) ?? [])
}
