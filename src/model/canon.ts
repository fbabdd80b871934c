import { isIP, isIPv4 } from 'node:net'
import { domainToASCII } from 'node:url'
import type { Field, Format } from './field.ts'
import { parsePeriod, wirePeriod } from './period.ts'
import { revealed, Secret } from './secret.ts'
import { oddities } from './visible.ts'

const LABELS = /^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/
const LOCAL = /^[^\s@"(),:;<>[\\\]]{1,64}$/

/** A domain in lower case and ASCII form (IDN as punycode), or undefined if it is none; an IP address is none. */
export function canonicalDomain(text: string): string | undefined {
  const plain = text.trim().replace(/\.$/, '')
  if (!/^[\p{L}\p{M}\p{N}._-]+$/u.test(plain)) return undefined // whatever follows `#`, `?` or `:` would be cut off without a word
  const ascii = domainToASCII(plain).toLowerCase()
  return LABELS.test(ascii) && !/(?:^|\.)\d+$/.test(ascii) ? ascii : undefined
}

/** An e-mail address in lower case with its domain in ASCII form, or undefined if it is none. */
export function canonicalEmail(text: string): string | undefined {
  const at = text.lastIndexOf('@')
  if (at < 1 || oddities(text) !== undefined || text.startsWith('*@')) return undefined
  const domain = canonicalDomain(text.slice(at + 1))
  const local = text.slice(0, at).trimStart()
  return domain !== undefined && LOCAL.test(local) ? `${local.toLowerCase()}@${domain}` : undefined
}

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

/** True if an address lies in a network; false for a text that is neither. */
export function cidrContains(network: string, one: string): boolean {
  const [base = '', bits] = (canonicalCidr(network) ?? '').split('/')
  const address = canonicalCidr(one) ?? ''
  if (isIP(base) === 0 || isIP(base) !== isIP(address)) return false
  const width = isIPv4(base) ? 32 : 128
  const shift = BigInt(width - (bits === undefined ? width : Number(bits)))
  return addressNumber(base) >> shift === addressNumber(address) >> shift
}

function ipv4Text(number: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((number >> shift) & 255n)).join('.')
}

function ipv6Text(number: bigint): string {
  return Array.from({ length: 8 }, (_, at) => ((number >> BigInt(112 - at * 16)) & 0xffffn).toString(16)).join(':')
}

function addressNumber(address: string): bigint {
  if (isIPv4(address)) return address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n)
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const middle = tail === undefined ? [] : Array.from({ length: 8 - left.length - right.length }, () => '0')
  return [...left, ...middle, ...right].reduce((sum, part) => sum * 65_536n + BigInt(`0x${part}`), 0n)
}

/** True for an http or https URL; `userinfo` is the API's own way to write basic auth. */
export function isUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname } = new URL(text)
  return (protocol === 'https:' || protocol === 'http:') && hostname !== ''
}

/** A URL in the form in which two are compared: scheme and host in lower case and ASCII, no default port, and a path of at least "/"; all that follows stays as it is. */
export function canonicalUrl(text: string): string | undefined {
  const plain = text.trim()
  const found = /^([a-z][a-z0-9+.-]*):\/\/([^/?#\\]*)(.*)$/is.exec(plain)
  if (found === null || !isUrl(plain) || oddities(plain) !== undefined || /\s/.test(plain)) return undefined
  const [, scheme = '', authority = '', rest = ''] = found
  const login = authority.slice(0, authority.lastIndexOf('@') + 1)
  const way = rest.startsWith('/') ? rest : `/${rest}`
  return `${scheme.toLowerCase()}://${login}${new URL(plain).host}${way}`
}

/** A formatted text in the one form that is compared and sent; undefined if it is not of the format. */
export function canonicalText(format: Format, text: string): string | undefined {
  switch (format) {
    case 'email':
      return canonicalEmail(text)
    case 'domain':
      return canonicalDomain(text)
    case 'hostname':
      return isIP(text) !== 0 || /^[a-z0-9-]+$/i.test(text) ? text.toLowerCase() : canonicalDomain(text)
    case 'sender':
      return text.includes('@') ? canonicalEmail(text) : canonicalDomain(text)
    case 'url':
      return canonicalUrl(text)
    case 'cidr':
      return canonicalCidr(text)
    case 'period': {
      const seconds = parsePeriod(text)
      return seconds === undefined || seconds === 0 ? undefined : wirePeriod(seconds)
    }
  }
}

/** A key in the form in which two keys are compared. */
export function canonicalKey(field: Field, key: string): string {
  const formatted = field.format === undefined ? key : (canonicalText(field.format, key) ?? key)
  return field.caseless === true ? formatted.toLowerCase() : formatted
}

/** A glob over keys in the form of the keys, part by part: what stands between two stars need not be a whole key. */
export function canonicalGlob(field: Field, glob: string): string {
  if (!glob.includes('*')) return canonicalKey(field, glob)
  const { format } = field
  if (format === undefined) return field.caseless === true ? glob.toLowerCase() : glob
  if (format === 'cidr' || format === 'period') return glob
  return glob
    .split('*')
    .map((part) =>
      part
        .split(/([./@:])/)
        .map((label) => (/^\p{ASCII}*$/u.test(label) ? label : domainToASCII(label) || label))
        .join(''),
    )
    .join('*')
    .toLowerCase()
}

/** A value in the one form in which two are compared: sets sorted, case folded, periods as sent, `off` kept; secrets are what they are. */
export function canonical(field: Field, value: unknown): unknown {
  if (value instanceof Secret) return canonical(field, value.reveal())
  if (value === undefined || value === null) return value === null && field.clearable === true ? '' : value
  switch (field.type) {
    case 'string':
      return typeof value === 'string' ? canonicalKey(field, value) : value
    case 'text':
      return typeof value === 'string' ? value.replaceAll('\r\n', '\n') : value
    case 'integer':
    case 'boolean':
    case 'enum':
      return value
    case 'set':
      return Array.isArray(value) ? distinct(value.map((item) => canonical(field.items, item))) : value
    case 'list':
      return Array.isArray(value) ? value.map((item) => canonical(field.items, item)) : value
    case 'object':
      return isRecord(value) ? mapEntries(value, (item, name) => canonicalMember(field.fields[name], item)) : value
    case 'record':
      return sorted(revealed(value))
  }
}

function canonicalMember(field: Field | undefined, value: unknown): unknown {
  return field === undefined ? value : canonical(field, value)
}

function distinct(items: readonly unknown[]): unknown[] {
  const byText = new Map(items.map((item) => [typeof item === 'string' ? item : JSON.stringify(item), item]))
  return [...byText].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, item]) => item)
}

/** True for a plain JSON object. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Secret)
}

/** The same keys in the same order, each value replaced. */
export function mapEntries(
  record: Readonly<Record<string, unknown>>,
  change: (value: unknown, name: string) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value, name)]))
}

/** JSON with its keys in order all the way down, so that equal values have equal texts. */
export function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isRecord(value)) return value
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((name) => [name, sorted(value[name])]),
  )
}

/** True if two values of a field mean the same. */
export function isSame(field: Field, a: unknown, b: unknown): boolean {
  if (a === b) return true
  const left = canonical(field, a)
  const right = canonical(field, b)
  return left === right || JSON.stringify(sorted(left)) === JSON.stringify(sorted(right))
}
