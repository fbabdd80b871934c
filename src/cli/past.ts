import type { Book, PastRun } from '../ledger/book.ts'
import type { LedgerChange, LedgerRun } from '../model/ledger/record.ts'
import { neededPlace, storeOf } from './ledger.ts'
import type { Invocation } from './main.ts'

/** One run over all its accounts. */
export interface WholeRun extends Omit<LedgerRun, 'changes'> {
  readonly accounts: readonly string[]
  readonly changes: readonly (LedgerChange & { readonly account: string })[]
}

/** Runs that several accounts remember are one; the latest first. */
export function wholeRuns(past: readonly PastRun[]): WholeRun[] {
  const runs = new Map<string, WholeRun>()
  for (const { account, run } of past) {
    const known = runs.get(run.id)
    const changes = run.changes.map((change) => ({ account, ...change }))
    runs.set(
      run.id,
      known === undefined
        ? { ...run, accounts: [account], changes }
        : {
            ...known,
            ...worse(known, run),
            accounts: [...known.accounts, account],
            changes: [...known.changes, ...changes],
          },
    )
  }
  return [...runs.values()].map((run) => ({ ...run, accounts: [...run.accounts].sort() }))
}

const ORDER: readonly LedgerRun['state'][] = ['running', 'interrupted', 'partial', 'done']

/** Of two endings the one that is not done. */
function worse(one: WholeRun, other: LedgerRun): Partial<LedgerRun> {
  return ORDER.indexOf(other.state) < ORDER.indexOf(one.state) ? { state: other.state } : {}
}

/** The book of a ledger that is looked at without a spec: each record is about the account that it names. */
export async function pastOf(
  invocation: Invocation,
): Promise<Pick<Book, 'where' | 'warnings' | 'accounts' | 'history' | 'twins'>> {
  const { io, options } = invocation
  const store = await storeOf(neededPlace(invocation), invocation)
  try {
    const [{ openBook }, { parseRecord }, { LedgerError }] = await Promise.all([
      import('../ledger/book.ts'),
      import('../ledger/record.ts'),
      import('../ledger/store.ts'),
    ])
    const names = (await store.names()).filter((name) => options.account.length === 0 || options.account.includes(name))
    const accounts = [...(await store.read(names))].map(([name, { text }]) => {
      try {
        const { api, url } = parseRecord(text, name).account
        return { name, api, url }
      } catch (error) {
        if (!(error instanceof LedgerError)) throw error
        return { name, api: 'smtp2go' as const, url: '' } // the book says what is wrong with it
      }
    })
    return await openBook(store, accounts, { kinds: [], now: io.now })
  } finally {
    await store.close()
  }
}
