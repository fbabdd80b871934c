import type { Account, Spec } from '../../model/desired/spec.ts'
import { sorted } from '../../model/json.ts'
import type { ApiDefinition } from '../../model/kind/api.ts'
import type { LiveObject } from '../../model/kind/live-object.ts'
import type { Problem } from '../../model/problem.ts'
import type { Live } from '../../model/run/live.ts'

/**
 * Accounts of a spec that are one account with two keys: each would treat the objects of the other as leftovers. An account is told by what
 * it answers, for a credential says nothing of it.
 */
export function sameAccounts(spec: Spec, live: Live, apis: readonly ApiDefinition[]): Problem[] {
  const used = [...new Set(spec.scopes.map(({ scope }) => scope.account))].flatMap(
    (name) => spec.accounts.get(name) ?? [],
  )
  return used.flatMap((one, at) =>
    used.slice(0, at).flatMap((other): Problem[] => {
      if (one.api !== other.api || !isOneService(one, other, apis)) return []
      const shared = sharedBy(one.name, other.name, live)
      if (shared === undefined) return []
      return [
        {
          code: 'SAME_ACCOUNT',
          message: `"${one.name}" and "${other.name}" are one account: both show ${shared}`,
          hint: 'declare it once: each name would treat the objects of the other as leftovers',
          source: one.source,
          also: { message: 'the other one', source: other.source },
        },
      ]
    }),
  )
}

/** Where accounts can be the same: an API may answer for one account at several of its regions. */
function isOneService(one: Account, other: Account, apis: readonly ApiDefinition[]): boolean {
  if (one.url === other.url) return true
  const api = apis.find(({ name }) => name === one.api)
  const hosts = Object.values(api?.place.regions ?? {})
  return api?.sharesAccounts === true && hosts.includes(one.url) && hosts.includes(other.url)
}

/** An object that two accounts share beyond doubt: one id under one name, or lists that are the same in all that they show. */
function sharedBy(one: string, other: string, live: Live): string | undefined {
  const [here, there] = [live.get(one)?.collections, live.get(other)?.collections]
  let alike: string | undefined
  let differs = false
  for (const [kind, collection] of here ?? []) {
    const second = there?.get(kind)
    if (!collection.known || second?.known !== true) continue
    const byKey = new Map(second.objects.map((object) => [object.key, object]))
    for (const object of collection.objects) {
      const twin = byKey.get(object.key)
      if (object.key === '' || twin === undefined) {
        differs ||= object.key !== ''
        continue
      }
      const name = `${kind}/${object.key}`
      if (object.id !== object.key && object.id === twin.id && isSame(object, twin)) return `${name} (id ${object.id})`
      if (object.id === object.key && Object.keys(object.values).length > 1)
        alike ??= isSame(object, twin) ? name : undefined
    }
  }
  return differs ? undefined : alike
}

function isSame(one: LiveObject, other: LiveObject): boolean {
  return JSON.stringify(sorted(one.values)) === JSON.stringify(sorted(other.values))
}
