import { formatAddress, formatScope, type Scope } from '../../model/address.ts'
import type { Values } from '../../model/kind/field.ts'
import { hasOwnId, type ResourceKind } from '../../model/kind/kind.ts'
import type { LiveObject } from '../../model/kind/live-object.ts'
import { entryAddress, type LedgerEntry } from '../../model/ledger/record.ts'
import { isRevealing } from '../../model/ledger/recordable.ts'
import type { Change } from '../../model/run/change.ts'
import type { Live } from '../../model/run/live.ts'
import type { Secret } from '../../model/secret.ts'
import type { Fingerprints } from './fingerprint.ts'

/** The entries of a record, by address. */
export type Entries = Map<string, LedgerEntry>

/** What else is known of a change that took place. */
export interface ChangeEffect {
  readonly run: string
  readonly kind: ResourceKind
  /** All managed fields, where they are at hand; else those of before and what was written. */
  readonly managed?: Values | undefined
}

/** True for a change that a record can hold: a name that gives access by itself is written down nowhere. */
export function isRecordable(change: Change): boolean {
  const from = change.action === 'update' || change.action === 'delete' ? change.live.key : change.key
  return !isRevealing(change.key) && !isRevealing(from)
}

/** Fingerprints by path; empty ones, which match nothing, where no credential is at hand. */
export function fingerprinted(
  secrets: ReadonlyMap<string, Secret>,
  prints: Fingerprints | undefined,
): Record<string, string> {
  return Object.fromEntries([...secrets].map(([path, secret]) => [path, prints?.make(secret) ?? '']))
}

/** True where two ids speak of the same object, as far as ids can tell. */
export function isSameObject(kind: ResourceKind, recorded: string, id: string | undefined): boolean {
  return !hasOwnId(kind) || recorded === '' || id === undefined || recorded === id
}

/** The live objects of a kind; undefined where they were not read to the end. */
export function liveOf(live: Live, scope: Scope, kind: string): readonly LiveObject[] | undefined {
  const collection = live.get(formatScope(scope))?.collections.get(kind)
  return collection?.known === true ? collection.objects : undefined
}

/** Where an entry stands in its record. */
export function addressOf({ subaccount, kind, key }: Pick<LedgerEntry, 'subaccount' | 'kind' | 'key'>): string {
  return entryAddress(subaccount, formatAddress(kind, key))
}
