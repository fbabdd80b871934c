import { qualify } from '../../model/address.ts'
import type { Spec } from '../../model/desired/spec.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import { hasIdReference, referredKinds } from '../../model/kind/references.ts'
import { everything, type Wanted, wantedBy } from '../read/wanted.ts'

/** The collections that a merge needs: those of a plan, with the details of what is new in them; or all that there are. */
export function wantedForMerge(spec: Spec, kinds: readonly ResourceKind[], allSections: boolean): Wanted[] {
  const wanted = new Map<string, Wanted>()
  const add = (one: Wanted) => wanted.set(qualify(one.scope, one.kind.name), one)
  for (const one of wantedBy(spec, kinds)) {
    add(one.kind.singleton === undefined ? { ...one, details: 'all' } : one)
    if (one.scope.subaccount !== null || !hasIdReference(one.kind.fields)) continue
    const named = referredKinds(one.kind.fields)
    for (const other of everything(
      [one.scope],
      kinds.filter((kind) => named.includes(kind.name)),
    ))
      if (!wanted.has(qualify(other.scope, other.kind.name))) add(other)
  }
  if (!allSections) return [...wanted.values()]
  for (const { name, api } of spec.accounts.values()) {
    const inside = spec.scopes
      .map(({ scope }) => scope)
      .filter((one) => one.account === name && one.subaccount !== null)
    const near = kinds.filter((kind) => kind.api.name === api)
    for (const one of everything([{ account: name, subaccount: null }, ...inside], near)) add(one)
  }
  return [...wanted.values()]
}
