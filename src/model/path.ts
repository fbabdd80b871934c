import { isRecord } from './canon.ts'
import type { Field, Fields } from './field.ts'
import type { ResourceKind, Values } from './kind.ts'
import { Secret } from './secret.ts'

/** The field of a kind at a path such as `glow.level`. */
export function fieldAt(kind: ResourceKind, path: string): Field | undefined {
  let fields = kind.fields
  let found: Field | undefined
  for (const name of path.split('.')) {
    found = fields[name]
    fields = found?.type === 'object' ? found.fields : {}
  }
  return found
}

/** The value at a path such as `glow.level`. */
export function valueAt(values: Values, path: string): unknown {
  let found: unknown = values
  for (const name of path.split('.')) found = isRecord(found) ? found[name] : undefined
  return found
}

/** Values over others: objects are merged, everything else is replaced. */
export function overlaid(under: Values, over: Values): Values {
  const merged: Record<string, unknown> = { ...under }
  for (const [name, value] of Object.entries(over)) {
    const before = merged[name]
    merged[name] = isRecord(before) && isRecord(value) ? overlaid(before, value) : value
  }
  return merged
}

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
