import type { DesiredObject } from '../../model/desired/object.ts'
import { defined } from '../../model/json.ts'
import type { Values } from '../../model/kind/field.ts'
import { fieldOf, hasOwnId, type ResourceKind } from '../../model/kind/kind.ts'
import type { LiveObject } from '../../model/kind/live-object.ts'
import type { LedgerEntry } from '../../model/ledger/record.ts'
import { recordable } from '../../model/ledger/recordable.ts'
import type { Change } from '../../model/run/change.ts'
import type { Live } from '../../model/run/live.ts'
import { canonicalKey } from '../../model/value/canonical.ts'
import { memberText } from '../../model/value/member.ts'
import { addressOf, type Entries, isRecordable, isSameObject, liveOf } from './entries.ts'

/** What a plan knows of one account. */
interface Seen {
  readonly account: string
  readonly changes: readonly Change[]
  readonly objects: readonly DesiredObject[]
  readonly live: Live
  readonly kinds: readonly ResourceKind[]
}

/**
 * Brings entries up to date without a write to any API: objects that are as the spec says have its fields as their last applied
 * ones, and what is neither live nor declared is forgotten, so that a later object of that name is not mistaken for ours.
 */
export function refresh(entries: Entries, { account, changes, objects, live, kinds }: Seen): void {
  const declared = new Set(objects.filter((one) => one.scope.account === account).map(addressOfDesired))
  for (const [address, entry] of [...entries]) {
    const kind = kinds.find(({ name }) => name === entry.kind)
    const there = liveOf(live, { account, subaccount: entry.subaccount }, entry.kind)
    if (kind === undefined || kind.singleton !== undefined || there === undefined || declared.has(address)) continue
    const same = (one: LiveObject) => one.key === entry.key || (hasOwnId(kind) && one.id === entry.id)
    if (!there.some(same)) entries.delete(address)
  }
  for (const [address, entry] of [...entries]) {
    const there = liveOf(live, { account, subaccount: entry.subaccount }, entry.kind)
    if (entry.twinOf === undefined || there === undefined) continue
    const isOpen =
      there.some(({ key }) => key === entry.twinOf) || declared.has(addressOf({ ...entry, key: entry.twinOf }))
    if (!isOpen) entries.set(address, withoutTwin(entry))
  }
  for (const change of changes) {
    if (change.scope.account !== account || change.action !== 'noop' || change.desired.state === 'absent') continue
    if (change.live !== undefined && isRecordable(change)) refreshOne(entries, change.desired, change.live)
  }
}

/** What it stood in for is gone, so it is an object like any other. */
function withoutTwin({ twinOf: _done, ...entry }: LedgerEntry): LedgerEntry {
  return entry
}

function addressOfDesired({ scope, kind, key }: DesiredObject): string {
  return addressOf({ subaccount: scope.subaccount, kind: kind.name, key })
}

function refreshOne(entries: Entries, desired: DesiredObject, live: LiveObject): void {
  const { kind, key, scope, moved } = desired
  const at = (name: string) => addressOf({ subaccount: scope.subaccount, kind: kind.name, key: name })
  const old = moved === undefined ? undefined : at(canonicalKey(fieldOf(kind, kind.key), moved))
  const before = old === undefined ? undefined : entries.get(old)
  const isMoved = before !== undefined && hasOwnId(kind) && before.id === live.id
  const prior = entries.get(at(key)) ?? (isMoved ? before : undefined)
  if (prior === undefined) return
  if (isMoved && old !== undefined) entries.delete(old)
  const same = isSameObject(kind, prior.id, live.id)
  const members = membersOf(kind, prior, live.values)
  entries.set(at(key), {
    ...prior,
    key,
    id: live.id,
    fields: recordable(kind.fields, desired.values),
    origin: same ? prior.origin : 'changed', // somebody made another one under this name
    ...defined({ members }),
  })
}

/** Members that are no longer there are no longer ours. */
function membersOf(kind: ResourceKind, { members }: LedgerEntry, live: Values): readonly string[] | undefined {
  if (members === undefined || kind.members === undefined) return undefined
  const list = live[kind.members.field]
  const there = new Set((Array.isArray(list) ? list : []).map((item: unknown) => memberText(kind, item)))
  return members.filter((member) => there.has(member))
}
