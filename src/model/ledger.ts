import type { Scope } from './address.ts'
import { canonical, isRecord } from './canon.ts'
import type { Change, DesiredObject, Result } from './change.ts'
import type { Field, Fields } from './field.ts'
import type { Api, ResourceKind, Values } from './kind.ts'
import { SENSITIVE, Secret } from './secret.ts'

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

/** Where a run says what it is about to do, and what became of it. */
export interface Journal {
  /** Announces the changes; rejects if that cannot be written, and then nothing may be applied. */
  begin(plan: { readonly changes: readonly Change[]; readonly objects: readonly DesiredObject[] }): Promise<void>
  /** Takes a result down; it is written at the latest a moment later. */
  record(result: Result): void
  /** Aborted when the ledger can be written no more: what is under way ends, nothing new begins. */
  readonly broken: AbortSignal
  /** Writes what became of everything; never rejects, for the run is over. */
  end(results: readonly Result[], state: 'done' | 'partial' | 'interrupted'): Promise<void>
}

/** The address of an entry in its account's record. */
export function entryAddress(subaccount: string | null, address: string): string {
  return subaccount === null ? address : `${subaccount}:${address}`
}

/** True where the API's id says more than the key: an object that was made again has another one. */
export function hasOwnId(kind: ResourceKind): boolean {
  return kind.singleton === undefined && kind.id !== '' && kind.id !== kind.key
}

/** What tells a member of a kind's list apart, in its one form. */
export function memberText(kind: ResourceKind, item: unknown): string {
  const { members } = kind
  const field = members === undefined ? undefined : kind.fields[members.field]
  const key = members?.key !== undefined && isRecord(item) ? item[members.key] : item
  if (field === undefined || !('items' in field)) return String(key)
  const inner =
    field.items.type === 'object' && members?.key !== undefined ? field.items.fields[members.key] : field.items
  return String(inner === undefined ? key : canonical(inner, key))
}

/** Texts that give access by themselves, wherever they stand: a whole API key, a URL with a password in it. */
const REVEALING = /\bapi-[0-9A-Za-z]{32}\b|^[a-z][a-z0-9+.-]*:\/\/[^/?#\s]*@/i

/** True for a text that no record may hold. */
export function isRevealing(text: string): boolean {
  return REVEALING.test(text)
}

/** Values as a record may hold them: what can be set, without secrets and without what is for mailconfig alone. */
export function recordable(fields: Fields, values: Values): Values {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => {
      const field = fields[name]
      if (field === undefined || field.computed === true || field.local === true || field.secret === true) return []
      return value === undefined ? [] : [[name, recordableValue(field, value)]]
    }),
  )
}

/** One value as a record may hold it. */
export function recordableValue(field: Field, value: unknown): unknown {
  if (value instanceof Secret || field.secret === true) return SENSITIVE
  if (typeof value === 'string') return isRevealing(value) ? SENSITIVE : value
  if (Array.isArray(value))
    return value.map((item) => ('items' in field ? recordableValue(field.items, item) : scrubbed(item)))
  if (!isRecord(value)) return value
  return field.type === 'object' ? recordable(field.fields, value) : scrubbed(value)
}

/** JSON that no field describes. */
function scrubbed(value: unknown): unknown {
  if (typeof value === 'string') return isRevealing(value) ? SENSITIVE : value
  if (Array.isArray(value)) return value.map(scrubbed)
  if (!isRecord(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, scrubbed(one)]))
}
