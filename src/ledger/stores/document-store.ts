import { isRecord, parseJson } from '../../model/json.ts'
import { changed, leaseLost, pick, put, type StoredAccounts } from './document.ts'
import { type HeldLease, isExpired, type Lease, type LeaseRequest, LockedError, type Store } from './store.ts'

/** What a place does that keeps the records of all accounts in one document, with one lock. Everything rejects with `LedgerError`. */
interface DocumentPlace {
  /** For people, without credentials. */
  readonly where: string
  readonly accounts: () => Promise<StoredAccounts>
  /**
   * Changes the document under a lease that is held, and rejects with `LEASE_LOST` if it is not: `change` gets what is there. `moment`: the
   * lease is for this write alone. False: others changed it again and again.
   */
  readonly update: (
    lease: { readonly id: string; readonly moment?: LeaseRequest },
    change: (accounts: StoredAccounts) => StoredAccounts,
  ) => Promise<boolean>
  /** Takes the lock over a free or an expired lease, and answers the one before; `LockedError` while another holds. */
  readonly take: (lease: LeaseRequest, now: Date) => Promise<Lease | undefined>
  /** What a lease that is held for longer needs beyond the lock. */
  readonly announce?: (lease: LeaseRequest) => Promise<void>
  /** Puts another lease, or none, in the place of this one; false if it is not there any more. */
  readonly replace: (lease: Lease, next: LeaseRequest | undefined) => Promise<boolean>
  readonly holder: () => Promise<Lease | undefined>
  /** Frees a lease of which only the id is known. */
  readonly unlock: (id: string) => Promise<void>
  readonly close?: () => Promise<void>
}

/** A store over such a place: one write after the other, each under the lease that is held or under one for its moment. */
export function documentStore(place: DocumentPlace, now: () => Date): Store {
  const { where } = place
  const next = inTurn()
  let held: string | undefined

  async function write(account: string, text: string, tag: string | undefined): Promise<string> {
    let after = ''
    const change = (accounts: StoredAccounts) => {
      const done = put(where, accounts, { account, text, tag })
      after = done.tag
      return done.accounts
    }
    const update = async (lease: Parameters<DocumentPlace['update']>[0]) => {
      if (!(await place.update(lease, change))) throw changed(where, account)
      return after
    }
    if (held !== undefined) return await update({ id: held })
    const moment = momentary(now())
    await pastOtherWrites(() => place.take(moment, now()))
    try {
      return await update({ id: moment.id, moment })
    } finally {
      await place.replace(moment, undefined).catch(() => undefined) // it is written, and this lease soon ends by itself
    }
  }

  async function lock(lease: LeaseRequest, at: Date): Promise<HeldLease> {
    const before = await pastOtherWrites(() => place.take(lease, at))
    try {
      await place.announce?.(lease)
    } catch (error) {
      await place.replace(lease, undefined)
      throw error
    }
    held = lease.id
    return {
      lease,
      ...(before !== undefined && isExpired(before, at) && { tookOver: before }),
      renew: (expires) =>
        next(async () => {
          if (!(await place.replace(lease, { ...lease, expires }))) throw leaseLost(where)
        }),
      release: () =>
        next(async () => {
          if (held === lease.id) held = undefined
          await place.replace(lease, undefined)
        }),
    }
  }

  return {
    where,
    names: async () => [...(await place.accounts()).keys()],
    read: async (accounts) => pick(await place.accounts(), accounts),
    write: (account, text, tag) => next(() => write(account, text, tag)),
    lock: (_accounts, lease, at) => lock(lease, at),
    holders: async () => {
      const lease = await place.holder()
      return lease === undefined ? [] : [lease]
    },
    unlock: place.unlock,
    close: async () => place.close?.(),
  }
}

/** How long a store that holds no lease takes one to write. */
const MOMENT_MS = 30_000
/** In the id, for that is the one thing which every server keeps. */
const MOMENT = 'write-'

/** The lease in a value of JSON; undefined if there is none. */
export function leaseOf(value: unknown): Lease | undefined {
  if (!isRecord(value)) return undefined
  const { id, owner, command, url, since, expires } = value
  if (typeof id !== 'string' || typeof owner !== 'string' || typeof command !== 'string') return undefined
  return {
    id,
    owner,
    command,
    since: typeof since === 'string' ? since : '',
    ...(typeof url === 'string' && { url }),
    ...(typeof expires === 'string' && !Number.isNaN(Date.parse(expires)) && { expires }),
  }
}

/** The lease in a text of JSON; undefined if there is none. */
export function leaseIn(text: string): Lease | undefined {
  try {
    return leaseOf(parseJson(text))
  } catch {
    return undefined
  }
}

/** A lease for the moment of one write, by a store that holds none. */
export function momentary(now: Date): LeaseRequest {
  return {
    id: `${MOMENT}${crypto.randomUUID()}`,
    owner: 'another command',
    command: 'write',
    since: now.toISOString(),
    expires: new Date(now.getTime() + MOMENT_MS).toISOString(),
  }
}

/** Throws `LockedError` if this lease stands in the way of another. */
export function checkFree(where: string, holder: Lease | undefined, now: Date): void {
  if (holder !== undefined && !isExpired(holder, now)) throw new LockedError(where, holder)
}

/** Tries until it is no longer locked by the write of another store, which takes no time; other locks are not waited for. */
async function pastOtherWrites<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof LockedError) || !error.holder.id.startsWith(MOMENT) || tries >= 100) throw error
      await new Promise((resolve) => setTimeout(resolve, 10 + Math.random() * Math.min(tries * 10, 100)))
    }
  }
}

/** Runs one after the other, whatever becomes of those before. */
function inTurn(): <T>(run: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (run) => {
    const mine = last.then(run, run)
    last = mine.catch(() => undefined)
    return mine
  }
}
