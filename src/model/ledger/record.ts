import type { Api } from '../kind/api.ts'
import type { Values } from '../kind/field.ts'

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
  /** Which credentials have written it: marks that only whoever holds one can make again. */
  readonly marks: readonly string[]
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
  /** Which members of its list are ours, by what tells them apart. */
  readonly members?: readonly string[]
  /** `made` by us, `changed` by us when it was there already, or `adopted` without a write. */
  readonly origin: 'made' | 'changed' | 'adopted'
  /** The run that wrote it last. */
  readonly run: string
  /** The key of the object whose place it takes, while that rotation is open. */
  readonly twinOf?: string
  /** Its secret was shown once, and nobody is known to have it. */
  readonly lost?: true
}

/** What a run was called by. */
export type LedgerCommand = 'apply' | 'destroy' | 'adopt' | 'rotate' | 'rollback' | 'lift'

/** What the history says of a run beside its changes. */
export interface RunAbout {
  readonly command: LedgerCommand
  /** Who: a person at a machine, or the actor of a CI job. */
  readonly by: string
  readonly url?: string
  readonly commit?: string
  readonly mailconfig: string
  readonly specHash: string
  /** The saved plan that it applied; one is for one apply. */
  readonly plan?: string
}

/** One run that wrote. */
export interface LedgerRun extends RunAbout {
  /** What `rollback --to` names: short, and unique in the record. */
  readonly id: string
  /** When it began and ended, ISO 8601; no end: it still runs, or died. */
  readonly startedAt: string
  readonly endedAt?: string
  readonly state: 'running' | 'done' | 'partial' | 'interrupted'
  readonly changes: readonly LedgerChange[]
  /** Its values were dropped to save room, so it cannot be undone any more. */
  readonly trimmed?: true
}

/** One change of a run, with what is needed to go back. */
export interface LedgerChange {
  readonly address: string
  readonly subaccount: string | null
  readonly kind: string
  readonly key: string
  /** The API's id, as far as it is known. */
  readonly id?: string
  readonly action: 'create' | 'update' | 'delete' | 'adopt'
  /** `pending`: announced, and nobody has said yet what became of it. */
  readonly outcome: 'pending' | 'done' | 'failed' | 'skipped' | 'unknown'
  /** The fields that it wrote, as they were; all that can be set, for a deletion. Without secrets. */
  readonly before?: Values
  readonly after?: Values
  /** It made a twin for the object with this key. */
  readonly twinOf?: string
  /** The key it had before, where it was renamed. */
  readonly renamedFrom?: string
  /** It made an object whose secret nobody is known to have. */
  readonly lost?: true
  /** The secrets that it sent, by path, with their fingerprints: nobody can bring back what was there. */
  readonly secrets?: Readonly<Record<string, string>>
  /** What it did to the members of a list, by what tells them apart. */
  readonly members?: { readonly added: readonly string[]; readonly removed: readonly string[] }
}

/** The address of an entry in its account's record. */
export function entryAddress(subaccount: string | null, address: string): string {
  return subaccount === null ? address : `${subaccount}:${address}`
}
