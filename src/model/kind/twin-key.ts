import type { ResourceKind } from './kind.ts'

/** The key of an object that its id tells apart from others of the same name: `https://hooks.example.com/mail (id 7)`. */
export function keyWithId(key: string, id: string): string {
  return key === '' ? `(id ${id})` : `${key} (id ${id})`
}

/** The name and the id of such a key; undefined for a key without an id. */
export function partsOfKey(
  kind: ResourceKind,
  key: string,
): { readonly name: string; readonly id: string } | undefined {
  if (kind.twins === undefined) return undefined
  const found = /^(?:(.*) )?\(id ([^()\s]+)\)$/s.exec(key)
  return found === null ? undefined : { name: found[1] ?? '', id: found[2] ?? '' }
}

/** The name in a key that may have an id beside it. */
export function nameIn(kind: ResourceKind, key: string): string {
  return partsOfKey(kind, key)?.name ?? key
}
