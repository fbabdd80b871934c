import { isRecord, sorted } from '../../model/json.ts'
import type { Fields, Values } from '../../model/kind/field.ts'
import { hasOwnId, type ResourceKind } from '../../model/kind/kind.ts'
import type { LiveObject } from '../../model/kind/live-object.ts'
import type { LedgerChange, LedgerRecord, LedgerRun } from '../../model/ledger/record.ts'
import { recordable } from '../../model/ledger/recordable.ts'
import type { Live } from '../../model/run/live.ts'
import { isSame } from '../../model/value/canonical.ts'
import { memberText } from '../../model/value/member.ts'
import { applyChange } from '../record/change-effect.ts'
import { addressOf, type Entries, liveOf } from '../record/entries.ts'
import { isOpen } from '../record/history.ts'

/** A run that died, and what a look at the live state says of its open changes. */
export interface InterruptedRun {
  readonly run: LedgerRun
  readonly made: number
  readonly not: number
  readonly unclear: number
}

/** Looks at what runs left open: a change that was announced and that shows is taken down, one that does not is not. */
export function settle(
  record: LedgerRecord,
  live: Live,
  kinds: readonly ResourceKind[],
): { readonly record: LedgerRecord; readonly died: readonly InterruptedRun[] } {
  if (!record.history.some((run) => run.state === 'running' || run.changes.some(isOpen))) return { record, died: [] }
  const entries: Entries = new Map(Object.entries(record.entries))
  const died: InterruptedRun[] = []
  const history = record.history.map((run, at): LedgerRun => {
    if (run.state !== 'running' && !run.changes.some(isOpen)) return run
    const later = new Set(record.history.slice(at + 1).flatMap(({ changes }) => changes.filter(isDone).map(addressOf)))
    const count = { made: 0, not: 0, unclear: 0 }
    const changes = run.changes.map((change): LedgerChange => {
      if (!isOpen(change) || later.has(addressOf(change))) return change
      const kind = kinds.find(({ name }) => name === change.kind)
      const objects = liveOf(live, { account: record.account.name, subaccount: change.subaccount }, change.kind)
      const seen = kind === undefined || objects === undefined ? change : look(change, kind, objects)
      if (seen.outcome === 'done') count.made += 1
      else if (seen.outcome === 'failed') count.not += 1
      else count.unclear += 1
      if (kind !== undefined && (seen.outcome === 'done' || seen.members !== change.members))
        applyChange(entries, seen, { run: run.id, kind })
      return seen
    })
    if (run.state !== 'running') return { ...run, changes }
    died.push({ run, ...count })
    return { ...run, state: 'interrupted', changes }
  })
  return { record: { ...record, entries: Object.fromEntries(entries), history }, died }
}

function isDone({ outcome }: LedgerChange): boolean {
  return outcome === 'done'
}

function look(change: LedgerChange, kind: ResourceKind, objects: readonly LiveObject[]): LedgerChange {
  const there = objects.filter((one) => !one.dormant)
  const now = there.find((one) => one.key === change.key)
  switch (change.action) {
    case 'adopt':
      return change
    case 'create':
      if (now === undefined) return { ...change, outcome: 'failed' }
      return shows(kind, change.after, now)
        ? {
            ...change,
            outcome: 'done',
            id: now.id,
            ...(kind.oneTimeSecret === undefined ? {} : { lost: true as const }),
          }
        : { ...change, outcome: 'unknown' }
    case 'delete': {
      const same = now !== undefined && (!hasOwnId(kind) || change.id === undefined || now.id === change.id)
      return { ...change, outcome: same ? 'failed' : 'done' }
    }
    case 'update':
      return lookUpdated(change, kind, there)
  }
}

function lookUpdated(change: LedgerChange, kind: ResourceKind, there: readonly LiveObject[]): LedgerChange {
  const named = (key: string) => there.find((one) => one.key === key)
  const now = named(change.key)
  if (now === undefined) {
    const old = change.renamedFrom !== undefined && named(change.renamedFrom) !== undefined
    return { ...change, outcome: old ? 'failed' : 'unknown' }
  }
  if (change.members !== undefined) return lookMembers(change, change.members, kind, now)
  if (isSilent(change)) return { ...change, outcome: 'unknown' } // only secrets were sent, and they do not show
  if (shows(kind, change.after, now)) return { ...change, outcome: 'done' }
  return { ...change, outcome: shows(kind, change.before, now) ? 'failed' : 'unknown' }
}

function isSilent({ before = {}, after = {}, renamedFrom }: LedgerChange): boolean {
  return renamedFrom === undefined && JSON.stringify(sorted(before)) === JSON.stringify(sorted(after))
}

/** Members go one by one, so some of them may be there and others not: those that show are taken down. */
function lookMembers(
  change: LedgerChange,
  members: NonNullable<LedgerChange['members']>,
  kind: ResourceKind,
  live: LiveObject,
): LedgerChange {
  const list = live.values[kind.members?.field ?? '']
  const there = new Set((Array.isArray(list) ? list : []).map((item: unknown) => memberText(kind, item)))
  const added = members.added.filter((member) => there.has(member))
  const removed = members.removed.filter((member) => !there.has(member))
  const [done, wanted] = [added.length + removed.length, members.added.length + members.removed.length]
  const rest = (values: Values | undefined) => without(values ?? {}, kind.members?.field ?? '')
  if (done === wanted && shows(kind, rest(change.after), live)) return { ...change, outcome: 'done' }
  if (done === 0 && shows(kind, rest(change.before), live)) return { ...change, outcome: 'failed' }
  return { ...change, outcome: 'unknown', members: { added, removed }, after: {} }
}

function without(values: Values, name: string): Values {
  return Object.fromEntries(Object.entries(values).filter(([one]) => one !== name))
}

/** True if all that can be compared is as it was said to be. */
function shows(kind: ResourceKind, wanted: Values | undefined, live: LiveObject): boolean {
  return agrees(kind.fields, wanted ?? {}, recordable(kind.fields, live.values))
}

function agrees(fields: Fields, wanted: Values, live: Values): boolean {
  return Object.entries(wanted).every(([name, value]) => {
    const field = fields[name]
    const now = live[name]
    if (field === undefined || now === undefined) return true
    if (field.type === 'object' && isRecord(value) && isRecord(now)) return agrees(field.fields, value, now)
    return isSame(field, value, now)
  })
}
