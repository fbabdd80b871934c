import { qualify } from '../../model/address.ts'
import type { DesiredObject } from '../../model/desired/object.ts'
import type { Spec } from '../../model/desired/spec.ts'
import { fieldOf, type ResourceKind } from '../../model/kind/kind.ts'
import type { LiveObject } from '../../model/kind/live-object.ts'
import type { Collection, Live, LiveScope } from '../../model/run/live.ts'
import { Secret } from '../../model/secret.ts'
import { maskedUrl } from '../../model/value/credential-url.ts'
import { realKey } from '../wire/real-key.ts'
import { toldApart } from './told-apart.ts'

/**
 * Live state in which no key shows a secret. What the spec makes out of a secret is recognised by its value and called as the spec calls
 * it; a URL with a password or a token that the spec does not name is shown without.
 */
export function maskedLive(live: Live, spec: Pick<Spec, 'objects' | 'scopes'>): Live {
  const declared = new Map<string, DesiredObject[]>()
  const known = new Map<string, ResourceKind>()
  for (const { sections } of spec.scopes) for (const { kind } of sections.values()) known.set(kind.name, kind)
  for (const object of spec.objects) {
    const { kind, scope } = object
    if (kind.singleton !== undefined || (!mayHide(kind) && kind.twins === undefined)) continue
    const name = qualify(scope, kind.name)
    declared.set(name, [...(declared.get(name) ?? []), object])
  }
  return new Map(
    [...live].map(([scope, one]): [string, LiveScope] => [
      scope,
      {
        ...one,
        collections: new Map(
          [...one.collections].map(([name, collection]) => {
            const kind = known.get(name)
            const entries = declared.get(`${scope}:${name}`) ?? []
            const apart = kind === undefined ? collection : toldApart(kind, collection, entries)
            return [name, maskedCollection(apart, entries)]
          }),
        ),
      },
    ]),
  )
}

function mayHide(kind: ResourceKind): boolean {
  const field = fieldOf(kind, kind.key)
  return (
    field.type === 'string' && (field.format === undefined || field.format === 'url') && field.pattern === undefined
  )
}

function maskedCollection(collection: Collection, declared: readonly DesiredObject[]): Collection {
  if (!collection.known) return collection
  const hidden = new Map<string, DesiredObject>()
  const plain = new Set<string>()
  for (const object of declared) {
    if (object.values[object.kind.key] instanceof Secret) hidden.set(realKey(object), object)
    else plain.add(object.key)
  }
  const taken = new Set<string>([...plain, ...declared.map(({ key }) => key)])
  let changed = false
  const objects = collection.objects.map((one): LiveObject => {
    const known = hidden.get(one.key)
    if (known !== undefined) {
      changed = true
      return { ...one, key: known.key, values: { ...one.values, [known.kind.key]: known.values[known.kind.key] } }
    }
    const shown = plain.has(one.key) ? one.key : maskedUrl(one.key)
    if (shown === one.key) return one
    changed = true
    const key = taken.has(shown) ? `${shown} (id ${one.id})` : shown
    taken.add(key)
    return { ...one, key, values: hideKey(one, shown) }
  })
  return changed ? { known: true, objects } : collection
}

function hideKey({ key, values }: LiveObject, shown: string): LiveObject['values'] {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, value === key ? new Secret(key, shown) : value]),
  )
}
