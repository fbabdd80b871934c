import { formatScope } from '../../model/address.ts'
import type { DesiredObject } from '../../model/desired/object.ts'
import type { Spec } from '../../model/desired/spec.ts'
import { isRecord } from '../../model/json.ts'
import type { Values } from '../../model/kind/field.ts'
import type { LiveObject } from '../../model/kind/live-object.ts'
import type { Change } from '../../model/run/change.ts'
import type { Live } from '../../model/run/live.ts'
import { POLICY_KINDS, type PolicyObject, type PolicyScope, policyFrom } from '../../policy/state/from-objects.ts'
import type { Policy } from '../../policy/state/policy.ts'

type Scopes = ReadonlyMap<string, PolicyScope>

/** What decides who may send in each scope, by its name (`main`, `main/Acme`). */
export type Policies = ReadonlyMap<string, Policy>

/** As the files say, and nothing else. */
export function declaredPolicies(spec: Spec): Policies {
  const scopes = new Map<string, PolicyObject[]>(spec.scopes.map(({ scope }) => [formatScope(scope), []]))
  for (const object of spec.objects)
    if (object.state === 'present') scopes.get(formatScope(object.scope))?.push(declared(object, object.values))
  return policies(scopesOf(scopes))
}

/** As the accounts are. */
export function livePolicies(live: Live): Policies {
  return policies(liveScopes(live))
}

/**
 * As the accounts are once the changes are made. `trusting`: as the spec wants them, so that a declared sender which still waits for its
 * verification counts as verified.
 */
export function policiesAfter(live: Live, changes: readonly Change[], trusting: 'trusting' | 'exact'): Policies {
  const scopes = new Map(
    [...liveScopes(live)].map(([name, { objects }]) => [name, new Map(objects.map((one) => [id(one), one]))]),
  )
  for (const change of changes) {
    if (!POLICY_KINDS.includes(change.kind.name)) continue
    const name = formatScope(change.scope)
    const objects = scopes.get(name) ?? new Map<string, PolicyObject>()
    scopes.set(name, objects)
    if ('live' in change && change.live !== undefined) objects.delete(`${change.kind.name}/${change.live.key}`)
    const found = afterwards(change)
    const made = found !== undefined && trusting === 'trusting' ? { ...found, isLive: false } : found
    if (made !== undefined) objects.set(id(made), made)
  }
  return policies(scopesOf(new Map([...scopes].map(([name, objects]) => [name, [...objects.values()]]))))
}

const id = ({ kind, key }: PolicyObject): string => `${kind}/${key}`

function afterwards(change: Change): PolicyObject | undefined {
  switch (change.action) {
    case 'delete':
      return undefined
    case 'create':
      return declared(change.desired, change.desired.values)
    case 'noop':
      return change.live === undefined
        ? undefined
        : { ...lived(change.kind.name, change.live), source: change.desired.source }
    case 'update': {
      const { members } = change.kind
      const values = over(change.live.values, change.desired.values)
      const list =
        members === undefined || change.members === undefined ? {} : { [members.field]: change.members.after }
      return { ...declared(change.desired, { ...values, ...list }), isLive: true }
    }
  }
}

/** Values of the spec over those that are live; what the spec does not name stays. */
function over(live: Values, desired: Values): Values {
  const merged: Record<string, unknown> = { ...live }
  for (const [name, value] of Object.entries(desired)) {
    const before = merged[name]
    merged[name] = isRecord(value) && isRecord(before) ? over(before, value) : value
  }
  return merged
}

function declared({ kind, key, source }: DesiredObject, values: Values): PolicyObject {
  return { kind: kind.name, key, values, source, isLive: false }
}

function lived(kind: string, { key, values, dormant }: LiveObject): PolicyObject {
  return { kind, key, values: dormant ? { ...values, state: 'closed' } : values, isLive: true }
}

function liveScopes(live: Live): Scopes {
  return scopesOf(
    new Map(
      [...live].map(([name, { collections }]) => [
        name,
        POLICY_KINDS.flatMap((kind) => {
          const found = collections.get(kind)
          return found?.known === true ? found.objects.map((one) => lived(kind, one)) : []
        }),
      ]),
    ),
  )
}

function scopesOf(objects: ReadonlyMap<string, readonly PolicyObject[]>): Scopes {
  return new Map([...objects].map(([scope, all]) => [scope, { scope, objects: all }]))
}

function policies(scopes: Scopes): Policies {
  return new Map(
    [...scopes].map(([name, scope]) => {
      const at = name.indexOf('/')
      return [name, policyFrom(scope, at < 0 ? undefined : scopes.get(name.slice(0, at)))]
    }),
  )
}
