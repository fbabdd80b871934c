import { isRecord } from '../../model/json.ts'
import type { FieldChange, Reason } from '../../model/kind/difference.ts'
import type { Field, Values } from '../../model/kind/field.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import type { LiveObject } from '../../model/kind/live-object.ts'
import { fieldAt } from '../../model/kind/walk.ts'
import type { LedgerEntry } from '../../model/ledger/record.ts'
import { recordable, recordableValue } from '../../model/ledger/recordable.ts'
import { isSame } from '../../model/value/canonical.ts'
import { valueAt } from '../../model/value/path.ts'

/** What three ways of an object are compared: what was last applied, what is live, what is desired. */
interface Ways {
  readonly kind: ResourceKind
  readonly entry: LedgerEntry
  readonly live: LiveObject
  readonly desired: Values
}

/** Says of each field who changed it; a secret that only goes along has the reason of what it goes along with. */
export function explainFields(fields: readonly FieldChange[], ways: Ways): FieldChange[] {
  const own = fields.map((field) => (field.reason === undefined && !field.sensitive ? explained(field, ways) : field))
  const why = combined(own.flatMap(({ reason }) => (reason === undefined ? [] : [reason])))
  return own.map((field) => (field.reason === undefined ? { ...field, reason: why } : field))
}

/** One reason for several: edits and drift together are both. */
export function combined(reasons: readonly Reason[]): Reason {
  const found = new Set(reasons)
  if (found.size === 0) return 'unknown'
  const [first = 'unknown'] = found
  if (found.size === 1) return first
  if (found.has('unknown') && found.size === 2 && !found.has('both')) return 'unknown'
  return 'both'
}

function explained(change: FieldChange, { kind, entry, live, desired }: Ways): FieldChange {
  const field = fieldAt(kind.fields, change.path)
  const base = valueAt(entry.fields, change.path)
  if (field === undefined) return change
  if (base === undefined) return { ...change, reason: 'spec' } // managed since a moment ago
  const now = comparable(field, valueAt(live.values, change.path))
  const wanted = comparable(field, valueAt(desired, change.path))
  return { ...change, reason: changeReason(isSame(field, base, now), isSame(field, base, wanted)) }
}

/** Live is as it was left: the spec changed. The spec is: somebody else did. Neither: both. */
export function changeReason(liveIsBase: boolean, desiredIsBase: boolean): Reason {
  if (liveIsBase) return 'spec'
  return desiredIsBase ? 'drift' : 'both'
}

/** A value as the record would hold it, so that like is compared with like. */
export function comparable(field: Field, value: unknown): unknown {
  if (field.type === 'object' && isRecord(value)) return recordable(field.fields, value)
  return recordableValue(field, value)
}
