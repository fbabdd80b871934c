import type { Limit, Safety } from '../../model/desired/spec.ts'

/** What a limit is about. */
export type Limited = Exclude<keyof Safety, 'dns'>

/** From this many live objects a share counts; below it only `count` does. */
const SHARE_FROM: Readonly<Record<Limited, number>> = { deletes: 5, updates: 11 }

/** The share of a collection that may be deleted without confirmation, by its size: the first that is large enough. */
const DELETE_SHARES: readonly { readonly upTo: number; readonly percent: number }[] = [
  { upTo: 20, percent: 50 },
  { upTo: 200, percent: 20 },
  { upTo: 2000, percent: 5 },
  { upTo: Number.POSITIVE_INFINITY, percent: 1 },
]

const UPDATE_SHARE = 50

/** How many objects of a collection may be deleted without confirmation where nobody says otherwise. */
export function allowedDeletes(size: number): number {
  return allowed('deletes', size)
}

/** How many objects of a collection may be deleted or updated without confirmation. */
export function allowed(what: Limited, size: number, safety?: Safety): number {
  const limits = safety?.[what] ?? []
  const percent = least(limits, 'percent') ?? defaultShare(what, size)
  const share = size < SHARE_FROM[what] ? size : Math.floor((size * percent) / 100)
  return Math.min(share, least(limits, 'count') ?? share)
}

function defaultShare(what: Limited, size: number): number {
  if (what === 'updates') return UPDATE_SHARE
  return DELETE_SHARES.find(({ upTo }) => size <= upTo)?.percent ?? 0
}

function least(limits: readonly Limit[], word: 'percent' | 'count'): number | undefined {
  const said = limits.flatMap((limit) => limit[word] ?? [])
  return said.length === 0 ? undefined : Math.min(...said)
}

/** The limit that lets more pass than the default would, for a collection of this size. */
export function looserLimit(what: Limited, size: number, safety?: Safety): Limit | undefined {
  if (safety === undefined || allowed(what, size, safety) <= allowed(what, size)) return undefined
  const percent = least(safety[what], 'percent')
  return safety[what].find((limit) => limit.percent === percent)
}
