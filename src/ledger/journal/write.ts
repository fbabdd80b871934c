import { randomBytes } from 'node:crypto'
import type { ResourceKind } from '../../model/kind/kind.ts'
import type { Journal } from '../../model/ledger/journal.ts'
import type { LedgerRecord, LedgerRun, RunAbout } from '../../model/ledger/record.ts'
import type { Problem } from '../../model/problem.ts'
import type { Live } from '../../model/run/live.ts'
import type { Entries } from '../record/entries.ts'
import type { Fingerprints } from '../record/fingerprint.ts'
import { boundHistory, type Keep } from '../record/history.ts'
import { formatRecord } from '../record/text.ts'
import type { Store } from '../stores/store.ts'

/** A journal that a door can ask afterwards whether the ledger has it all. */
export interface LedgerJournal extends Journal {
  /** The run's id; empty before `begin`. */
  readonly id: string
  /** Why the ledger does not have it all; then the run is only partly done, whatever its results say. */
  readonly failure: Problem | undefined
}

/** How many credentials a record remembers to have been written with. */
const MARKS = 8

/** One account's record as it is open: what was read, or a new one, and the tag that a write has to name. */
export interface Open {
  readonly record: LedgerRecord
  readonly tag: string | undefined
  readonly prints: Fingerprints | undefined
  /** False if it is uncertain that the record is about this account: its credential is not written down as known. */
  readonly isProven: boolean
}

/** What a journal writes into. */
export interface JournalOptions {
  readonly store: Store
  readonly kinds: readonly ResourceKind[]
  readonly now: () => Date
  readonly keep: Keep
  readonly live: Live
  /** The open record of an account; throws `LedgerError` where it must not be written over. */
  readonly open: (account: string) => Open
  /** Told of each record as it was written. */
  readonly wrote: (account: string, open: Open) => void
}

/** A short id that none of the records has yet. */
export function freshId(records: readonly LedgerRecord[]): string {
  const taken = new Set(records.flatMap(({ history }) => history.map((run) => run.id)))
  for (;;) {
    const id = randomBytes(4).toString('hex').slice(0, 7)
    if (!taken.has(id)) return id
  }
}

/** A run that begins. */
export function runOf(id: string, about: RunAbout, now: Date): LedgerRun {
  return { id, startedAt: now.toISOString(), ...about, state: 'running', changes: [] }
}

/** Writes a record with its next serial and the mark of the credential at hand, if it is still the one that was read. */
export async function writeRecord(
  { store, keep }: Pick<JournalOptions, 'store' | 'keep'>,
  account: string,
  { record, tag, prints, isProven }: Open,
  news: { readonly entries: Entries; readonly history: readonly LedgerRun[] },
): Promise<Open> {
  const marks =
    prints === undefined || !isProven
      ? record.marks
      : [...record.marks.filter((one) => one !== prints.mark), prints.mark]
  const next: LedgerRecord = {
    ...record,
    serial: record.serial + 1,
    marks: marks.slice(-MARKS),
    entries: Object.fromEntries(news.entries),
    history: boundHistory(news.history, keep),
  }
  return { record: next, tag: await store.write(account, formatRecord(next), tag), prints, isProven }
}
