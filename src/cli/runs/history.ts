import type { RunLedger } from '../../ledger/ledger.ts'
import type { Invocation } from '../invocation/invocation.ts'
import { neededPlace, storeOf } from '../session/ledger.ts'

/** The book of a ledger that is looked at without a spec: each record is about the account that it names. */
export async function openHistory(
  invocation: Invocation,
): Promise<Pick<RunLedger, 'where' | 'warnings' | 'accounts' | 'history' | 'twins'>> {
  const { io, options } = invocation
  const store = await storeOf(neededPlace(invocation), invocation)
  try {
    const { openLedger } = await import('../../ledger/ledger.ts')
    const { parseRecord } = await import('../../ledger/record/text.ts')
    const { LedgerError } = await import('../../ledger/stores/store.ts')
    const names = (await store.names()).filter((name) => options.account.length === 0 || options.account.includes(name))
    const accounts = [...(await store.read(names))].map(([name, { text }]) => {
      try {
        const { api, url } = parseRecord(text, name).account
        return { name, api, url }
      } catch (error) {
        if (!(error instanceof LedgerError)) throw error
        return { name, api: '', url: '' } // the book says what is wrong with it
      }
    })
    return await openLedger(store, accounts, { kinds: [], now: io.now })
  } finally {
    await store.close()
  }
}
