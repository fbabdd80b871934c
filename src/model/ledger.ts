import type { Scope } from './address.ts'
import type { Api, Values } from './kind.ts'
import type { Secret } from './secret.ts'

/** The version of the ledger's format; a newer one is read by nobody who does not know it. */
export const LEDGER_FORMAT = 1

/** What mailconfig remembers of one account. Live state is the truth; this only tells an edit from drift, and ours from theirs. */
export interface LedgerRecord {
  readonly format: number
  /** Made with the record and never changed: two records with different lineages are two stories. */
  readonly lineage: string
  /** One more with every write. */
  readonly serial: number
  readonly account: { readonly name: string; readonly api: Api; readonly url: string }
  /** By the address in the account: `smtpUsers/billing-app`, `Acme:smtpUsers/billing-app`. */
  readonly entries: Readonly<Record<string, LedgerEntry>>
  /** The latest run last. */
  readonly history: readonly LedgerRun[]
}

/** What was last applied to one object. No secret is in it. */
export interface LedgerEntry {
  readonly subaccount: string | null
  readonly kind: string
  readonly key: string
  /** The API's id; empty where the API gives none. */
  readonly id: string
  /** The managed fields as last applied, in the words of the spec, without secrets. */
  readonly fields: Values
  /** Keyed fingerprints of the secrets as last sent, by path (`password`, `auth.value`). */
  readonly secrets: Readonly<Record<string, string>>
  /** `made` by us, `changed` by us when it was there already, or `adopted` without a write. */
  readonly origin: 'made' | 'changed' | 'adopted'
  /** The run that wrote it last. */
  readonly run: string
}

/** One run that wrote. */
export interface LedgerRun {
  /** What `rollback --to` names: short, and unique in the record. */
  readonly id: string
  readonly command: 'apply' | 'destroy' | 'adopt' | 'rotate' | 'rollback'
  /** When it began and ended, ISO 8601; no end: it still runs, or died. */
  readonly startedAt: string
  readonly endedAt?: string
  /** Who: a person at a machine, or the actor of a CI job. */
  readonly by: string
  readonly url?: string
  readonly commit?: string
  readonly mailconfig: string
  readonly specHash: string
  readonly state: 'running' | 'done' | 'partial' | 'interrupted'
  readonly changes: readonly LedgerChange[]
}

/** One change of a run, with what is needed to go back. */
export interface LedgerChange {
  readonly address: string
  readonly subaccount: string | null
  readonly kind: string
  readonly key: string
  readonly action: 'create' | 'update' | 'delete' | 'adopt'
  /** `pending`: announced, and nobody has said yet what became of it. */
  readonly outcome: 'pending' | 'done' | 'failed' | 'skipped' | 'unknown'
  /** The fields that it wrote, as they were; all that was read, for a deletion. Without secrets. */
  readonly before?: Values
  readonly after?: Values
  /** The key it had before, where it was renamed. */
  readonly renamedFrom?: string
  /** The paths of secrets that it sent: nobody can bring back what was there. */
  readonly secrets?: readonly string[]
}

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

/** The address of an entry in its account's record. */
export function entryAddress(subaccount: string | null, address: string): string {
  return subaccount === null ? address : `${subaccount}:${address}`
}
