import { isRecord } from '../json.ts'
import type { Values } from '../kind/field.ts'

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
