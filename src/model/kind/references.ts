import type { Field, Fields } from './field.ts'
import { someField, walkFields, walkValues } from './walk.ts'

type Named = Readonly<Record<string, unknown>>

const known = new WeakMap<Fields, boolean>()

/** True if any field, at any depth, names another kind. */
export function refers(fields: Fields): boolean {
  const answer = known.get(fields) ?? someField(fields, ({ refersTo }) => refersTo !== undefined)
  known.set(fields, answer)
  return answer
}

/** The kinds that a kind names, at any depth. */
export function referredKinds(fields: Fields): string[] {
  const found: string[] = []
  walkFields(fields, ({ refersTo }) => {
    if (refersTo === undefined) return
    found.push(refersTo)
    return false
  })
  return found
}

/** True if a field, at any depth, is sent as another object's id. */
export function hasIdReference(fields: Fields): boolean {
  return someField(fields, isIdReference)
}

/** True if these values name other objects by an id that has to be looked up. */
export function needsIds(fields: Fields, values: Named): boolean {
  return Object.entries(fields).some(([name, field]) => values[name] !== undefined && hasIdReference({ [name]: field }))
}

/** True if live values hold an id of another object. */
export function holdsIds(fields: Fields, values: Named): boolean {
  let found = false
  walkValues(fields, values, (field, value) => {
    found ||= isIdReference(field) && typeof value === 'string' && value !== ''
  })
  return found
}

function isIdReference({ refersBy }: Field): boolean {
  return refersBy === 'id'
}
