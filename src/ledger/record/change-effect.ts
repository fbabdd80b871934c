import { formatAddress } from '../../model/address.ts'
import { defined } from '../../model/json.ts'
import { isOneCall } from '../../model/kind/call.ts'
import type { Values } from '../../model/kind/field.ts'
import { makesScopes, type ResourceKind } from '../../model/kind/kind.ts'
import { entryAddress, type LedgerChange, type LedgerEntry } from '../../model/ledger/record.ts'
import { overlaid } from '../../model/value/path.ts'
import { addressOf, type ChangeEffect, type Entries, isSameObject } from './entries.ts'

/** Writes into the entries that a change took place. */
export function applyChange(entries: Entries, change: LedgerChange, { run, kind, managed }: ChangeEffect): void {
  const address = addressOf(change)
  const place = { subaccount: change.subaccount, kind: change.kind, key: change.key, run }
  switch (change.action) {
    case 'delete':
      entries.delete(address)
      if (!canTakeName(kind)) closeRotation(entries, change)
      return
    case 'create':
    case 'adopt':
      entries.set(address, {
        ...place,
        id: change.id ?? '',
        fields: change.after ?? {},
        secrets: change.secrets ?? {},
        origin: change.action === 'create' ? 'made' : 'adopted',
        ...defined({ twinOf: change.twinOf, lost: change.lost }),
        ...(change.members === undefined ? {} : { members: change.members.added }),
      })
      return
    case 'update': {
      const prior = takeOut(entries, change, makesScopes(kind))
      const same = prior !== undefined && isSameObject(kind, prior.id, change.id)
      const members = membersAfter(prior, change)
      entries.set(address, {
        ...place,
        id: change.id ?? prior?.id ?? '',
        fields: managed ?? overlaid(prior?.fields ?? {}, { ...keyField(kind, change), ...change.after }),
        secrets: { ...prior?.secrets, ...change.secrets },
        origin: same ? prior.origin : 'changed',
        ...(same && prior.twinOf !== undefined && prior.twinOf !== change.key ? { twinOf: prior.twinOf } : {}),
        ...defined({ members }),
      })
    }
  }
}

/** True where the twin gets the name of the one that is gone, and the rotation ends with that. */
function canTakeName({ calls: { update } }: ResourceKind): boolean {
  return update !== undefined && isOneCall(update) && update.renames !== undefined
}

/** What a twin stood in for is gone: it is an object like any other. */
function closeRotation(entries: Entries, { kind, subaccount, key }: LedgerChange): void {
  for (const [address, { twinOf, ...entry }] of [...entries])
    if (twinOf === key && entry.kind === kind && entry.subaccount === subaccount) entries.set(address, entry)
}

function keyField(kind: ResourceKind, change: LedgerChange): Values {
  return kind.key === '' ? {} : { [kind.key]: change.key }
}

/** The entry of before, out of its old place where it was renamed; what is in a renamed subaccount goes along. */
function takeOut(entries: Entries, change: LedgerChange, hasInside: boolean): LedgerEntry | undefined {
  const { kind, subaccount, renamedFrom, key } = change
  if (renamedFrom === undefined) return entries.get(addressOf(change))
  const old = entryAddress(subaccount, formatAddress(kind, renamedFrom))
  const prior = entries.get(old)
  entries.delete(old)
  if (hasInside)
    for (const [address, entry] of [...entries]) {
      if (entry.subaccount !== renamedFrom) continue
      const moved = { ...entry, subaccount: key }
      entries.delete(address)
      entries.set(addressOf(moved), moved)
    }
  return prior ?? entries.get(addressOf(change))
}

function membersAfter(prior: LedgerEntry | undefined, { members }: LedgerChange): readonly string[] | undefined {
  if (members === undefined) return prior?.members
  const gone = new Set(members.removed)
  return [...new Set([...(prior?.members ?? []), ...members.added])].filter((member) => !gone.has(member)).sort()
}
