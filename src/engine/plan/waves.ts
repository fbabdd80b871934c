import { largest } from '../../model/append.ts'
import { makesScopes, type ResourceKind } from '../../model/kind/kind.ts'
import { referredKinds } from '../../model/kind/references.ts'
import type { Change } from '../../model/run/change.ts'
import { turnsOff } from '../gates/last-one.ts'

/** How far a kind stands from those that refer to nothing: what is referred to comes first. */
export function rankKinds(kinds: readonly ResourceKind[]): ReadonlyMap<string, number> {
  const ranks = new Map<string, number>()
  const rank = (name: string, above: readonly string[]): number => {
    const known = ranks.get(name)
    if (known !== undefined) return known
    if (above.includes(name))
      throw new TypeError(`kinds refer to each other in a circle: ${[...above, name].join(' → ')}`)
    const kind = kinds.find((one) => one.name === name)
    const below = kind === undefined ? [] : referredKinds(kind.fields)
    const found =
      largest(
        below.map((one) => rank(one, [...above, name])),
        -1,
      ) + 1
    ranks.set(name, found)
    return found
  }
  for (const kind of kinds) rank(kind.name, [])
  return ranks
}

/** The changes in the order in which they are made; those of one wave do not depend on each other. */
export function wavesOf(changes: readonly Change[], kinds: readonly ResourceKind[]): readonly (readonly Change[])[] {
  const ranks = rankKinds(kinds)
  const depth = largest(ranks.values(), 0) + 1
  const parents =
    largest(
      kinds.filter(makesScopes).map(({ name }) => ranks.get(name) ?? 0),
      -1,
    ) + 1
  const position = (change: Change): number => {
    const inside = change.scope.subaccount === null ? 0 : parents
    const rank = (ranks.get(change.kind.name) ?? 0) + inside
    const last = 2 * (depth + parents)
    if (change.action !== 'delete') return turnsOff(change) ? last : rank
    return last + 1 + (depth + parents - rank) // deletes come after everything that builds, the other way round
  }
  const waves = new Map<number, Change[]>()
  for (const change of changes) {
    if (change.action === 'noop') continue
    const at = position(change)
    const wave = waves.get(at)
    if (wave === undefined) waves.set(at, [change])
    else wave.push(change)
  }
  return [...waves].sort(([a], [b]) => a - b).map(([, wave]) => wave)
}
