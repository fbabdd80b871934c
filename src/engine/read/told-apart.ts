import type { DesiredObject } from '../../model/desired/object.ts'
import { fieldOf, type ResourceKind } from '../../model/kind/kind.ts'
import type { LiveObject } from '../../model/kind/live-object.ts'
import { keyWithId, partsOfKey } from '../../model/kind/twin-key.ts'
import type { Collection } from '../../model/run/live.ts'
import { Secret } from '../../model/secret.ts'
import { canonicalKey } from '../../model/value/canonical.ts'

/**
 * A collection in which no two objects have the same key, as far as the spec lets them be told apart: one that an entry names by its id is
 * called so, and so are those of one name, or of none, that no entry names. Where an entry names several without an id they keep their
 * key, and the comparison says that they are ambiguous.
 */
export function toldApart(kind: ResourceKind, collection: Collection, declared: readonly DesiredObject[]): Collection {
  if (!collection.known || kind.twins === undefined) return collection
  const byId = new Map(declared.flatMap((one) => (one.id === undefined ? [] : [[one.id, one] as const])))
  const plain = new Set(declared.flatMap((one) => (one.id === undefined ? namesOf(one) : [])))
  const named = new Map<string, number>()
  for (const one of collection.objects)
    if (!isNamed(one, byId.get(one.id))) named.set(one.key, (named.get(one.key) ?? 0) + 1)
  let changed = false
  const objects = collection.objects.map((one): LiveObject => {
    const isTwin = one.key === '' || (named.get(one.key) ?? 0) > 1
    if (!isNamed(one, byId.get(one.id)) && (!isTwin || plain.has(one.key))) return one
    changed = true
    return { ...one, key: keyWithId(one.key, one.id) }
  })
  return changed ? { known: true, objects } : collection
}

/** True if an entry means this object: by its id, and by the name that it has or had, if it has any. */
function isNamed({ key }: LiveObject, entry: DesiredObject | undefined): boolean {
  return entry !== undefined && (key === '' || namesOf(entry).includes(key))
}

/** What an entry may be called in the live state. */
function namesOf({ kind, values, key, moved }: DesiredObject): string[] {
  const field = fieldOf(kind, kind.key)
  const value = values[kind.key]
  const name = value instanceof Secret ? value.reveal() : String(value ?? partsOfKey(kind, key)?.name ?? '')
  return [canonicalKey(field, name), ...(moved === undefined ? [] : [canonicalKey(field, moved)])]
}
