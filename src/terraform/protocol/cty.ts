import { parseJson } from './lossless-json.ts'
import { pack, unpack } from './msgpack.ts'
import { numberOf, textOf } from './number.ts'
import { type Attribute, type CtyType, Decimal, UNKNOWN, Unknown, type Value, type ValueMap } from './plugin.ts'

/** A type on the wire: inside of a dynamic value Terraform also has tuples. */
type WireType = CtyType | readonly ['list' | 'set' | 'map', WireType] | readonly ['object', Members] | Tuple
type Members = Readonly<Record<string, WireType>>
type Tuple = readonly ['tuple', readonly WireType[]]

const INT64_MIN = -(2n ** 63n)
const UINT64_MAX = 2n ** 64n - 1n
const UINT32_MAX = 2 ** 32 - 1

/** The type of an object with these attributes. */
export function typeOf(attributes: readonly Attribute[]): CtyType {
  return ['object', Object.fromEntries(attributes.map((one) => [one.name, attributeType(one)]))]
}

function attributeType({ name, type, nested }: Attribute): CtyType {
  if (type !== undefined) return type
  if (nested === undefined) throw new Error(`the attribute "${name}" has neither a type nor nested attributes`)
  const one = typeOf(nested.attributes)
  return nested.nesting === 'single' ? one : [nested.nesting, one]
}

/** A value as MessagePack. Throws for a value of another type; attributes that are left out are null. */
export function encodeValue(type: CtyType, value: Value): Uint8Array {
  return pack(toWire(type, value, ''))
}

/** The value of a type that MessagePack, or else JSON, holds. */
export function decodeValue(
  type: CtyType,
  { msgpack, json }: { readonly msgpack: Uint8Array; readonly json: Uint8Array },
): Value {
  if (msgpack.length > 0) return fromWire(type, unpack(msgpack), '')
  return json.length > 0 ? fromWire(type, parseJson(utf8(json)), '') : null
}

function toWire(type: WireType, value: Value, at: string): unknown {
  if (value === null || value instanceof Unknown) return value
  if (type === 'dynamic') return [Buffer.from(JSON.stringify(guess(value))), toWire(guess(value), value, at)]
  if (type === 'string' || type === 'bool') {
    return typeof value === (type === 'bool' ? 'boolean' : type) ? value : mismatch(type, value, at)
  }
  if (type === 'number') return isNumber(value) ? numberToWire(value) : mismatch(type, value, at)
  if (type[0] === 'object') return isMap(value) ? objectToWire(type[1], value, at) : mismatch(type[0], value, at)
  if (type[0] === 'map') {
    const of = type[1]
    return isMap(value) ? eachEntry(value, (one, name) => toWire(of, one, `${at}.${name}`)) : mismatch('map', value, at)
  }
  if (!isList(value)) return mismatch(type[0], value, at)
  return value.map((one, index) => toWire(itemType(type, index), one, `${at}[${index}]`))
}

function objectToWire(members: Members, value: ValueMap, at: string): unknown {
  const extra = Object.keys(value).find((name) => !Object.hasOwn(members, name))
  if (extra !== undefined) throw new Error(`no attribute "${`${at}.${extra}`.slice(1)}"`)
  return eachMember(members, (type, name) => toWire(type, own(value, name), `${at}.${name}`))
}

/** Whole numbers of 64 bits as such, all others as text: Terraform reads both alike, and the text says all digits. */
function numberToWire(value: number | bigint | Decimal): number | bigint | string {
  if (value instanceof Decimal) return value.text
  if (typeof value === 'bigint') return value >= INT64_MIN && value <= UINT64_MAX ? value : textOf(value)
  if (!Number.isSafeInteger(value)) return textOf(value)
  return Math.abs(value) > UINT32_MAX / 2 ? BigInt(value) : value // the package would write a float
}

function fromWire(type: WireType, raw: unknown, at: string): Value {
  if (raw === null || raw === undefined) return null
  if (raw instanceof Unknown) return UNKNOWN
  if (type === 'dynamic') return fromDynamic(raw, at)
  if (type === 'bool') return typeof raw === 'boolean' ? raw : mismatch(type, raw, at)
  if (type === 'string') return textFrom(raw) ?? mismatch(type, raw, at)
  if (type === 'number') return numberFrom(raw) ?? mismatch(type, raw, at)
  if (type[0] === 'object') {
    return isMap(raw)
      ? eachMember(type[1], (of, name) => fromWire(of, own(raw, name), `${at}.${name}`))
      : mismatch('object', raw, at)
  }
  if (type[0] === 'map') {
    const of = type[1]
    return isMap(raw) ? eachEntry(raw, (one, name) => fromWire(of, one, `${at}.${name}`)) : mismatch('map', raw, at)
  }
  if (!isList(raw)) return mismatch(type[0], raw, at)
  return raw.map((one, index) => fromWire(itemType(type, index), one, `${at}[${index}]`))
}

