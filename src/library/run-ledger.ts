import { setTimeout as wait } from 'node:timers/promises'
import { proxyFetch } from '../http/exchange.ts'
import { proxyFor } from '../http/proxy.ts'
import { openLedger, type RunLedger } from '../ledger/ledger.ts'
import { holdLease, type RenewedLease } from '../ledger/stores/lease.ts'
import { openStore } from '../ledger/stores/open.ts'
import type { Account } from '../model/desired/spec.ts'
import { defined } from '../model/json.ts'
import type { ResourceKind } from '../model/kind/kind.ts'
import type { RunAbout } from '../model/ledger/record.ts'

/** The ledger of one run: its records, and the lease of a run that writes. */
interface LibraryLedger {
  readonly records: RunLedger
  /** Aborts when somebody else has the lease; never for a run that reads. */
  readonly lost: AbortSignal
  readonly about: (specHash: string) => RunAbout
  readonly close: () => Promise<void>
}

/** What opening takes. */
interface LedgerRequest {
  readonly accounts: readonly Account[]
  readonly kinds: readonly ResourceKind[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly isWriting: boolean
  readonly by: string
  readonly signal?: AbortSignal
}

const TTL_MS = 60_000
const WAIT_MS = 20_000

/** Opens the ledger that a path or URL names. Rejects with `LedgerError` where it cannot be used. */
export async function openRunLedger(place: string, request: LedgerRequest): Promise<LibraryLedger> {
  const { accounts, kinds, cwd, env, isWriting, by, signal } = request
  const now = () => new Date()
  const fetchFor = async (url: string) => {
    const proxy = proxyFor(url, env)
    return proxy === undefined ? undefined : await proxyFetch(proxy)
  }
  const store = await openStore(place, { cwd, env, now, fetchFor })
  let lease: RenewedLease | undefined
  const close = async () => {
    await lease?.release().catch(() => undefined) // another run may hold it by now; otherwise it expires
    await store.close()
  }
  try {
    if (isWriting)
      lease = await holdLease(
        store,
        accounts.map(({ name }) => name),
        {
          ...{ owner: by, command: 'apply', ttl: TTL_MS, waitMs: WAIT_MS, watchMs: TTL_MS, now, signal },
          sleep: (ms, ended) => wait(ms, undefined, defined({ signal: ended })).catch(() => undefined),
        },
      )
    const known = accounts.map(({ name, api, url, credential }) => ({ name, api, url, ...defined({ credential }) }))
    const records = await openLedger(store, known, { kinds, now, ...defined({ lease: lease?.held.lease.id }) })
    const about = (specHash: string): RunAbout => ({ command: 'apply', by, mailconfig: 'library', specHash })
    return { records, lost: lease?.lost ?? new AbortController().signal, about, close }
  } catch (error) {
    await close()
    throw error
  }
}
