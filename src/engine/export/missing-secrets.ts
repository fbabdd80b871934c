import { formatAddress, formatScope, type Scope } from '../../model/address.ts'
import type { Fields, Values } from '../../model/kind/field.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import { walkSlots } from '../../model/kind/walk.ts'
import type { Live } from '../../model/run/live.ts'
import { constant } from './export.ts'

/** A secret that no API shows: of which object, where in its entry, and a name for its variable. */
export interface MissingSecret {
  readonly scope: Scope
  readonly address: string
  readonly path: string
  readonly variable: string
}

/** The secrets that live objects have and that an export cannot write down. */
export function missingSecrets(scopes: readonly Scope[], live: Live, kinds: readonly ResourceKind[]): MissingSecret[] {
  const taken = new Set<string>()
  return scopes.flatMap((scope) =>
    kinds.flatMap((kind) => {
      const collection = live.get(formatScope(scope))?.collections.get(kind.name)
      const objects = collection?.known === true ? collection.objects.filter((one) => !one.dormant) : []
      return objects.flatMap((one) =>
        secretsIn(kind.fields, one.values).map((path) => ({
          scope,
          address: formatAddress(kind.name, one.key),
          path,
          variable: freeName(constant(`${one.key.replace(/^https?:\/\//, '')}_${path}`).replace(/^_|_$/g, ''), taken),
        })),
      )
    }),
  )
}

/** A name that no other secret has. */
function freeName(name: string, taken: Set<string>): string {
  for (let number = 1; ; number++) {
    const free = number === 1 ? name : `${name}_${number}`
    if (taken.has(free)) continue
    taken.add(free)
    return free
  }
}

function secretsIn(fields: Fields, values: Values): string[] {
  const found: string[] = []
  walkSlots(fields, values, ({ secret, required }, _, path) => {
    if (secret === true && required === 'create') found.push(path)
  })
  return found
}
