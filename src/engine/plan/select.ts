import type { Spec } from '../../model/desired/spec.ts'
import type { Source } from '../../model/position.ts'
import type { Problem } from '../../model/problem.ts'
import { closest } from '../../model/text/closest.ts'
import type { Diff } from '../diff/diff.ts'
import type { Selection } from '../read/selection.ts'
import { cascadeOf, excludedToo, nameOf } from './cascade.ts'
import { type Addressed, addressMatches } from './match-address.ts'

/** A part of a comparison: what was chosen and can be done without the rest. */
type Selected = Pick<Diff, 'changes' | 'unmanaged'> & { readonly problems: readonly Problem[] }

/** Keeps what the globs choose; what needs something that is left out is left out as well, and said. */
export function select(found: Diff, spec: Spec, { only, exclude }: Selection): Selected {
  if (only.length + exclude.length === 0) return { ...found, problems: [] }
  const used = new Set<string>()
  const hits = (globs: readonly string[], one: Addressed) => {
    const met = globs.filter((glob) => addressMatches(glob, one))
    for (const glob of met) used.add(glob)
    return met.length > 0
  }
  const isChosen = (one: Addressed) => {
    const out = hits(exclude, one)
    return (only.length === 0 || hits(only, one)) && !out
  }
  const chosen = found.changes.filter(isChosen)
  const unmanaged = found.unmanaged.filter(isChosen)
  const cascade = cascadeOf(found.changes, chosen, spec)
  const kept = chosen.filter((change) => !cascade.has(change))
  const unused = [...only, ...exclude].filter((glob) => !used.has(glob))
  const isEmpty = cascade.size > 0 && only.length > 0 && kept.every((change) => change.action === 'noop')
  const problems = [...unused.map((glob) => nothingMatched(glob, found)), ...excludedToo(cascade, isEmpty)]
  return { changes: kept, unmanaged, problems }
}

/** Problems without those of objects that are left out: what nobody is about to change stands in nobody's way. */
export function problemsOfChosen(
  problems: readonly Problem[],
  { objects }: Spec,
  { only, exclude }: Selection,
): readonly Problem[] {
  if (problems.length === 0 || only.length + exclude.length === 0) return problems
  const meets = (globs: readonly string[], one: Addressed) => globs.some((glob) => addressMatches(glob, one))
  const left = objects.filter((one) => meets(exclude, one) || (only.length > 0 && !meets(only, one)))
  return problems.filter(({ source }) => source === undefined || !left.some((one) => isInside(source, one.source)))
}

function isInside(inner: Source, outer: Source): boolean {
  return (
    inner.file === outer.file &&
    inner.document === outer.document &&
    outer.path.every((step, at) => inner.path[at] === step)
  )
}

function nothingMatched(glob: string, { changes, unmanaged }: Diff): Problem {
  const all = [...changes, ...unmanaged].slice(0, 2000) // a hint is not worth more
  const near = closest(
    glob,
    all.flatMap((one) => [one.address, nameOf(one)]),
  )
  const kinds = [...new Set(changes.map((change) => change.kind.name))]
  const kind = closest(glob.split('/')[0] ?? glob, kinds)
  const word = near ?? (kind === undefined ? undefined : glob.replace(/^[^/]*/, kind))
  return {
    code: 'NOTHING_MATCHED',
    severity: 'warning',
    message: `no object matches "${glob}"`,
    hint:
      word === undefined || word === glob
        ? 'addresses are those of the plan (--all lists them)'
        : `did you mean "${word}"?`,
  }
}
