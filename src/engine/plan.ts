import { formatScope, qualify, type Scope } from '../model/address.ts'
import type { Spec } from '../model/desired/spec.ts'
import { isRecord } from '../model/json.ts'
import type { Fields, Values } from '../model/kind/field.ts'
import type { ResourceKind } from '../model/kind/kind.ts'
import { type Memory, NO_MEMORY } from '../model/ledger/memory.ts'
import { isError, type Problem } from '../model/problem.ts'
import type { Change } from '../model/run/change.ts'
import { innerAccount } from '../model/run/inner-account.ts'
import type { Live } from '../model/run/live.ts'
import { closest } from '../model/text/closest.ts'
import type { ApiError } from '../model/wire.ts'
import { diff, type Unmanaged } from './diff.ts'
import { type Gate, type GateContext, gatesOf } from './gate.ts'
import { withNumbers } from './lookup.ts'
import { wavesOf } from './order.ts'
import { renameWarnings } from './renames.ts'
import { looserWarnings } from './safety.ts'
import { sameAccounts } from './same-account.ts'
import { problemsOfChosen, type Selection, select } from './selection.ts'
import { stepsOf } from './steps.ts'

/** A collection that could not be read to its end, and so is left alone. */
export interface Unread {
  readonly scope: Scope
  readonly kind: string
  readonly error: ApiError
}

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
    ...sameAccounts(spec, live),
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

/** What was wanted and could not be read to its end. */
export function unreadOf(spec: Spec, live: Live): Unread[] {
  return spec.scopes.flatMap(({ scope, sections }) => {
    const known = live.get(formatScope(scope))
    return [...(known?.collections ?? [])]
      .filter(([kind]) => sections.has(kind) || scope.subaccount === null)
      .flatMap(([kind, collection]) => (collection.known ? [] : [{ scope, kind, error: collection.error }]))
  })
}

/** A document's subaccount has to be live, or made by this very plan. */
function unknownSubaccounts(spec: Spec, live: Live): Problem[] {
  return spec.scopes.flatMap(({ scope, sections }) => {
    if (scope.subaccount === null) return []
    const parents = live.get(scope.account)?.collections.get('subaccounts')
    if (parents?.known !== true) return []
    const inner = innerAccount(parents.objects, scope.subaccount)
    const { found: there } = inner
    if (there === undefined && inner.among.length > 0) return [] // it could not be read, and that says why
    const planned = spec.objects.find(
      (one) =>
        one.kind.name === 'subaccounts' &&
        one.scope.account === scope.account &&
        one.key === scope.subaccount &&
        one.state === 'present',
    )
    if (planned !== undefined || (there !== undefined && !there.dormant)) return []
    const [section] = sections.values()
    return [
      {
        code: 'UNKNOWN_SUBACCOUNT',
        message: `the account "${scope.account}" has no ${there === undefined ? '' : 'open '}subaccount "${scope.subaccount}"`,
        hint: 'declare it under subaccounts: in the document of the account',
        ...(section === undefined ? {} : { source: { ...section.source, path: ['subaccount'] } }),
      },
    ]
  })
}

/** A reference has to lead to an object that is declared or live. */
function unknownReferences(spec: Spec, live: Live): Problem[] {
  const declared = new Set(spec.objects.map((one) => qualify(one.scope, one.address)))
  return spec.references.flatMap(({ from, kind, key, source }) => {
    if (from.state === 'absent' || declared.has(qualify(from.scope, `${kind}/${key}`))) return []
    const collection = live.get(formatScope(from.scope))?.collections.get(kind)
    if (collection?.known !== true || collection.objects.some((one) => one.key === key)) return []
    const names = spec.objects.filter(
      (one) => one.kind.name === kind && formatScope(one.scope) === formatScope(from.scope),
    )
    const near = closest(
      key,
      [...names, ...collection.objects].slice(0, 2000).map((one) => one.key),
    )
    return [
      {
        code: 'UNKNOWN_REFERENCE',
        message: `there is no ${kind}/${key}, neither in the spec nor in the account`,
        ...(near === undefined ? {} : { hint: `did you mean "${near}"?` }),
        source,
      },
    ]
  })
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
