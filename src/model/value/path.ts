import { isRecord } from '../json.ts'
import type { Field, Values } from '../kind/field.ts'
import type { ResourceKind } from '../kind/kind.ts'

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
