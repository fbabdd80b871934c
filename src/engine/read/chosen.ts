import { globMatches } from '../../model/address.ts'
import type { Spec } from '../../model/desired/spec.ts'
import { makesScopes, type ResourceKind } from '../../model/kind/kind.ts'
import { referredKinds } from '../../model/kind/references.ts'
import type { Collection, Live, LiveScope } from '../../model/run/live.ts'
import type { Selection } from './selection.ts'
import { type Wanted, wantedBy } from './wanted.ts'

/** What a run reads that is about a part of a spec. */
interface Chosen {
  readonly wanted: readonly Wanted[]
  /** Live state without what could not be read and nothing that is chosen needs. */
  readonly trimmed: (live: Live) => Live
}

/**
 * The collections that a choice needs: those of which something may be chosen, what they name, and, as far as the key may read them, those
 * that name them: what is still named is not deleted.
 */
export function wantedFor(spec: Spec, kinds: readonly ResourceKind[], { only }: Selection): Chosen {
  const all = wantedBy(spec, kinds)
  const chosen = kinds.filter(({ name }) => only.some((glob) => mayMatch(glob, name)))
  if (only.length === 0 || chosen.length === 0) return { wanted: all, trimmed: (live) => live }
  const needed = withReferred(chosen, kinds)
  const naming = kinds.filter(({ fields }) =>
    referredKinds(fields).some((name) => chosen.some((one) => one.name === name)),
  )
  const lists = new Set(chosen.flatMap(({ lookups = [] }) => lookups.map(({ name }) => name)))
  const asked = new Set([...needed, ...naming.map(({ name }) => name)])
  const hasInner = all.some(({ scope, kind }) => scope.subaccount !== null && asked.has(kind.name))
  const parents = new Set(kinds.filter(makesScopes).map(({ name }) => name))
  const isNeeded = (name: string) => needed.has(name) || lists.has(name) || (hasInner && parents.has(name))
  return {
    wanted: all.filter(({ kind }) => asked.has(kind.name) || isNeeded(kind.name)),
    trimmed: (live) => new Map([...live].map(([name, scope]): [string, LiveScope] => [name, without(scope, isNeeded)])),
  }
}

function withReferred(chosen: readonly ResourceKind[], kinds: readonly ResourceKind[]): ReadonlySet<string> {
  const names = new Set(chosen.map(({ name }) => name))
  for (const name of names) {
    const kind = kinds.find((one) => one.name === name)
    for (const other of kind === undefined ? [] : referredKinds(kind.fields)) names.add(other)
  }
  return names
}

function without(scope: LiveScope, isNeeded: (kind: string) => boolean): LiveScope {
  const kept = [...scope.collections].filter(
    ([kind, collection]: [string, Collection]) =>
      collection.known || isNeeded(kind) || collection.error.kind !== 'permission',
  )
  return { ...scope, collections: new Map(kept) }
}

/** True unless it is certain that no address of the kind matches; a scope may stand in front, and may hold anything. */
export function mayMatch(glob: string, kind: string): boolean {
  const heads = glob.split(':').map((part) => part.split('/')[0] ?? '')
  return heads.some((head) => head.startsWith('*') || globMatches(head, kind))
}