/** MessagePack has `[type, value]`, JSON `{"type":…,"value":…}`. */
function fromDynamic(raw: unknown, at: string): Value {
  if (isList(raw) && raw[0] instanceof Uint8Array) {
    return fromWire(readType(JSON.parse(utf8(raw[0]))), raw[1], at)
  }
  return isMap(raw) ? fromWire(readType(raw['type']), raw['value'], at) : mismatch('dynamic', raw, at)
}

function itemType(type: readonly ['list' | 'set' | 'map', WireType] | Tuple, index: number): WireType {
  if (type[0] !== 'tuple') return type[1]
  return type[1][index] ?? 'dynamic'
}

/** The type that a dynamic value has when nothing else says it. */
function guess(value: Value): WireType {
  if (typeof value === 'string') return 'string'
  if (typeof value === 'boolean') return 'bool'
  if (isNumber(value)) return 'number'
  if (isList(value)) return ['tuple', value.map(guess)]
  return isMap(value) ? ['object', eachEntry(value, guess)] : 'dynamic'
}

/** A type from Terraform's JSON. */
function readType(json: unknown): WireType {
  if (json === 'string' || json === 'number' || json === 'bool' || json === 'dynamic') return json
  if (isList(json)) {
    const [word, of] = json
    if (word === 'list' || word === 'set' || word === 'map') return [word, readType(of)]
    if (word === 'tuple' && isList(of)) return [word, of.map(readType)]
    if (word === 'object' && isMap(of)) return [word, eachEntry(of, readType)]
  }
  throw new Error(`no type of Terraform: ${JSON.stringify(json)}`)
}

function textFrom(raw: unknown): string | undefined {
  if (raw instanceof Uint8Array) return utf8(raw)
  return typeof raw === 'string' ? raw : undefined
}

function numberFrom(raw: unknown): Value | undefined {
  if (typeof raw === 'number' || typeof raw === 'bigint') return numberOf(wholeText(raw))
  if (raw instanceof Decimal) return raw
  const text = textFrom(raw)
  return text === undefined ? undefined : numberOf(text)
}

/** All digits of a whole number, where String would round those of a large float. */
function wholeText(raw: number | bigint): string {
  return Number.isInteger(raw) && typeof raw === 'number' ? String(BigInt(raw)) : textOf(raw)
}

function isNumber(value: Value): value is number | bigint | Decimal {
  return typeof value === 'number' || typeof value === 'bigint' || value instanceof Decimal
}

function isList(value: Value): value is readonly Value[]
function isList(value: unknown): value is readonly unknown[]
function isList(value: unknown): boolean {
  return Array.isArray(value)
}

/** Whether something is an object or map; a guard for values and for what came from the wire. */
export function isMap(value: Value): value is ValueMap
export function isMap(value: unknown): value is Readonly<Record<string, unknown>>
export function isMap(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Uint8Array || value instanceof Decimal || value instanceof Unknown)
  )
}

/** As `eachEntry`, without a list in between: a schema's names are ours, and none of them is "__proto__". */
function eachMember<T, R>(members: Readonly<Record<string, T>>, change: (value: T, name: string) => R) {
  const changed: Record<string, R> = {}
  for (const name in members) {
    const member = members[name]
    if (member !== undefined) changed[name] = change(member, name)
  }
  return changed
}

function eachEntry<T, R>(map: Readonly<Record<string, T>>, change: (value: T, name: string) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, change(value, name)]))
}

function own<T>(map: Readonly<Record<string, T>>, name: string): T | null {
  return Object.hasOwn(map, name) ? (map[name] ?? null) : null
}

/** Bytes as text; a byte order mark stays. */
function utf8(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
}

/** Names the place and both types; the value itself may be a secret. */
function mismatch(wanted: string, value: unknown, at: string): never {
  const found = Array.isArray(value) ? 'list' : value instanceof Uint8Array ? 'text' : typeof value
  throw new Error(`${at === '' ? 'the value' : `"${at.replace(/^\./, '')}"`} is a ${found}, and should be a ${wanted}`)
}
