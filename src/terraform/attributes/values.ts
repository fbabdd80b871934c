import type { TerraformAttribute } from '../../derive/terraform/attributes.ts'
import { isRecord, parseJson as parseBounded, sorted } from '../../model/json.ts'
import type { Field, Values } from '../../model/kind/field.ts'
import { Secret } from '../../model/secret.ts'
import { isSame } from '../../model/value/canonical.ts'
import { Decimal, Unknown, type Value, type ValueMap } from '../protocol/plugin.ts'

/** True for an object or a map. */
export function isMap(value: Value | undefined): value is ValueMap {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Unknown) &&
    !(value instanceof Decimal)
  )
}

/** True if nothing in a value is left open. */
export function isKnown(value: Value | undefined): boolean {
  if (value === undefined) return true
  if (value instanceof Unknown) return false
  if (Array.isArray(value)) return value.every(isKnown)
  return isMap(value) ? Object.values(value).every(isKnown) : true
}

/** What a configuration or a state manages, in the words of the spec; what is null or unknown is left out. */
export function toSpec(attributes: readonly TerraformAttribute[], values: ValueMap): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const attribute of attributes) {
    const { field, role } = attribute
    const value = values[attribute.name]
    if (field === undefined || role === 'version' || value === null || value === undefined) continue
    if (field.definition.computed === true) continue
    const given = specValue(attribute, field.definition, value)
    if (given !== undefined) result[field.name] = given
  }
  return result
}

function specValue(attribute: TerraformAttribute, field: Field, value: Value): unknown {
  if (value instanceof Unknown) return undefined
  if (attribute.nested?.nesting === 'single' && isMap(value)) {
    const { nested } = attribute
    const off = nested.attributes.find((one) => one.role === 'switch')
    return off !== undefined && value[off.name] === false ? 'off' : toSpec(nested.attributes, value)
  }
  if (attribute.nested?.nesting === 'list' && Array.isArray(value)) {
    const { nested } = attribute
    return value.filter(isMap).map((item) => toSpec(nested.attributes, item))
  }
  if (field.type === 'record') return typeof value === 'string' ? parseJson(value) : undefined
  if (field.secret === true) return new Secret(String(value))
  if (Array.isArray(value)) return value.filter((item) => !(item instanceof Unknown)).map(plain)
  return plain(value)
}

function plain(value: Value): unknown {
  if (value instanceof Decimal) return Number(value.text)
  return typeof value === 'bigint' ? Number(value) : value
}

function parseJson(text: string): unknown {
  try {
    const value: unknown = parseBounded(text)
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

/**
 * Live values as a state. A text that means what the state before says keeps that writing, so that another way to write
 * the same is never a change; what the API does not show keeps what was applied.
 */
export function toState(
  attributes: readonly TerraformAttribute[],
  live: Values,
  before: ValueMap | null,
): Record<string, Value> {
  const result: Record<string, Value> = {}
  for (const attribute of attributes) {
    const { name, field, role } = attribute
    const old = before?.[name] ?? null
    if (attribute.writeOnly === true) result[name] = null
    else if (role !== 'value' || field === undefined) result[name] = old instanceof Unknown ? null : old
    else result[name] = stateValue(attribute, field.definition, live[field.name], old)
  }
  return result
}

function stateValue(attribute: TerraformAttribute, field: Field, live: unknown, old: Value): Value {
  const known = isKnown(old) ? old : null
  if (live === undefined) return known
  if (attribute.nested?.nesting === 'single') return nestedState(attribute.nested.attributes, live, known)
  if (attribute.nested?.nesting === 'list' && Array.isArray(live)) return listState(attribute, live, known)
  if (known !== null && isSame(field, specValue(attribute, field, known), live)) return known
  return fromSpec(attribute, field, live)
}

function nestedState(attributes: readonly TerraformAttribute[], live: unknown, old: Value): Value {
  const before = isMap(old) ? old : null
  const off = attributes.find((one) => one.role === 'switch')
  if (off !== undefined && live === 'off')
    return { ...Object.fromEntries(attributes.map(({ name }) => [name, null])), [off.name]: false }
  if (!isRecord(live)) return null
  const values = toState(attributes, live, before)
  return off === undefined ? values : { ...values, [off.name]: true }
}

/** Members keep the order of the state before; new ones follow in the order of the API. */
function listState(attribute: TerraformAttribute, live: readonly unknown[], old: Value): Value {
  const nested = attribute.nested?.attributes ?? []
  const [first] = nested
  const before = Array.isArray(old) ? old.filter(isMap) : []
  const keyOf = (item: Values) => (first?.field === undefined ? '' : String(item[first.field.name]))
  const rank = new Map(before.map((item, at) => [keyOf(toSpec(nested, item)), at]))
  const order = (item: Values) => rank.get(keyOf(item)) ?? before.length
  return live
    .filter(isRecord)
    .sort((a, b) => order(a) - order(b))
    .map((item) => toState(nested, item, before[rank.get(keyOf(item)) ?? -1] ?? null))
}

function fromSpec(attribute: TerraformAttribute, field: Field, value: unknown): Value {
  if (value === null || value === undefined) return null
  if (field.type === 'record') return JSON.stringify(sorted(value))
  if (attribute.type === 'string') return String(value)
  if (Array.isArray(value)) return value.map((item) => String(item))
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string') return value
  return null
}

/** True if two values of an attribute mean the same, in whatever way they are written. */
export function isSameValue(attribute: TerraformAttribute, a: Value, b: Value): boolean {
  if (a === b) return true
  if (a === null || b === null || !isKnown(a) || !isKnown(b)) return false
  const field = attribute.field?.definition
  if (attribute.nested?.nesting === 'single' && isMap(a) && isMap(b))
    return attribute.nested.attributes.every(
      (one) => one.writeOnly === true || isSameValue(one, a[one.name] ?? null, b[one.name] ?? null),
    )
  if (field === undefined || field.secret === true) return JSON.stringify(a) === JSON.stringify(b)
  return isSame(field, specValue(attribute, field, a), specValue(attribute, field, b))
}
