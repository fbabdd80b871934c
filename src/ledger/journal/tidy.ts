import { refresh } from '../record/refresh.ts'
import { LedgerError } from '../stores/store.ts'
import { type JournalOptions, type LedgerJournal, writeRecord } from './write.ts'

/**
 * Writes what a plan without changes has taught: fields that are as the spec says, names that nobody has any more, runs that
 * died. An account without a record, or with one that must not be written over, stays as it is.
 */
export async function tidyAll(
  { changes, objects }: Parameters<LedgerJournal['begin']>[0],
  accounts: readonly string[],
  options: JournalOptions,
): Promise<void> {
  const { kinds, live, now } = options
  for (const account of accounts) {
    const open = openOf(account, options)
    if (open === undefined || open.record.serial === 0) continue
    const entries = new Map(Object.entries(open.record.entries))
    refresh(entries, { account, changes, objects, live, kinds })
    const before = JSON.stringify(open.record.entries)
    const dead = open.record.history.some(({ state, endedAt }) => state === 'interrupted' && endedAt === undefined)
    if (!dead && JSON.stringify(Object.fromEntries(entries)) === before) continue
    const history = open.record.history.map((run) =>
      run.state === 'interrupted' && run.endedAt === undefined ? { ...run, endedAt: now().toISOString() } : run,
    )
    options.wrote(account, await writeRecord(options, account, open, { entries, history }))
  }
}

function openOf(account: string, { open }: JournalOptions): ReturnType<JournalOptions['open']> | undefined {
  try {
    return open(account)
  } catch (error) {
    if (error instanceof LedgerError) return undefined
    throw error
  }
}
