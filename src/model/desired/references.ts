import { isRecord } from '../json.ts'
import type { Field, Fields } from '../kind/field.ts'
import { refers } from '../kind/references.ts'
import { type Source, step } from '../position.ts'
import { canonicalKey } from '../value/canonical.ts'
import type { DesiredObject } from './object.ts'
import type { Reference } from './spec.ts'

/** Every place in every object that names another object. */
export function collectReferences(objects: readonly DesiredObject[]): Reference[] {
  return objects.flatMap((from) =>
    refers(from.kind.fields) ? inFields(from, from.kind.fields, from.values, from.source) : [],
  )
}

function inFields(
  from: DesiredObject,
  fields: Fields,
  values: Readonly<Record<string, unknown>>,
  source: Source,
): Reference[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const field = fields[name]
    return field === undefined ? [] : inValue(from, field, value, step(source, name))
  })
}

function inValue(from: DesiredObject, field: Field, value: unknown, source: Source): Reference[] {
  if (field.refersTo !== undefined && typeof value === 'string') {
    if (field.refersUnless !== undefined && new RegExp(field.refersUnless).test(value)) return []
    return [{ from, kind: field.refersTo, key: canonicalKey(field, value), source }]
  }
  if (field.type === 'object' && isRecord(value)) return inFields(from, field.fields, value, source)
  if ((field.type === 'set' || field.type === 'list') && Array.isArray(value))
    return value.flatMap((item, at) => inValue(from, field.items, item, step(source, at)))
  return []
}
