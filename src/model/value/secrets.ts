import type { Fields, Values } from '../kind/field.ts'
import { walkValues } from '../kind/walk.ts'
import { Secret } from '../secret.ts'

/** The secrets of an entry that are sent to the API, by path. */
export function sentSecrets(fields: Fields, values: Values): ReadonlyMap<string, Secret> {
  const found = new Map<string, Secret>()
  walkValues(fields, values, (field, value, path) => {
    if (field.local === true) return false
    if (value instanceof Secret) found.set(path.join('.'), value)
    return undefined
  })
  return found
}
