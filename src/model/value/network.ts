import { BlockList, isIP, isIPv4 } from 'node:net'

/** An address or network in one form: `10.0.0.1/32` is `10.0.0.1`, host bits are refused, IPv6 is compressed. */
export function canonicalCidr(text: string): string | undefined {
  const [address = '', bits, rest] = text.trim().split('/')
  const version = isIP(address)
  if (version === 0 || rest !== undefined || address.includes('%')) return undefined
  const width = version === 4 ? 32 : 128
  const prefix = bits === undefined ? width : /^\d{1,3}$/.test(bits) ? Number(bits) : -1
  if (prefix < 0 || prefix > width) return undefined
  const number = addressNumber(address)
  const shift = BigInt(width - prefix)
  if ((number >> shift) << shift !== number) return undefined
  if (version === 6 && prefix >= 96 && number >> 32n === MAPPED) {
    const inner = ipv4Text(number & 0xffff_ffffn)
    return prefix === 128 ? inner : `${inner}/${prefix - 96}`
  }
  const plain = version === 4 ? ipv4Text(number) : new URL(`http://[${address}]`).hostname.slice(1, -1)
  return prefix === width ? plain : `${plain}/${prefix}`
}

/** IPv4 inside IPv6, as `::ffff:192.0.2.1`: the first 96 bits. */
const MAPPED = 0xffffn

/** A network with host bits as it was probably meant: `10.0.0.1/24` is `10.0.0.0/24`; undefined for what is none. */
export function meantNetwork(text: string): string | undefined {
  const [address = '', bits = ''] = text.trim().split('/')
  const width = isIP(address) === 4 ? 32 : 128
  if (isIP(address) === 0 || address.includes('%') || !/^\d{1,3}$/.test(bits) || Number(bits) > width) return undefined
  const shift = BigInt(width - Number(bits))
  const number = (addressNumber(address) >> shift) << shift
  return canonicalCidr(`${width === 32 ? ipv4Text(number) : ipv6Text(number)}/${bits}`)
}

/** True for a network that no single company has: wider than /16 in IPv4, than /32 in IPv6. */
export function isWideNetwork(network: string): boolean {
  const [address = '', bits] = network.split('/')
  return bits !== undefined && Number(bits) < (address.includes(':') ? 32 : 16)
}

/** True if an address lies in a network; false for a text that is neither. */
export function cidrContains(network: string, one: string): boolean {
  const [base = '', bits] = (canonicalCidr(network) ?? '').split('/')
  const address = canonicalCidr(one) ?? ''
  const version = isIP(base)
  if (version === 0 || version !== isIP(address)) return false
  const family = version === 4 ? 'ipv4' : 'ipv6'
  const list = new BlockList()
  list.addSubnet(base, bits === undefined ? (version === 4 ? 32 : 128) : Number(bits), family)
  return list.check(address, family)
}

/** The address of a number, in canonical form. */
export function addressText(number: bigint, version: 4 | 6): string {
  return version === 4 ? ipv4Text(number) : new URL(`http://[${ipv6Text(number)}]`).hostname.slice(1, -1)
}

function ipv4Text(number: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((number >> shift) & 255n)).join('.')
}

function ipv6Text(number: bigint): string {
  return Array.from({ length: 8 }, (_, at) => ((number >> BigInt(112 - at * 16)) & 0xffffn).toString(16)).join(':')
}

/** The number of an address that is one. */
export function addressNumber(address: string): bigint {
  if (isIPv4(address)) return address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n)
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const middle = tail === undefined ? [] : Array.from({ length: 8 - left.length - right.length }, () => '0')
  return [...left, ...middle, ...right].reduce((sum, part) => sum * 65_536n + BigInt(`0x${part}`), 0n)
}
