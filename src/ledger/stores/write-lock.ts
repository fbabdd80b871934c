import { parseJson } from '../../model/json.ts'
import { isObject } from './document.ts'
import { isExpired, type Lease, type LeaseRequest, LockedError } from './store.ts'

/** How long a store that holds no lease takes one to write. */
const MOMENT_MS = 30_000
/** In the id, for that is the one thing which every server keeps. */
const MOMENT = 'write-'

/** The lease in a value of JSON; undefined if there is none. */
export function leaseOf(value: unknown): Lease | undefined {
  if (!isObject(value)) return undefined
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
export async function pastOtherWrites<T>(attempt: () => Promise<T>): Promise<T> {
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
export function inTurn(): <T>(run: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (run) => {
    const mine = last.then(run, run)
    last = mine.catch(() => undefined)
    return mine
  }
}
