import type { Live } from '../../model/run/live.ts'

/** A field that an API shows with a value, of which mailconfig knows nothing. */
interface UnknownField {
  readonly kind: string
  readonly name: string
  /** How many objects have it. */
  readonly objects: number
}

/** What an API shows and no kind knows, once for each kind and field: it is neither compared, written nor exported. */
export function unknownFields(live: Live): readonly UnknownField[] {
  const found = new Map<string, UnknownField>()
  for (const { collections } of live.values())
    for (const [kind, collection] of collections)
      for (const { unknown = [] } of collection.known ? collection.objects : [])
        for (const name of unknown) {
          const before = found.get(`${kind}.${name}`)
          found.set(`${kind}.${name}`, { kind, name, objects: (before?.objects ?? 0) + 1 })
        }
  return [...found.values()].sort((one, other) => (`${one.kind}.${one.name}` < `${other.kind}.${other.name}` ? -1 : 1))
}
