import { isRecord } from '../json.ts'
import type { Path } from '../position.ts'
import type { Field, Fields, Values } from './field.ts'

/**
 * Every field at any depth, in the order in which they are declared: fields of objects under their names, and the items of sets and lists
 * under the path of the list. A visitor that answers `false` keeps the walk out of what is inside.
 */
export function walkFields(fields: Fields, visit: (field: Field, path: Path) => unknown, path: Path = []): void {
  for (const [name, field] of Object.entries(fields)) enterField(field, [...path, name], visit)
}

function enterField(field: Field, path: Path, visit: (field: Field, path: Path) => unknown): void {
  if (visit(field, path) === false) return
  if (field.type === 'object') walkFields(field.fields, visit, path)
  else if (field.type === 'set' || field.type === 'list') enterField(field.items, path, visit)
}

/** True if a field at any depth passes a test. */
export function someField(fields: Fields, test: (field: Field) => boolean): boolean {
  let found = false
  walkFields(fields, (field) => {
    found ||= test(field)
    return found ? false : undefined
  })
  return found
}

/** The field at a path such as `glow.level`; undefined if there is none, and for a path into a list. */
export function fieldAt(fields: Fields, path: string): Field | undefined {
  let here: Fields = fields
  let found: Field | undefined
  for (const name of path.split('.')) {
    found = Object.hasOwn(here, name) ? here[name] : undefined
    here = found?.type === 'object' ? found.fields : {}
  }
  return found
}

/**
 * Every value that is there and has a field, at any depth, in the order in which the values stand: members of objects under their names, and
 * items of sets and lists under their numbers. Values without a field are passed over. `false` keeps the walk out of what is inside.
 */
export function walkValues(
  fields: Fields,
  values: Values,
  visit: (field: Field, value: unknown, path: Path) => unknown,
  path: Path = [],
): void {
  for (const [name, value] of Object.entries(values)) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined
    if (field !== undefined && value !== undefined) enterValue(field, value, [...path, name], visit)
  }
}

function enterValue(
  field: Field,
  value: unknown,
  path: Path,
  visit: (field: Field, value: unknown, path: Path) => unknown,
): void {
  if (visit(field, value, path) === false) return
  if (field.type === 'object' && isRecord(value)) walkValues(field.fields, value, visit, path)
  else if ((field.type === 'set' || field.type === 'list') && Array.isArray(value))
    for (const [at, item] of value.entries()) enterValue(field.items, item, [...path, at], visit)
}

/**
 * Every field that values could have, with its value or undefined, in the order in which the fields are declared. Fields of an object are
 * visited if the object is there; lists are not entered, for nothing is missing in a list.
 */
export function walkSlots(
  fields: Fields,
  values: Values,
  visit: (field: Field, value: unknown, path: string) => unknown,
  prefix = '',
): void {
  for (const [name, field] of Object.entries(fields)) {
    const value = Object.hasOwn(values, name) ? values[name] : undefined
    const path = `${prefix}${name}`
    if (visit(field, value, path) === false) continue
    if (field.type === 'object' && isRecord(value)) walkSlots(field.fields, value, visit, `${path}.`)
  }
}

/**
 * Values with each replaced by what `change` answers; one that becomes undefined is left out. `inside` is the value with its members or items
 * changed in the same way. `otherwise` is for values without a field; they are left out if it is not given.
 */
export function mapValues(
  fields: Fields,
  values: Values,
  change: (field: Field, value: unknown, inside: () => unknown) => unknown,
  otherwise: (value: unknown) => unknown = () => undefined,
): Record<string, unknown> {
  const result: [string, unknown][] = []
  for (const [name, value] of Object.entries(values)) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined
    const changed = field === undefined ? otherwise(value) : mapped(field, value, change, otherwise)
    if (changed !== undefined) result.push([name, changed])
  }
  return Object.fromEntries(result)
}

function mapped(
  field: Field,
  value: unknown,
  change: (field: Field, value: unknown, inside: () => unknown) => unknown,
  otherwise: (value: unknown) => unknown,
): unknown {
  return change(field, value, () => {
    if (field.type === 'object' && isRecord(value)) return mapValues(field.fields, value, change, otherwise)
    if ((field.type === 'set' || field.type === 'list') && Array.isArray(value))
      return value.map((item) => mapped(field.items, item, change, otherwise))
    return value
  })
}
