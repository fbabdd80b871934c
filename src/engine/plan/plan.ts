import type { Spec } from '../../model/desired/spec.ts'
import { isRecord } from '../../model/json.ts'
import { apisOf } from '../../model/kind/api.ts'
import type { Fields, Values } from '../../model/kind/field.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import { type Memory, NO_MEMORY } from '../../model/ledger/memory.ts'
import { isError, type Problem } from '../../model/problem.ts'
import type { Change } from '../../model/run/change.ts'
import type { Live } from '../../model/run/live.ts'
import { diff } from '../diff/diff.ts'
import type { Unmanaged } from '../diff/unmanaged.ts'
import type { Gate, GateContext } from '../gates/gate.ts'
import { gatesOf } from '../gates/gates.ts'
import { looserWarnings } from '../gates/looser-limits.ts'
import { withNumbers } from '../read/lookup.ts'
import type { Selection } from '../read/selection.ts'
import { stepsOf } from '../wire/calls.ts'
import { renameWarnings } from './rename-warnings.ts'
import { sameAccounts } from './same-account.ts'
import { problemsOfChosen, select } from './select.ts'
import { unknownReferences, unknownSubaccounts } from './unknown-names.ts'
import { type Unread, unreadOf } from './unread.ts'
import { wavesOf } from './waves.ts'

/** What is to be done, in which order, and what it costs. */
export interface Plan {
  readonly spec: Spec
  readonly live: Live
  /** What was applied before, as far as anybody remembers. */
  readonly memory: Memory
  /** Every change, those that do nothing too, in the order of the spec. */
  readonly changes: readonly Change[]
  readonly waves: readonly (readonly Change[])[]
  readonly unmanaged: readonly Unmanaged[]
  readonly gates: readonly Gate[]
  readonly warnings: readonly Problem[]
  readonly calls: number
}

/** A plan, or why there is none: collections that could not be read, or changes that the API cannot make. */
export type Planned =
  | { readonly ok: true; readonly plan: Plan }
  | { readonly ok: false; readonly problems: readonly Problem[]; readonly unread: readonly Unread[] }

/** Makes a plan from what is desired and what is live. */
export function plan(
  written: Spec,
  live: Live,
  kinds: readonly ResourceKind[],
  context: Omit<GateContext, 'spec' | 'live'>,
  selection?: Selection,
): Planned {
  const { spec, problems: unknown } = withNumbers(written, live)
  const unread = unreadOf(spec, live)
  const memory = context.memory ?? NO_MEMORY
  const found = diff(spec, live, memory)
  const choice = selection ?? { only: [], exclude: [] }
  const all = [
    ...found.problems,
    ...unknown,
    ...unknownSubaccounts(spec, live),
    ...unknownReferences(spec, live),
    ...sameAccounts(spec, live, apisOf(kinds)),
  ]
  const problems = problemsOfChosen(all, spec, choice)
  if (unread.length > 0 || problems.some(isError)) return { ok: false, problems, unread }
  const { changes, unmanaged, problems: unchosen } = select(found, spec, choice)
  if (unchosen.some(isError)) return { ok: false, problems: [...problems, ...unchosen], unread: [] }
  const waves = wavesOf(changes, kinds)
  return {
    ok: true,
    plan: {
      spec,
      live,
      memory,
      changes,
      waves,
      unmanaged,
      gates: gatesOf(changes, { ...context, spec, live }),
      warnings: [
        ...problems,
        ...unchosen,
        ...renameWarnings(changes),
        ...looserWarnings(spec, live),
        ...unreadableWarnings(changes),
      ],
      calls: changes.reduce((sum, change) => sum + stepsOf(change).length, 0),
    },
  }
}

/** The fields that a spec names and that an answer leaves out, at any depth. */
function unshown(fields: Fields, desired: Values, live: Values): string[] {
  return Object.entries(desired).flatMap(([name, value]) => {
    const field = fields[name]
    if (field === undefined || field.writeOnly === true || field.local === true || field.computed === true) return []
    const now = live[name]
    if (now === undefined) return value === undefined ? [] : [name]
    if (field.type !== 'object' || !isRecord(value) || !isRecord(now)) return []
    return unshown(field.fields, value, now).map((inner) => `${name}.${inner}`)
  })
}

/** Fields that the API does not show cannot be compared; said once for each field, not for each object. */
function unreadableWarnings(changes: readonly Change[]): Problem[] {
  const counts = new Map<string, { readonly kind: ResourceKind; readonly name: string; count: number }>()
  for (const change of changes) {
    if (change.action !== 'noop' && change.action !== 'update') continue
    const live = change.live
    if (live === undefined || change.desired.state === 'absent') continue
    for (const name of unshown(change.kind.fields, change.desired.values, live.values)) {
      const id = `${change.kind.name}.${name}`
      const known = counts.get(id) ?? { kind: change.kind, name, count: 0 }
      known.count += 1
      counts.set(id, known)
    }
  }
  return [...counts].map(([id, { count }]) => ({
    code: 'UNREADABLE',
    severity: 'warning' as const,
    message: `the API does not show "${id}", so it is not compared (${count} ${count === 1 ? 'object' : 'objects'})`,
  }))
}
