import { formatAddress } from '../../model/address.ts'
import type { DesiredObject } from '../../model/desired/object.ts'
import { defined, isRecord } from '../../model/json.ts'
import type { Field, Fields, Values } from '../../model/kind/field.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import { partsOfKey } from '../../model/kind/twin-key.ts'
import { entryAddress, type LedgerChange, type LedgerRecord, type LedgerRun } from '../../model/ledger/record.ts'
import { SENSITIVE } from '../../model/secret.ts'
import { overlaid } from '../../model/value/path.ts'
import { isOpen } from '../record/history.ts'

/** What one object has to become again. */
interface Target {
  readonly kind: ResourceKind
  readonly subaccount: string | null
  readonly key: string
  readonly state: 'present' | 'absent'
  readonly values: Values
  /** It was deleted, so it has to be made again. */
  readonly again: boolean
  /** The key it has now, where that is another one. */
  readonly moved?: string
}

/** What an undo looks at beside the record. */
interface UndoOptions {
  readonly kinds: readonly ResourceKind[]
  /** Objects of the spec, which may have the secrets that a deleted one needs. */
  readonly declared?: readonly DesiredObject[]
}

/** The reverse of all runs from an index of the history on, as desired objects, and what no plan can bring back. */
function undoFrom(record: LedgerRecord, first: number, options: UndoOptions): Undo {
  const impossible: string[] = []
  const targets = new Map<string, Target>()
  for (const run of record.history.slice(first).toReversed()) {
    if (run.trimmed === true && run.changes.some(({ action }) => action !== 'create' && action !== 'adopt'))
      impossible.push(`the values from before run ${run.id} are no longer kept: what it changed and deleted stays so`)
    const earlier = record.history.slice(0, record.history.indexOf(run))
    for (const change of run.changes.toReversed())
      reverse(change, run, { targets, impossible, kinds: options.kinds, earlier })
  }
  const objects = [...targets.values()].flatMap((target) => desired(target, record.account.name, options, impossible))
  return { objects, impossible: [...new Set(impossible)] }
}

/** What leads back to the state after a run, in every record; undefined if none knows it. Runs of other accounts that began later are undone too. */
export function undoTo(records: readonly LedgerRecord[], id: string, options: UndoOptions): Undo | undefined {
  const run = records.flatMap(({ history }) => history).find((one) => one.id === id)
  if (run === undefined) return undefined
  const parts = records.map((record) => {
    const at = record.history.findIndex((one) => one.id === id)
    const later = record.history.findIndex(({ startedAt }) => startedAt > run.startedAt)
    const first = at >= 0 ? at + 1 : later < 0 ? record.history.length : later
    return undoFrom(record, first, options)
  })
  return { objects: parts.flatMap(({ objects }) => objects), impossible: parts.flatMap(({ impossible }) => impossible) }
}

interface Walk {
  readonly targets: Map<string, Target>
  readonly impossible: string[]
  readonly kinds: readonly ResourceKind[]
  /** The runs before the one that is undone. */
  readonly earlier: readonly LedgerRun[]
}

/** What an object had when earlier runs were done; undefined where they left none. Somebody else may have deleted it since: that is in no history. */
function stateBefore(change: LedgerChange, earlier: readonly LedgerRun[]): Values | undefined {
  let state: Values | undefined
  for (const { changes } of earlier)
    for (const one of changes) {
      if (one.address !== change.address || one.subaccount !== change.subaccount) continue
      if (one.outcome === 'failed' || one.outcome === 'skipped') continue
      state = one.action === 'delete' ? undefined : overlaid(state ?? {}, one.after ?? {})
    }
  return state
}

function reverse(change: LedgerChange, run: LedgerRun, { targets, impossible, kinds, earlier }: Walk): void {
  const { subaccount, key, action, before } = change
  if (action === 'adopt' || change.outcome === 'failed' || change.outcome === 'skipped') return
  const name = entryAddress(subaccount, change.address)
  const kind = kinds.find((one) => one.name === change.kind)
  if (kind === undefined) return void impossible.push(`${name} is of a kind that this version does not know`)
  if (isOpen(change)) return void impossible.push(`it is unknown whether run ${run.id} changed ${name}`)
  const known = targets.get(name)
  switch (action) {
    case 'create': {
      // It was there before, went without us, and was made again: going back does not take it away.
      const state = stateBefore(change, earlier)
      if (state !== undefined) {
        targets.delete(name)
        targets.set(name, { kind, subaccount, key, state: 'present', values: state, again: false })
        return
      }
      targets.set(name, { kind, subaccount, key, state: 'absent', values: {}, again: false })
      return
    }
    case 'delete':
      targets.delete(name)
      if (run.trimmed !== true)
        targets.set(name, { kind, subaccount, key, state: 'present', values: before ?? {}, again: true })
      return
    case 'update': {
      for (const path of Object.keys(change.secrets ?? {}))
        impossible.push(`${name}: its ${path} from before run ${run.id} is not known, and stays as it was last sent`)
      if (run.trimmed === true) return
      const later = known?.state === 'present' ? known : undefined
      const values = overlaid(later?.values ?? {}, before ?? {})
      const target = { kind, subaccount, key, state: 'present', values, again: later?.again === true } as const
      const moved = known?.moved ?? (change.renamedFrom === undefined ? undefined : key)
      targets.delete(name)
      if (change.renamedFrom === undefined) targets.set(name, { ...target, ...defined({ moved }) })
      else {
        const old = entryAddress(subaccount, formatAddress(kind.name, change.renamedFrom))
        targets.set(old, { ...target, key: change.renamedFrom, moved: known?.moved ?? key })
      }
    }
  }
}

