import { createHash } from 'node:crypto'
import { isRecord, parseJson } from '../../model/json.ts'
import { LEDGER_FORMAT } from '../../model/ledger/record.ts'
import { LedgerError, type Stored } from './store.ts'

/** The records of all accounts, by name, for places that keep them in one document. */
export type StoredAccounts = ReadonlyMap<string, unknown>

/** What `JSON.parse` answers; a text that is not JSON is a `LedgerError` that names the place and quotes nothing. */
export function parseDocument(where: string, text: string): unknown {
  try {
    return parseJson(text)
  } catch {
    throw corrupt(where, 'it is not JSON')
  }
}

/** The accounts of a document; throws where it is not a ledger, or one of a newer mailconfig. */
export function accountsOf(where: string, document: unknown): StoredAccounts {
  if (!isRecord(document)) throw corrupt(where, 'it is not an object')
  const { format, accounts } = document
  if (typeof format !== 'number' || !Number.isInteger(format) || format < 1) throw corrupt(where, 'it has no format')
  if (format > LEDGER_FORMAT) {
    throw new LedgerError('LEDGER_NEWER', `${where} was written by a newer mailconfig (format ${format})`, {
      hint: `this one knows format ${LEDGER_FORMAT}; use the newer mailconfig`,
    })
  }
  if (!isRecord(accounts)) throw corrupt(where, 'it has no accounts')
  return new Map(Object.entries(accounts))
}

/** What stands under these names, with their tags. */
export function pick(accounts: StoredAccounts, names: readonly string[]): ReadonlyMap<string, Stored> {
  return new Map(
    names.filter((name) => accounts.has(name)).map((name): [string, Stored] => [name, stored(accounts.get(name))]),
  )
}

/** The accounts with one record put in; throws `LEDGER_CHANGED` where the record is not the one of the tag. */
export function put(
  where: string,
  accounts: StoredAccounts,
  change: { readonly account: string; readonly text: string; readonly tag: string | undefined },
): { readonly accounts: StoredAccounts; readonly tag: string } {
  const { account, text, tag } = change
  const before = accounts.has(account) ? stored(accounts.get(account)).tag : undefined
  if (before !== tag) throw changed(where, account)
  const record: unknown = parseJson(text)
  return { accounts: new Map([...accounts, [account, record]]), tag: stored(record).tag }
}

/** The document of these accounts, as a value. */
export function storeDocumentOf(accounts: StoredAccounts): { format: number; accounts: Record<string, unknown> } {
  const sorted = [...accounts].sort(([one], [other]) => (one < other ? -1 : 1))
  return { format: LEDGER_FORMAT, accounts: Object.fromEntries(sorted) }
}

/** Somebody else wrote in the meantime. */
export function changed(where: string, account: string): LedgerError {
  return new LedgerError('LEDGER_CHANGED', `the record of "${account}" in ${where} was changed by somebody else`, {
    hint: 'run the command again; it starts from what is there now',
  })
}

/** The lease is somebody else's by now, or nobody's. */
export function leaseLost(where: string): LedgerError {
  return new LedgerError('LEASE_LOST', `the lock of ${where} is no longer ours: it was released or taken over`, {
    hint: 'another run may be active; check it before you start again',
  })
}

/** What is there is no ledger. It is never overwritten. */
export function corrupt(where: string, why: string): LedgerError {
  return new LedgerError('LEDGER_CORRUPT', `${where} cannot be read as a ledger: ${why}`, {
    hint: 'it was left unchanged; restore an older version, or move it away to start without history',
  })
}

function stored(record: unknown): Stored {
  const text = JSON.stringify(record)
  return { text, tag: createHash('sha256').update(text).digest('base64url') }
}
