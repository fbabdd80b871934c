import { formatScope, type Scope } from '../model/address.ts'
import type { ResourceKind } from '../model/kind.ts'
import type { Spec } from '../model/spec.ts'
import type { Wanted } from './read.ts'
import { referredKinds } from './references.ts'

/** The collections that a spec needs to be read: its sections, what they refer to, and where its subaccounts are. */
export function wantedBy(spec: Spec, kinds: readonly ResourceKind[]): Wanted[] {
  const byName = new Map(kinds.map((kind) => [kind.name, kind]))
  const wanted = new Map<string, Wanted>()
  const want = (scope: Scope, name: string) => {
    const kind = byName.get(name)
    const id = `${formatScope(scope)}:${name}`
    if (kind === undefined || wanted.has(id)) return
    const here = spec.objects.filter((one) => one.kind === kind && formatScope(one.scope) === formatScope(scope))
    const keys = here.flatMap((one) => (one.moved === undefined ? [one.key] : [one.key, one.moved]))
    wanted.set(id, { scope, kind, instances: keys, details: new Set(keys) })
  }
  for (const { scope, sections } of spec.scopes) {
    for (const name of sections.keys()) {
      want(scope, name)
      const kind = byName.get(name)
      if (kind === undefined) continue
      if (scope.subaccount === null && referredKinds(kind.fields).includes('subaccounts')) want(scope, 'subaccounts')
    }
    if (scope.subaccount !== null) want({ ...scope, subaccount: null }, 'subaccounts')
  }
  const declared = new Set(spec.objects.map((one) => `${formatScope(one.scope)}:${one.address}`))
  for (const { from, kind, key } of spec.references)
    if (!declared.has(`${formatScope(from.scope)}:${kind}/${key}`)) want(from.scope, kind)
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