function desired(target: Target, account: string, options: UndoOptions, impossible: string[]): DesiredObject[] {
  const { kind, subaccount, key, state, moved } = target
  const address = formatAddress(kind.name, key)
  const name = entryAddress(subaccount, address)
  const twin = options.declared?.find(
    ({ kind: other, scope, key: its }) =>
      other.name === kind.name && scope.account === account && scope.subaccount === subaccount && its === key,
  )
  const made = state === 'absent' ? absent(target, name, twin, impossible) : present(target, name, twin, impossible)
  if (made === undefined) return []
  const parts = partsOfKey(kind, key)
  const values = kind.key === '' || kind.singleton !== undefined ? made : { ...made, [kind.key]: parts?.name ?? key }
  const object: DesiredObject = {
    kind,
    scope: { account, subaccount },
    key,
    address,
    values,
    state,
    protect: false,
    source: twin?.source ?? { file: 'the ledger', document: 0, path: [] },
    ...(moved === undefined || moved === key ? {} : { moved }),
    ...(parts === undefined ? {} : { id: parts.id }),
  }
  return [object]
}

function absent(
  { kind }: Target,
  name: string,
  twin: DesiredObject | undefined,
  impossible: string[],
): Values | undefined {
  const { delete: remove } = kind.calls
  if (remove === undefined) return void impossible.push(`${name} was made later, and the API cannot delete it`)
  if (remove.byWhat === 'secret' && twin === undefined)
    return void impossible.push(`${name} was made later, and the API removes it only if it is given the whole key`)
  if (kind.deleteVerb !== undefined)
    impossible.push(`${name} was made later, and the API can only ${kind.deleteVerb} it, not undo that it was made`)
  const own = kind.oneTimeSecret === undefined ? [] : [kind.oneTimeSecret.to, 'key']
  return Object.fromEntries(
    own.flatMap((field) => (twin?.values[field] === undefined ? [] : [[field, twin.values[field]]])),
  )
}

function present(
  { kind, values, again, moved }: Target,
  name: string,
  twin: DesiredObject | undefined,
  impossible: string[],
): Values | undefined {
  const unset: string[] = []
  const settable = settled(kind.fields, values, '', unset, again)
  for (const path of unset)
    impossible.push(`${name}: its ${path} cannot be set to what it was, for the API or the ledger has no such value`)
  if (!again) return Object.keys(settable).length === 0 && moved === undefined ? undefined : settable
  if (kind.oneTimeSecret !== undefined)
    return void impossible.push(`${name} was deleted, and its secret with it: declare it to make one with a new secret`)
  const whole = { ...secretsOf(kind.fields, twin?.values ?? {}), ...settable }
  const missing = Object.entries(kind.fields)
    .filter(([field, { required }]) => required !== undefined && required !== false && whole[field] === undefined)
    .map(([field]) => field)
    .filter((field) => field !== kind.key)
  if (kind.dormant === undefined && missing.length > 0)
    return void impossible.push(
      `${name} was deleted, and its ${missing.join(' and ')} is kept nowhere: declare it to make it again`,
    )
  if (kind.lost !== undefined) impossible.push(`${name} was deleted: ${kind.lost}`)
  return whole
}

/** Values as they can be sent: what had no value is cleared where the API can, and said where it cannot. */
function settled(fields: Fields, values: Values, prefix: string, unset: string[], again: boolean): Values {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]): [string, unknown][] => {
      const field = fields[name]
      if (field === undefined || field.computed === true) return []
      if (field.type === 'object' && isRecord(value)) {
        const inner = settled(field.fields, value, `${prefix}${name}.`, unset, again)
        return Object.keys(inner).length === 0 ? [] : [[name, inner]]
      }
      const sent = holdsMask(value) ? undefined : value === null ? cleared(field) : value
      if (sent !== undefined) return [[name, sent]]
      if (!again || value !== null) unset.push(`${prefix}${name}`)
      return []
    }),
  )
}

function cleared(field: Field): unknown {
  if (field.type === 'object') return field.off === undefined ? undefined : 'off'
  if (field.clearable !== true) return undefined
  return field.type === 'integer' ? null : ''
}

/** A value that was not written down because it gives access. */
function holdsMask(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsMask)
  return isRecord(value) ? Object.values(value).some(holdsMask) : value === SENSITIVE
}

function secretsOf(fields: Fields, values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => fields[name]?.secret === true))
}

/** What it takes to go back to a run: ordinary desired objects for an ordinary plan, and what no plan can bring back. */
export interface Undo {
  readonly objects: readonly DesiredObject[]
  /** Sentences, each about one object. */
  readonly impossible: readonly string[]
}
