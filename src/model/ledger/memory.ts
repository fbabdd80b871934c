import type { Scope } from '../address.ts'
import type { Secret } from '../secret.ts'
import type { LedgerEntry } from './record.ts'

/** The engine's view of the ledger: questions that it can answer, account by account. */
export interface Memory {
  /** False where there is no record that may be relied on; then the comparison is two-way. */
  knows(account: string): boolean
  /** True where `owned` may delete what the record holds: it is beyond doubt that the record is about this account. */
  proves(account: string): boolean
  entry(scope: Scope, kind: string, key: string): LedgerEntry | undefined
  entries(scope: Scope, kind: string): readonly LedgerEntry[]
  /** Whether a secret is the one that was last sent; undefined where nobody can say (never sent, or with another credential). */
  isSame(account: string, recorded: string | undefined, secret: Secret): boolean | undefined
}

/** The memory of somebody without a ledger. */
export const NO_MEMORY: Memory = {
  knows: () => false,
  proves: () => false,
  entry: () => undefined,
  entries: () => [],
  isSame: () => undefined,
}
