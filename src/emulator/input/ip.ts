import { BlockList, isIP } from 'node:net'

function split(text: string): { address: string; bits: number; family: 4 | 6 } | undefined {
  const [address = '', length, rest] = text.split('/')
  const family = isIP(address)
  if (family !== 4 && family !== 6) return undefined
  const most = family === 4 ? 32 : 128
  if (rest !== undefined || (length !== undefined && !/^\d{1,3}$/.test(length))) return undefined
  const bits = length === undefined ? most : Number(length)
  return bits > most || address.includes('%') ? undefined : { address, bits, family }
}

/** Tells an IPv4 or IPv6 address, with or without a prefix length. */
export function isIpOrRange(text: string): boolean {
  return split(text) !== undefined
}

/** Tells one IP address. */
export function isIpAddress(text: string): boolean {
  return isIP(text) !== 0
}

/** The same address or range with its prefix length spelt out. */
export function withLength(text: string): string {
  const range = split(text)
  return range ? `${range.address}/${range.bits}` : text
}

/** Whether one of the addresses and ranges holds the address. */
export function holds(ranges: readonly string[], address: string): boolean {
  const block = new BlockList()
  for (const text of ranges) {
    const range = split(text)
    if (range) block.addSubnet(range.address, range.bits, range.family === 4 ? 'ipv4' : 'ipv6')
  }
  const plain = address.replace(/^::ffff:(?=\d+\.)/, '')
  return isIP(plain) !== 0 && block.check(plain, isIP(plain) === 4 ? 'ipv4' : 'ipv6')
}
