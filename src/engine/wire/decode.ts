import { isRecord } from '../../model/json.ts'
import type { ApiDefinition } from '../../model/kind/api.ts'
import type { Field, Fields, Values } from '../../model/kind/field.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import type { LiveObject } from '../../model/kind/live-object.ts'
import { canonicalText } from '../../model/value/canonical.ts'
import { formatPeriod, parsePeriod } from '../../model/value/period.ts'
import { readName, wireName } from './names.ts'

type Row = Readonly<Record<string, unknown>>

/** The id that an API gives an object, from a row or an answer; undefined if it is not there. */
export function idOf(kind: ResourceKind, row: Row): string | undefined {
  const field = kind.fields[kind.id]
  const value = field === undefined ? undefined : row[readName(kind.api, kind.id, field)]
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : undefined // a rounded one is another object's
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** One row of a list as an object in the words of the spec. Throws `TypeError` on a value that fits no form. */
export function decodeRow(kind: ResourceKind, row: Row, instance: string): LiveObject {
  const values = decodeFields(kind.api, kind.fields, row)
  const key = kind.singleton === undefined ? String(values[kind.key] ?? '') : instance
  const dormant = kind.dormant !== undefined && values[kind.dormant] === true
  const id = idOf(kind, row)
  if (kind.singleton === undefined && kind.id !== '' && id === undefined)
    throw new TypeError(`a row has no usable "${kind.id}"`)
  const unknown = unknownNames(kind, row)
  return { key, id: id ?? key, values, dormant, ...(unknown.length === 0 ? {} : { unknown }) }
}

const knownNames = new WeakMap<ResourceKind, ReadonlySet<string>>()

/** The names in a row that say something and that no field of the kind stands for. */
function unknownNames(kind: ResourceKind, row: Row): string[] {
  let known = knownNames.get(kind)
  if (known === undefined) {
    known = new Set([
      ...namesOf(kind.api, kind.fields),
      ...(kind.passes ?? []),
      ...(kind.api.inner === undefined ? [] : [kind.api.inner.parameter]),
    ])
    knownNames.set(kind, known)
  }
  const names: string[] = []
  for (const name in row) if (!known.has(name) && saysSomething(row[name])) names.push(name)
  return names
}

function namesOf(api: ApiDefinition, fields: Fields): string[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const own = [wireName(api, name, field), readName(api, name, field)]
    if (field.type !== 'object') return own
    const off = field.off === undefined ? [] : [field.off.wire]
    return [...own, ...off, ...(field.flat === true ? namesOf(api, field.fields) : [])]
  })
}

function saysSomething(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === false || value === 0) return false
  return typeof value !== 'object' || Object.keys(value).length > 0
}

function decodeFields(api: ApiDefinition, fields: Fields, row: Row): Values {
  const values: Record<string, unknown> = {}
  for (const name in fields) {
    const field = fields[name]
    if (field === undefined || field.writeOnly === true || field.local === true) continue
    const value = decodeField(api, field, readName(api, name, field), row)
    if (value !== undefined) values[name] = value
  }
  return values
}

/** A missing value is nothing (null), or unknown (undefined) where the API does not always show it. */
function decodeField(api: ApiDefinition, field: Field, name: string, row: Row): unknown {
  if (field.type === 'object') return decodeObject(api, field, name, row)
  const value = row[name]
  if (value === undefined)
    return field.unreadable === 'sometimes' || field.computed === true ? undefined : nothing(field)
  return decodeValue(api, field, value, name)
}

function decodeObject(api: ApiDefinition, field: Field & { type: 'object' }, name: string, row: Row): unknown {
  if (field.off !== undefined && isOff(field.off.off, row[field.off.wire])) return 'off'
  const inner = field.flat === true ? row : row[name]
  if (!isRecord(inner)) return undefined
  const values = decodeFields(api, field.fields, inner)
  return Object.keys(values).length === 0 ? undefined : values
}

function isOff(off: unknown, value: unknown): boolean {
  if (value === undefined || value === null || value === off) return true
  return typeof off === 'boolean' && toBoolean(value) === off
}

function nothing(field: Field): unknown {
  switch (field.type) {
    case 'string':
    case 'text':
      return ''
    case 'set':
    case 'list':
      return []
    default:
      return null
  }
}

function decodeValue(api: ApiDefinition, field: Field, value: unknown, name: string): unknown {
  if (value === null) return nothing(field)
  switch (field.type) {
    case 'string':
      return decodeText(field, String(value))
    case 'text':
      return String(value)
    case 'integer': {
      const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value
      if (typeof number === 'number') return number
      throw new TypeError(`"${name}" is not a number`)
    }
    case 'boolean': {
      const truth = toBoolean(value)
      if (truth !== undefined) return truth
      throw new TypeError(`"${name}" is neither true nor false`)
    }
    case 'enum': {
      const word = field.caseless === true ? String(value).toLowerCase() : String(value)
      const ours = Object.entries(field.wireValues ?? {}).find(([, wire]) => wire === word)
      return ours?.[0] ?? word
    }
    case 'set':
    case 'list': {
      const items = Array.isArray(value) ? value : [value]
      return items.filter((item) => item !== '').map((item) => decodeItem(api, field.items, item, name))
    }
    case 'record':
      return isRecord(value) ? value : {}
    case 'object':
      throw new TypeError(`"${name}" is not an object`)
  }
}

function decodeItem(api: ApiDefinition, field: Field, item: unknown, name: string): unknown {
  if (field.type !== 'object') return decodeValue(api, field, item, name)
  if (isRecord(item)) return decodeFields(api, field.fields, item)
  throw new TypeError(`an item of "${name}" is not an object`)
}

function decodeText(field: Field, value: string): string {
  if (field.format === 'period') {
    const seconds = parsePeriod(value)
    return seconds === undefined ? value : formatPeriod(seconds)
  }
  return field.format === undefined ? value : (canonicalText(field.format, value) ?? value)
}

/** APIs write a truth as true, 1, "1" or "true"; anything else is none. */
function toBoolean(value: unknown): boolean | undefined {
  if (value === true || value === 1 || value === '1' || value === 'true') return true
  if (value === false || value === 0 || value === '0' || value === 'false') return false
  return undefined
}
