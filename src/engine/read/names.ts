import type { Field, Fields, Values } from '../../model/kind/field.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import { hasIdReference } from '../../model/kind/references.ts'
import { mapValues } from '../../model/kind/walk.ts'
import type { Collection, Live, LiveScope } from '../../model/run/live.ts'

/** Where an API names another object by its id, the name takes its place. */
export function nameReferences(scopes: ReadonlyMap<string, LiveScope>, kinds: readonly ResourceKind[]): Live {
  const byId = kinds.filter((kind) => hasIdReference(kind.fields))
  if (byId.length === 0) return scopes
  return new Map(
    [...scopes].map(([name, scope]) => {
      const collections = new Map(scope.collections)
      for (const kind of byId) {
        const collection = collections.get(kind.name)
        if (collection?.known !== true) continue
        const objects = collection.objects.map((one) => ({
          ...one,
          values: valuesWithNames(kind.fields, one.values, collections),
        }))
        collections.set(kind.name, { known: true, objects })
      }
      return [name, { id: scope.id, collections }]
    }),
  )
}

/** Values in which ids of other objects are their names, as far as they are known. */
export function valuesWithNames(fields: Fields, values: Values, collections: ReadonlyMap<string, Collection>): Values {
  const change = ({ refersTo, refersBy }: Field, value: unknown, inside: () => unknown): unknown => {
    if (refersTo === undefined || refersBy !== 'id') return inside()
    const targets = collections.get(refersTo)
    return targets?.known === true ? (targets.objects.find((one) => one.id === value)?.key ?? value) : value
  }
  return mapValues(fields, values, change, (value) => value)
}
