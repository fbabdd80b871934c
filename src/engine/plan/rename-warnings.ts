import { qualify } from '../../model/address.ts'
import { canRename } from '../../model/kind/kind.ts'
import type { Problem } from '../../model/problem.ts'
import type { Change } from '../../model/run/change.ts'
import { isSame } from '../../model/value/canonical.ts'

type Made = Change & { readonly action: 'create' }
type Gone = Change & { readonly action: 'delete' }

/** More pairs than this are not compared: a list that changes as a whole is not a rename. */
const MOST_PAIRS = 100_000

/** An object that goes and another with the same fields that comes, in one collection: perhaps one that got another name. */
export function renameWarnings(changes: readonly Change[]): Problem[] {
  const collections = new Map<string, { readonly made: Made[]; readonly gone: Gone[] }>()
  for (const change of changes) {
    if (change.action !== 'create' && change.action !== 'delete') continue
    const name = qualify(change.scope, change.kind.name)
    const group = collections.get(name) ?? { made: [], gone: [] }
    collections.set(name, group)
    if (change.action === 'create') group.made.push(change)
    else group.gone.push(change)
  }
  return [...collections.values()].flatMap(({ made, gone }) =>
    made.length * gone.length > MOST_PAIRS ? [] : pairs(made, gone).map(([fresh, old]) => warning(fresh, old)),
  )
}

/** Pairs that fit, each object in one pair at most; where several fit, nobody can tell which. */
function pairs(made: readonly Made[], gone: readonly Gone[]): [Made, Gone][] {
  const fits = made.map((fresh) => gone.filter((old) => isAlike(fresh, old)))
  return made.flatMap((fresh, at): [Made, Gone][] => {
    const [old, second] = fits[at] ?? []
    if (old === undefined || second !== undefined) return []
    return fits.filter((one) => one.includes(old)).length === 1 ? [[fresh, old]] : []
  })
}

/** True if all fields that can be compared are the same, and there is one beside the key. */
function isAlike({ kind, desired }: Made, { live }: Gone): boolean {
  let compared = 0
  for (const [name, value] of Object.entries(desired.values)) {
    const field = kind.fields[name]
    if (field === undefined || name === kind.key || field.writeOnly === true || field.local === true) continue
    const before = live.values[name]
    const isUnread = before === undefined || (isBlank(before) && kind.calls.view !== undefined) // the list lacks it
    if (field.computed === true || isUnread) continue
    if (!isSame(field, before, value)) return false
    compared += 1
  }
  return compared > 0
}

function isBlank(value: unknown): boolean {
  return value === null || value === '' || (Array.isArray(value) && value.length === 0)
}

function warning(fresh: Made, old: Gone): Problem {
  const { kind, desired } = fresh
  const both = `${qualify(old.scope, old.address)} is deleted and ${fresh.address} made with the same fields`
  const renames = canRename(kind) && kind.fields[kind.key]?.immutable !== true
  return {
    code: 'LOOKS_RENAMED',
    severity: 'warning',
    message: renames ? `${both}: this looks like a rename` : `REPLACE (gap): ${both}`,
    hint: renames
      ? `moved: ${old.key}`
      : `the API cannot rename this ${kind.title}: what uses "${old.key}" stops when it goes, so move it over first`,
    source: desired.source,
  }
}
