import { formatAddress, formatScope, qualify, type Scope } from '../../model/address.ts'
import type { DesiredObject } from '../../model/desired/object.ts'
import type { Spec } from '../../model/desired/spec.ts'
import { makesScopes, type ResourceKind } from '../../model/kind/kind.ts'
import { needsIds, referredKinds } from '../../model/kind/references.ts'
import { lookupScope, lookupsOf } from './lookup.ts'

/** The collections that a spec needs to be read: its sections, what they refer to, and where its subaccounts are. */
export function wantedBy(spec: Spec, kinds: readonly ResourceKind[]): Wanted[] {
  const byName = new Map(kinds.map((kind) => [kind.name, kind]))
  const wanted = new Map<string, Wanted>()
  const objects = new Map<string, DesiredObject[]>()
  for (const one of spec.objects) {
    const id = qualify(one.scope, one.kind.name)
    const same = objects.get(id)
    if (same === undefined) objects.set(id, [one])
    else same.push(one)
  }
  const renamed = new Map(
    spec.objects
      .filter(({ kind, moved }) => makesScopes(kind) && moved !== undefined)
      .map(({ scope, key, moved }) => [formatScope({ ...scope, subaccount: key }), moved]),
  )
  const want = (scope: Scope, name: string, kind = byName.get(name)) => {
    const id = qualify(scope, name)
    if (kind === undefined || wanted.has(id)) return
    const keys = (objects.get(id) ?? []).flatMap((one) => (one.moved === undefined ? [one.key] : [one.key, one.moved]))
    const formerly = scope.subaccount === null ? undefined : renamed.get(formatScope(scope))
    wanted.set(id, { scope, kind, instances: keys, details: new Set(keys), formerly })
  }
  for (const { scope, sections } of spec.scopes) {
    for (const { kind } of sections.values()) {
      want(scope, kind.name, kind)
      if (scope.subaccount !== null) continue
      const here = objects.get(qualify(scope, kind.name)) ?? []
      if (here.some((one) => needsIds(kind.fields, one.values)))
        for (const other of referredKinds(kind.fields)) want(scope, other)
    }
    const [section] = sections.values()
    const inner = section?.kind.api.inner
    if (scope.subaccount !== null && inner !== undefined) want({ ...scope, subaccount: null }, inner.kind)
  }
  for (const { scope, kind, values } of spec.objects)
    for (const list of lookupsOf(kind, values)) want(lookupScope(scope), list.name, list)
  const declared = new Set(spec.objects.map((one) => qualify(one.scope, one.address)))
  for (const { from, kind, key } of spec.references)
    if (!declared.has(qualify(from.scope, formatAddress(kind, key)))) want(from.scope, kind)
  return [...wanted.values()]
}

/** Every collection of an account that it can have, for an export. */
export function everything(scopes: readonly Scope[], kinds: readonly ResourceKind[]): Wanted[] {
  return scopes.flatMap((scope) =>
    kinds
      .filter((kind) => scope.subaccount === null || kind.scope === 'subaccount')
      .map((kind) => ({
        scope,
        kind,
        instances: kind.singleton === undefined || kind.singleton === 'one' ? [] : kind.singleton,
        details: 'all' as const,
      })),
  )
}

/** One collection to read. */
export interface Wanted {
  readonly scope: Scope
  readonly kind: ResourceKind
  readonly instances: readonly string[]
  readonly details: ReadonlySet<string> | 'all'
  /** The name that the subaccount of the scope has until it is renamed. */
  readonly formerly?: string | undefined
}
