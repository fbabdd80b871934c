import { isRecord } from '../json.ts'
import type { Field, Fields, Values } from '../kind/field.ts'
import { SENSITIVE, Secret } from '../secret.ts'
import { hasSecretForm } from '../secret-form.ts'

/** A URL with a password in it. */
const LOGIN = /^[a-z][a-z0-9+.-]*:\/\/[^/?#\s]*@/i

/** True for a text that no record may hold: it gives access by itself, wherever it stands. */
export function isRevealing(text: string): boolean {
  return hasSecretForm(text) || LOGIN.test(text)
}

/** Values as a record may hold them: what can be set, without secrets and without what is for mailconfig alone. */
export function recordable(fields: Fields, values: Values): Values {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => {
      const field = fields[name]
      if (field === undefined || field.computed === true || field.local === true || field.secret === true) return []
      return value === undefined ? [] : [[name, recordableValue(field, value)]]
    }),
  )
}

/** One value as a record may hold it. */
export function recordableValue(field: Field, value: unknown): unknown {
  if (value instanceof Secret || field.secret === true) return SENSITIVE
  if (typeof value === 'string') return isRevealing(value) ? SENSITIVE : value
  if (Array.isArray(value))
    return value.map((item) => ('items' in field ? recordableValue(field.items, item) : scrubbed(item)))
  if (!isRecord(value)) return value
  return field.type === 'object' ? recordable(field.fields, value) : scrubbed(value)
}

/** JSON that no field describes. */
function scrubbed(value: unknown): unknown {
  if (typeof value === 'string') return isRevealing(value) ? SENSITIVE : value
  if (Array.isArray(value)) return value.map(scrubbed)
  if (!isRecord(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, scrubbed(one)]))
}
