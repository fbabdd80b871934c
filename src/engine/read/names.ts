import { isRecord, mapEntries } from '../../model/json.ts'
import type { Field, Fields, Values } from '../../model/kind/field.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import type { LiveObject } from '../../model/kind/live-object.ts'
import { hasIdReference } from '../../model/kind/references.ts'
import type { Collection, Live, LiveScope } from '../../model/run/live.ts'

/** Where an API names another object by its id, the name takes its place. */
export function nameReferences(scopes: ReadonlyMap<string, LiveScope>, kinds: readonly ResourceKind[]): Live {
  const byId = kinds.filter((kind) => Object.values(kind.fields).some(hasIdReference))
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
  const nameOf = (field: Field, value: unknown): unknown => {
    if (field.refersTo !== undefined && field.refersBy === 'id') {
      const targets = collections.get(field.refersTo)
      const target: LiveObject | undefined = targets?.known
        ? targets.objects.find((one) => one.id === value)
        : undefined
      return target?.key ?? value
    }
    if (field.type === 'object' && isRecord(value)) return valuesWithNames(field.fields, value, collections)
    if ((field.type === 'set' || field.type === 'list') && Array.isArray(value))
      return value.map((item) => nameOf(field.items, item))
    return value
  }
  return mapEntries(values, (value, name) => {
    const field = fields[name]
    return field === undefined ? value : nameOf(field, value)
  })
}
