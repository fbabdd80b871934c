import type { Attempt } from './attempt.ts'

/** So many calls in a row that end without a good answer close an account for the rest of the run. */
const MOST_FAILURES = 8
/** So long an account may keep a run waiting, between two good answers. Milliseconds. */
const MOST_WAITING = 75_000

/** What stops a run from asking an account that answers nothing but refusals to be asked: errors count against the address. */
interface Breaker {
  /** Why nothing more is sent; undefined while calls go out. */
  readonly why: () => string | undefined
  /** A call ended. */
  readonly ended: (outcome: Attempt) => void
  /** True if so much more waiting is still within what a run may spend. */
  readonly mayWait: (ms: number, now: number) => boolean
}

/** A breaker for one account. */
export function openBreaker(): Breaker {
  let failures = 0
  let since: number | undefined
  let reason: string | undefined
  return {
    why: () => reason,
    ended(outcome) {
      const what = faultOf(outcome)
      if (what === undefined) {
        failures = 0
        since = undefined
        return
      }
      failures += 1
      if (failures >= MOST_FAILURES) reason ??= `${failures} calls in a row ended with ${what}`
    },
    mayWait(ms, now) {
      since ??= now
      if (now + ms - since <= MOST_WAITING) return true
      reason ??= `the API has kept this run waiting for ${Math.round((now - since) / 1000)} seconds`
      return false
    },
  }
}

/** What says that calls are not wanted, or do not arrive; a refusal of one request is none. */
function faultOf(outcome: Attempt): string | undefined {
  if (outcome.got === 'answer')
    return outcome.status === 429 || outcome.status >= 500 ? `status ${outcome.status}` : undefined
  return outcome.why === 'stopped' ? undefined : 'no answer'
}
