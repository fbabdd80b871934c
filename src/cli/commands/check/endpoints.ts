import { lookupsOf } from '../../../engine/read/lookup.ts'
import type { Spec } from '../../../model/desired/spec.ts'
import { type Call, isOneCall } from '../../../model/kind/call.ts'
import type { ResourceKind } from '../../../model/kind/kind.ts'

/** A call that a section of the spec needs, and whether it changes something. */
interface Needed {
  readonly section: string
  readonly path: string
  readonly writes: boolean
}

/** The endpoints of an account that the sections of a spec need, and the lists in which it names something. */
export function neededEndpoints(spec: Spec, account: string): readonly Needed[] {
  const kinds = new Map<string, ResourceKind>()
  for (const { scope, sections } of spec.scopes)
    if (scope.account === account) for (const { kind } of sections.values()) kinds.set(kind.name, kind)
  for (const { scope, kind, values } of spec.objects)
    if (scope.account === account) for (const list of lookupsOf(kind, values)) kinds.set(list.name, list)
  return [...kinds.values()].flatMap((kind) => {
    const { list, view, create, update, delete: remove, reopen } = kind.calls
    const updates = update === undefined ? [] : isOneCall(update) ? [update] : Object.values(update)
    const { add, edit, remove: take } = kind.members ?? {}
    const reads = [list, view].filter((call) => call !== undefined)
    const writes: (Call | undefined)[] = [create, ...updates, remove, reopen, add, edit, take]
    const pathsOf = (calls: readonly Call[]) => [...new Set(calls.map(({ path }) => path))]
    return [
      ...pathsOf(reads).map((path) => ({ section: kind.name, path, writes: false })),
      ...pathsOf(writes.filter((call) => call !== undefined)).map((path) => ({
        section: kind.name,
        path,
        writes: true,
      })),
    ]
  })
}

/** Those that a key may not call; `*` and `/path/*` cover what is below them. */
export function lackedEndpoints(needed: readonly Needed[], allowed: readonly string[]): readonly Needed[] {
  const covers = (one: string, path: string) =>
    one === '*' || one === path || (one.endsWith('/*') && path.startsWith(one.slice(0, -1)))
  return needed.filter(({ path }) => !allowed.some((one) => covers(one, path)))
}
