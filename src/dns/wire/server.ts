import { isIP, isIPv6 } from 'node:net'

/** A name server that can be asked. */
export interface DnsServer {
  readonly address: string
  readonly port: number
  /** What it is called in a report: its name, or else its address. */
  readonly name: string
}

/** Reads `192.0.2.53`, `192.0.2.53:5353`, `2001:db8::53` or `[2001:db8::53]:5353`; undefined for anything else. */
export function readServer(text: string): DnsServer | undefined {
  if (isIP(text) !== 0) return serverAt(text)
  const [, inner, plain, port] = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(text) ?? []
  const address = inner ?? plain ?? ''
  const number = port === undefined ? 53 : Number(port)
  if (isIP(address) === 0 || (inner !== undefined && !isIPv6(inner)) || number < 1 || number > 65_535) return undefined
  return serverAt(address, number)
}

/** A server by its address, with its name where it has one. */
export function serverAt(address: string, port = 53, name = formatAddress(address, port)): DnsServer {
  return { address, port, name }
}

function formatAddress(address: string, port: number): string {
  if (port === 53) return address
  return isIPv6(address) ? `[${address}]:${port}` : `${address}:${port}`
}
