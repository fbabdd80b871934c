import { formatScope, type Scope } from '../../model/address.ts'
import { hasOwnId, type ResourceKind } from '../../model/kind/kind.ts'
import type { Memory } from '../../model/ledger/memory.ts'
import type { LedgerEntry, LedgerRecord } from '../../model/ledger/record.ts'
import type { Live } from '../../model/run/live.ts'
import { liveOf } from '../record/entries.ts'
import type { Fingerprints } from '../record/fingerprint.ts'

/** A record that was read, and the fingerprints of the credential at hand. */
export interface Known {
  readonly record: LedgerRecord
  readonly prints: Fingerprints | undefined
}

/** What the ids say: `proved` one is as recorded, `contradicted` there are others under the same names, or nothing. */
type AccountEvidence = 'proved' | 'contradicted' | 'none'

/** Whether a record is about what is live, by the ids that the API gives and that no two accounts share by chance. */
export function evidenceOf(
  record: LedgerRecord,
  account: string,
  live: Live,
  kinds: readonly ResourceKind[],
): AccountEvidence {
  const own = new Set(kinds.filter(hasOwnId).map((kind) => kind.name))
  let other = false
  for (const entry of Object.values(record.entries)) {
    if (!own.has(entry.kind) || entry.id === '') continue
    const there = liveOf(live, { account, subaccount: entry.subaccount }, entry.kind)?.filter(
      ({ key }) => key === entry.key,
    )
    if (there === undefined || there.length === 0) continue
    if (there.some(({ id }) => id === entry.id)) return 'proved'
    other = true
  }
  return other ? 'contradicted' : 'none'
}

/** True where the credential at hand has written a record before. */
export function hasWritten({ record, prints }: Known): boolean {
  return prints !== undefined && record.marks.includes(prints.mark)
}

/** The engine's memory out of records that may be relied on. */
export function memoryOf(known: ReadonlyMap<string, Known>, proven: ReadonlySet<string>): Memory {
  const byScope = new Map<string, Map<string, LedgerEntry>>()
  for (const [account, { record }] of known)
    for (const entry of Object.values(record.entries)) {
      const name = nameOf({ account, subaccount: entry.subaccount }, entry.kind)
      const same = byScope.get(name) ?? new Map<string, LedgerEntry>()
      byScope.set(name, same.set(entry.key, entry))
    }
  return {
    knows: (account) => known.has(account),
    proves: (account) => proven.has(account),
    entry: (scope, kind, key) => byScope.get(nameOf(scope, kind))?.get(key),
    entries: (scope, kind) => [...(byScope.get(nameOf(scope, kind))?.values() ?? [])],
    isSame(account, recorded, secret) {
      const prints = known.get(account)?.prints
      return recorded === undefined ? undefined : prints?.matches(recorded, secret)
    },
  }
}

function nameOf(scope: Scope, kind: string): string {
  return `${formatScope(scope)}:${kind}`
}
