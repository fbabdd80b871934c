import { isRecord } from '../json.ts'
import type { Fields, Values } from '../kind/field.ts'
import { Secret } from '../secret.ts'

/** The secrets of an entry that are sent to the API, by path. */
export function sentSecrets(fields: Fields, values: Values, prefix = ''): ReadonlyMap<string, Secret> {
  const found = new Map<string, Secret>()
  for (const [name, value] of Object.entries(values)) {
    const field = fields[name]
    if (field === undefined || field.local === true) continue
    if (value instanceof Secret) found.set(`${prefix}${name}`, value)
    else if (field.type === 'object' && isRecord(value))
      for (const [path, secret] of sentSecrets(field.fields, value, `${prefix}${name}.`)) found.set(path, secret)
  }
  return found
}
