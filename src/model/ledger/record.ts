import { anyObject, list, object, oneOf, optional, orNull, record, type TypeOf, text, whole, yes } from '../shape.ts'

/** The version of the ledger's format; a newer one is read by nobody who does not know it. */
export const LEDGER_FORMAT = 1

/** What a run was called by. */
export const ledgerCommands = oneOf('apply', 'destroy', 'adopt', 'rotate', 'rollback', 'lift')
/** How a run stands. */
export const states = oneOf('running', 'done', 'partial', 'interrupted')
/** What a change did. */
export const actions = oneOf('create', 'update', 'delete', 'adopt')
/** `pending`: announced, and nobody has said yet what became of it. */
export const outcomes = oneOf('pending', 'done', 'failed', 'skipped', 'unknown')
/** What a change did to the members of a list, by what tells them apart. */
export const members = object({ added: list(text()), removed: list(text()) })

/** What was last applied to one object. No secret is in it. */
export const ledgerEntry = object({
  subaccount: orNull(text()),
  kind: text(),
  key: text(),
  /** The API's id; empty where the API gives none. */
  id: text(),
  /** The managed fields as last applied, in the words of the spec, without secrets. */
  fields: anyObject,
  /** Keyed fingerprints of the secrets as last sent, by path (`password`, `auth.value`). */
  secrets: record(text()),
  /** Which members of its list are ours, by what tells them apart. */
  members: optional(list(text())),
  /** `made` by us, `changed` by us when it was there already, or `adopted` without a write. */
  origin: oneOf('made', 'changed', 'adopted'),
  /** The run that wrote it last. */
  run: text(),
  /** The key of the object whose place it takes, while that rotation is open. */
  twinOf: optional(text()),
  /** Its secret was shown once, and nobody is known to have it. */
  lost: optional(yes),
})

/** One change of a run, with what is needed to go back. */
export const ledgerChange = object({
  address: text(),
  subaccount: orNull(text()),
  kind: text(),
  key: text(),
  /** The API's id, as far as it is known. */
  id: optional(text()),
  action: actions,
  outcome: outcomes,
  /** The fields that it wrote, as they were; all that can be set, for a deletion. Without secrets. */
  before: optional(anyObject),
  after: optional(anyObject),
  /** It made a twin for the object with this key. */
  twinOf: optional(text()),
  /** The key it had before, where it was renamed. */
  renamedFrom: optional(text()),
  /** It made an object whose secret nobody is known to have. */
  lost: optional(yes),
  /** The secrets that it sent, by path, with their fingerprints: nobody can bring back what was there. */
  secrets: optional(record(text())),
  members: optional(members),
})

const about = {
  command: ledgerCommands,
  /** Who: a person at a machine, or the actor of a CI job. */
  by: text(),
  url: optional(text()),
  commit: optional(text()),
  mailconfig: text(),
  specHash: text(),
  /** The saved plan that it applied; one is for one apply. */
  plan: optional(text()),
}
/** What the history says of a run beside its changes. */
export const runAbout = object(about)

/** One run that wrote. */
export const ledgerRun = object({
  ...about,
  /** What `rollback --to` names: short, and unique in the record. */
  id: text(),
  /** When it began and ended, ISO 8601; no end: it still runs, or died. */
  startedAt: text(),
  endedAt: optional(text()),
  state: states,
  changes: list(ledgerChange),
  /** Its values were dropped to save room, so it cannot be undone any more. */
  trimmed: optional(yes),
})

/** What mailconfig remembers of one account. Live state is the truth; this only tells an edit from drift, and ours from theirs. */
const ledgerRecord = object({
  format: whole(1),
  /** Made with the record and never changed: two records with different lineages are two stories. */
  lineage: text(),
  /** One more with every write. */
  serial: whole(),
  account: object({ name: text(), api: text(), url: text() }),
  /** Which credentials have written it: marks that only the holder of one can make again. */
  marks: list(text()),
  /** By the address in the account: `smtpUsers/billing-app`, `Acme:smtpUsers/billing-app`. */
  entries: record(ledgerEntry),
  /** The latest run last. */
  history: list(ledgerRun),
})

/** What mailconfig remembers of one account. */
export type LedgerRecord = TypeOf<typeof ledgerRecord>
/** What was last applied to one object. */
export type LedgerEntry = TypeOf<typeof ledgerEntry>
/** What a run was called by. */
export type LedgerCommand = TypeOf<typeof ledgerCommands>
/** What the history says of a run beside its changes. */
export type RunAbout = TypeOf<typeof runAbout>
/** One run that wrote. */
export type LedgerRun = TypeOf<typeof ledgerRun>
/** One change of a run. */
export type LedgerChange = TypeOf<typeof ledgerChange>

/** The address of an entry in its account's record. */
export function entryAddress(subaccount: string | null, address: string): string {
  return subaccount === null ? address : `${subaccount}:${address}`
}
