import { isIP, isIPv4 } from 'node:net'
import { domainToASCII } from 'node:url'
import type { Field, Format } from './field.ts'
import { parsePeriod, wirePeriod } from './period.ts'

const LABELS = /^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/
const LOCAL = /^[^\s@"(),:;<>[\\\]]{1,64}$/

/** A domain in lower case and ASCII form (IDN as punycode), or undefined if it is none. */
export function canonicalDomain(text: string): string | undefined {
  const ascii = domainToASCII(text.trim().replace(/\.$/, '')).toLowerCase()
  return LABELS.test(ascii) ? ascii : undefined
}

/** An e-mail address in lower case with its domain in ASCII form, or undefined if it is none. */
export function canonicalEmail(text: string): string | undefined {
  const at = text.lastIndexOf('@')
  if (at < 1) return undefined
  const domain = canonicalDomain(text.slice(at + 1))
  const local = text.slice(0, at).trimStart()
  return domain !== undefined && LOCAL.test(local) ? `${local.toLowerCase()}@${domain}` : undefined
}

/** An address or network in one form: `10.0.0.1/32` is `10.0.0.1`, host bits are refused, IPv6 is compressed. */
export function canonicalCidr(text: string): string | undefined {
  const [address = '', bits, rest] = text.trim().split('/')
  const version = isIP(address)
  if (version === 0 || rest !== undefined) return undefined
  const width = version === 4 ? 32 : 128
  const prefix = bits === undefined ? width : /^\d{1,3}$/.test(bits) ? Number(bits) : -1
  if (prefix < 0 || prefix > width) return undefined
  const number = addressNumber(address)
  const shift = BigInt(width - prefix)
  if ((number >> shift) << shift !== number) return undefined
  const plain = version === 4 ? ipv4Text(number) : new URL(`http://[${address}]`).hostname.slice(1, -1)
  return prefix === width ? plain : `${plain}/${prefix}`
}

/** True if an address lies in a network. */
export function cidrContains(network: string, address: string): boolean {
  const [base = '', bits] = network.split('/')
  if (isIP(base) === 0 || isIP(base) !== isIP(address)) return false
  const width = isIPv4(base) ? 32 : 128
  const shift = BigInt(width - (bits === undefined ? width : Number(bits)))
  return addressNumber(base) >> shift === addressNumber(address) >> shift
}

function ipv4Text(number: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((number >> shift) & 255n)).join('.')
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
      return isUrl(text) ? text : undefined
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

/** A value in the one form in which two are compared: sets sorted, case folded, periods as sent, `off` kept. */
export function canonical(field: Field, value: unknown): unknown {
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
      return sorted(value)
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
  return typeof value === 'object' && value !== null && !Array.isArray(value)
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
