import { isRecord } from '../json.ts'
import type { Field, Fields } from './field.ts'

const known = new WeakMap<Fields, boolean>()

/** True if any field, at any depth, names another kind. */
export function refers(fields: Fields): boolean {
  const answer = known.get(fields)
  if (answer !== undefined) return answer
  const found = Object.values(fields).some((field) => fieldRefers(field))
  known.set(fields, found)
  return found
}

function fieldRefers(field: Field): boolean {
  if (field.refersTo !== undefined) return true
  if (field.type === 'object') return refers(field.fields)
  return (field.type === 'set' || field.type === 'list') && fieldRefers(field.items)
}

/** The kinds that a kind names, at any depth. */
export function referredKinds(fields: Fields): string[] {
  return Object.values(fields).flatMap((field) => {
    if (field.refersTo !== undefined) return [field.refersTo]
    if (field.type === 'object') return referredKinds(field.fields)
    return field.type === 'set' || field.type === 'list' ? referredKinds({ items: field.items }) : []
  })
}

/** True if these values name other objects by an id that has to be looked up. */
export function needsIds(fields: Fields, values: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(fields).some(([name, field]) => values[name] !== undefined && hasIdReference(field))
}

/** True if live values hold an id of another object. */
export function holdsIds(fields: Fields, values: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(fields).some(([name, field]) => holdsId(field, values[name]))
}

function holdsId(field: Field, value: unknown): boolean {
  if (field.refersBy === 'id') return typeof value === 'string' && value !== ''
  if (field.type === 'object') return isRecord(value) && holdsIds(field.fields, value)
  return (
    (field.type === 'set' || field.type === 'list') &&
    Array.isArray(value) &&
    value.some((item) => holdsId(field.items, item))
  )
}

/** True if a field, at any depth, is sent as another object's id. */
export function hasIdReference(field: Field): boolean {
  if (field.refersBy === 'id') return true
  if (field.type === 'object') return Object.values(field.fields).some(hasIdReference)
  return (field.type === 'set' || field.type === 'list') && hasIdReference(field.items)
}
