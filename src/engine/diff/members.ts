import type { Mode } from '../../model/desired/document-fields.ts'
import type { DesiredObject } from '../../model/desired/object.ts'
import { defined, isRecord } from '../../model/json.ts'
import type { FieldChange, MemberChanges, Reason } from '../../model/kind/difference.ts'
import type { Field, Values } from '../../model/kind/field.ts'
import type { Members, ResourceKind } from '../../model/kind/kind.ts'
import type { LiveObject } from '../../model/kind/live-object.ts'
import type { LedgerEntry } from '../../model/ledger/record.ts'
import { isSame } from '../../model/value/canonical.ts'
import { memberKey, memberText } from '../../model/value/member.ts'
import { differences } from './fields.ts'
import { changeReason, combined, comparable } from './reason.ts'

/** What decides about members that the spec does not name. */
interface MemberRules {
  readonly mode: Mode
  /** What was applied before; undefined where nobody remembers. */
  readonly entry?: LedgerEntry | undefined
  /** True where what the entry holds may be removed. */
  readonly proven: boolean
  readonly isIgnored: (member: string) => boolean
}

/** How a list differs, member by member. */
export interface MemberDiff {
  readonly fields: readonly FieldChange[]
  readonly changes?: MemberChanges
  /** Live members that nobody named and that stay. */
  readonly unmanaged: readonly string[]
  /** Members that would be removed if it were beyond doubt that they are ours. */
  readonly doubtful: readonly string[]
}

/** Compares the members of a singleton's list; whose member it is decides what happens to one that the spec does not name. */
export function diffMembers(desired: DesiredObject, live: LiveObject, rules: MemberRules): MemberDiff {
  const { kind } = desired
  const { members } = kind
  if (members === undefined || desired.values[members.field] === undefined)
    return { fields: [], unmanaged: [], doubtful: [] }
  const { changes, extra } = changedMembers(kind, members, desired.values, live.values)
  const loose = extra.filter((item) => !rules.isIgnored(String(memberKey(members, item))))
  const ours = new Set(rules.mode === 'owned' ? (rules.entry?.members ?? []) : [])
  const mine = loose.filter((item) => ours.has(memberText(kind, item)))
  const removed = rules.mode === 'authoritative' ? loose : rules.proven ? mine : []
  const before = live.values[members.field]
  const kept = asList(before).filter((item) => !removed.includes(item))
  const edited = new Map(changes.edited.map((item) => [memberText(kind, item), item]))
  const after = [...kept.map((item) => edited.get(memberText(kind, item)) ?? item), ...changes.added]
  const found = { ...changes, removed, after }
  const texts = (items: readonly unknown[]) => items.map((item) => String(memberKey(members, item)))
  const same = changes.added.length + changes.edited.length + removed.length === 0
  const reason = rules.entry === undefined ? undefined : reasonOfMembers(kind, members, rules.entry, live, found)
  const field = { path: members.field, before, after, sensitive: false, ...defined({ reason }) }
  return {
    fields: same ? [] : [field],
    changes: found,
    unmanaged: texts(loose.filter((item) => !removed.includes(item))),
    doubtful: texts(rules.proven ? [] : mine),
  }
}

/** A member that was there and is missing is drift; one that nobody applied yet is an edit of the spec. */
function reasonOfMembers(
  kind: ResourceKind,
  members: Members,
  entry: LedgerEntry,
  live: LiveObject,
  { added, edited, removed }: MemberChanges,
): Reason {
  const field = kind.fields[members.field]
  const item = field !== undefined && 'items' in field ? field.items : undefined
  const byText = (list: unknown) => new Map(asList(list).map((one) => [memberText(kind, one), one]))
  const [base, now] = [byText(entry.fields[members.field]), byText(live.values[members.field])]
  const ofEdited = (one: unknown): Reason => {
    const text = memberText(kind, one)
    const applied = base.get(text)
    if (item === undefined || applied === undefined) return 'spec'
    const same = (value: unknown) => isSameMember(item, applied, comparable(item, value))
    return changeReason(same(now.get(text)), same(one))
  }
  return combined([
    ...added.map((one): Reason => (base.has(memberText(kind, one)) ? 'drift' : 'spec')),
    ...edited.map(ofEdited),
    ...removed.map((one): Reason => (base.has(memberText(kind, one)) ? 'spec' : 'drift')),
  ])
}

/** Compared by what was applied: the API may show more of a member than the spec says. */
function isSameMember(field: Field, applied: unknown, other: unknown): boolean {
  if (!isRecord(applied) || !isRecord(other)) return isSame(field, applied, other)
  return differences(field, '', other, applied).length === 0
}

/** How the members of a singleton's list differ: what to add and edit, and what is there beyond the spec. */
function changedMembers(
  kind: ResourceKind,
  members: Members,
  desired: Values,
  live: Values,
): { readonly changes: Omit<MemberChanges, 'removed' | 'after'>; readonly extra: readonly unknown[] } {
  const field = kind.fields[members.field]
  if (field === undefined || !('items' in field)) return { changes: { added: [], edited: [] }, extra: [] }
  const wanted = asList(desired[members.field])
  const have = asList(live[members.field])
  const liveByKey = new Map(have.map((item) => [memberText(kind, item), item]))
  const wantedKeys = new Set(wanted.map((item) => memberText(kind, item)))
  const added = wanted.filter((item) => !liveByKey.has(memberText(kind, item)))
  const edited = wanted.filter((item) => {
    const before = liveByKey.get(memberText(kind, item))
    return isRecord(item) && isRecord(before) && differences(field.items, '', before, item).length > 0
  })
  const extra = have.filter((item) => !wantedKeys.has(memberText(kind, item)))
  return { changes: { added, edited }, extra }
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
