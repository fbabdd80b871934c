import { type HeldLease, type Lease, type LeaseRequest, LedgerError, LockedError, type Store } from './store.ts'

/** How a lease is taken and kept; times are milliseconds. */
export interface LeaseOptions {
  readonly owner: string
  readonly command: string
  /** Where to look: the page of the CI job. */
  readonly url?: string | undefined
  /** How long others leave it alone after it was last renewed. */
  readonly ttl: number
  /** How long to wait for its holder; 0: not at all. */
  readonly waitMs: number
  readonly now: () => Date
  /** Resolves after `ms`, or at once when the signal aborts; it never rejects. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>
  /** Ends the waiting. A lease that is held stays until it is released, so that what was done can still be written down. */
  readonly signal?: AbortSignal | undefined
  /** Where clocks of runners may differ: nobody's lease is taken over that was not watched for a whole term without a change. Milliseconds. */
  readonly watchMs?: number
  /** Called when the waiting begins, and when somebody else is waited for. */
  readonly onWait?: (holder: Lease) => void
  readonly onTakeover?: (before: Lease) => void
}

/** A lease that renews itself. */
export interface RenewedLease {
  readonly held: HeldLease
  /** Aborts when the lease is lost; the reason is a `LedgerError` code `LEASE_LOST`. */
  readonly lost: AbortSignal
  /** Stops renewing, and frees it. */
  release(): Promise<void>
}

const FIRST_PAUSE_MS = 200
const LONGEST_PAUSE_MS = 3_000

/** Takes the lease of these accounts, waiting for it if need be, and renews it every third of its time until it is released. */
export async function holdLease(
  store: Store,
  accounts: readonly string[],
  options: LeaseOptions,
): Promise<RenewedLease> {
  const held = await take(store, accounts, options)
  const lost = new AbortController()
  const ended = new AbortController()
  const renewing = keep(held, { ...options, where: store.where, lost, ended: ended.signal })
  let released: Promise<void> | undefined
  return {
    held,
    lost: lost.signal,
    release: () => {
      released ??= (async () => {
        ended.abort()
        await renewing
        await held.release()
      })()
      return released
    },
  }
}

async function take(store: Store, accounts: readonly string[], options: LeaseOptions): Promise<HeldLease> {
  const { now, sleep, signal, waitMs, onWait, onTakeover } = options
  const end = now().getTime() + waitMs
  let told: string | undefined
  let seen: Seen | undefined
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    if (signal?.aborted) throw new LedgerError('LEDGER_LOCKED', `stopped while waiting for ${store.where}`)
    const watched = options.watchMs === undefined ? undefined : await watch(store, accounts, options, seen)
    seen = watched?.seen
    try {
      if (watched?.isAlive === true && seen !== undefined) throw new LockedError(store.where, seen.lease)
      const held = await store.lock(accounts, asked(options), watched?.at ?? now())
      if (held.tookOver !== undefined) onTakeover?.(held.tookOver)
      if (!signal?.aborted) return held
      await held.release()
    } catch (error) {
      if (!(error instanceof LockedError)) throw error
      const left = end - now().getTime()
      if (left <= 0) throw error
      if (told !== error.holder.id) onWait?.(error.holder)
      told = error.holder.id
      await sleep(Math.min(pause, left), signal)
    }
  }
}

/** A lease that is in the way, and since when it has not changed, by a clock that nobody sets. */
interface Seen {
  readonly lease: Lease
  readonly since: number
}

/** So long after its end a lease is over by any clock. Milliseconds. */
const LONG_OVER_MS = 60_000

/** Looks whether the holder of a lease still renews it: what its clock says of the end is ignored while it does. */
async function watch(
  store: Store,
  accounts: readonly string[],
  { now, watchMs = 0 }: LeaseOptions,
  before: Seen | undefined,
): Promise<{ readonly seen: Seen | undefined; readonly isAlive: boolean; readonly at?: Date }> {
  const [lease] = await store.holders(accounts)
  const expires = Date.parse(lease?.expires ?? '')
  if (lease === undefined || Number.isNaN(expires)) return { seen: undefined, isAlive: false }
  if (now().getTime() - expires > LONG_OVER_MS) return { seen: undefined, isAlive: false }
  const same = before !== undefined && before.lease.id === lease.id && before.lease.expires === lease.expires
  const seen = same ? before : { lease, since: performance.now() }
  if (performance.now() - seen.since < watchMs) return { seen, isAlive: true }
  return { seen, isAlive: false, at: new Date(Math.max(now().getTime(), expires + 1)) } // it is over, whatever its clock says
}

function asked({ owner, command, url, ttl, now }: LeaseOptions): LeaseRequest {
  const since = now()
  return {
    id: crypto.randomUUID(),
    owner,
    command,
    ...(url !== undefined && { url }),
    since: since.toISOString(),
    expires: new Date(since.getTime() + ttl).toISOString(),
  }
}

/** Renews until it ended or is lost. A renewal that fails on the way is tried again until the time is up. */
async function keep(
  held: HeldLease,
  options: LeaseOptions & { readonly where: string; readonly lost: AbortController; readonly ended: AbortSignal },
): Promise<void> {
  const { ttl, now, sleep, lost, ended, where } = options
  let expires = Date.parse(held.lease.expires ?? '')
  let pause = ttl / 3
  for (;;) {
    await sleep(pause, ended)
    if (ended.aborted) return
    const wanted = now().getTime() + ttl
    try {
      await within(held.renew(new Date(wanted).toISOString()), expires - now().getTime(), sleep)
      expires = wanted
      pause = ttl / 3
    } catch (error) {
      const gone = error instanceof LedgerError && error.code === 'LEASE_LOST'
      if (gone) return lost.abort(error)
      if (now().getTime() >= expires) {
        const message = `the lock of ${where} could not be renewed in time, and may be somebody else's by now`
        return lost.abort(new LedgerError('LEASE_LOST', message, { cause: error }))
      }
      pause = Math.min(ttl / 10, Math.max(expires - now().getTime(), 0))
    }
  }
}

/** Waits for the promise, but no longer than this. */
async function within(promise: Promise<void>, ms: number, sleep: LeaseOptions['sleep']): Promise<void> {
  const settled = new AbortController()
  const late = sleep(Math.max(ms, 0), settled.signal).then(() => {
    if (!settled.signal.aborted) throw new Error('no answer in time')
  })
  try {
    await Promise.race([promise, late])
  } finally {
    settled.abort()
    promise.catch(() => undefined)
    await late.catch(() => undefined)
  }
}
