import type { Attempt } from './attempt.ts'

/** The longest a server can make us wait before the next try, in milliseconds. */
const LONGEST_WAIT = 60_000

/** A 429 is never followed by another try at once, whatever its header says. Milliseconds. */
const LEAST_WAIT = 1000

/** How often a call may be tried in all. */
export const MOST_TRIES = 4

const BUSY = new Set([502, 503, 504])

/** What to do after a try: nothing more, or another one after `waitMs`; `whole` if the whole account must wait. */
export type Next =
  | { readonly again: false }
  | { readonly again: true; readonly waitMs: number; readonly whole: boolean }

/**
 * Decides about another try. A reading call is repeated after network errors, 429, 502, 503 and 504. A changing call
 * is repeated only if it cannot have had an effect: it never left, or the rate limiter refused it (429).
 */
export function nextTry(
  outcome: Attempt,
  about: { reads: boolean; attempt: number; tries: number; now: number; random: () => number },
): Next {
  const { reads, attempt, tries } = about
  if (attempt >= tries || !isRepeatable(outcome, reads)) return { again: false }
  const asked = outcome.got === 'answer' ? retryAfter(outcome.headers['retry-after'], about.now) : undefined
  const whole = outcome.got === 'answer' && outcome.status === 429
  const least = whole ? Math.max(LEAST_WAIT, backoff(attempt, about.random)) : backoff(attempt, about.random)
  const waitMs = asked === undefined ? (whole ? blockedFor(attempt, about.random) : least) : Math.max(least, asked)
  return { again: true, waitMs, whole }
}

/** How long a 429 holds the account back, whether or not this call is tried again. */
export function waitAfter429(header: string | undefined, attempt: number, now: number, random: () => number): number {
  return Math.min(LONGEST_WAIT, Math.max(LEAST_WAIT, retryAfter(header, now) ?? blockedFor(attempt, random)))
}

function isRepeatable(outcome: Attempt, reads: boolean): boolean {
  if (outcome.got === 'answer') return outcome.status === 429 || (reads && BUSY.has(outcome.status))
  if (outcome.why === 'stopped' || outcome.why === 'too-large') return false
  if (isCertificate(outcome.cause.code)) return false
  return reads || !outcome.sent
}

/** Certificates do not get better by asking again. */
export function isCertificate(code: string): boolean {
  return /^(CERT_|ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/.test(code)
}

/** Milliseconds a `Retry-After` header asks for, seconds or a date, at most a minute; `undefined` if it says nothing. */
export function retryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined
  const text = header.trim()
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now
  return Number.isNaN(ms) ? undefined : Math.min(LONGEST_WAIT, Math.max(0, ms))
}

function backoff(attempt: number, random: () => number): number {
  return 250 * 2 ** (attempt - 1) * (0.5 + random() / 2)
}

/** 2, 10 and 50 seconds: SMTP2GO blocks an address for at least a minute and does not say for how long. */
function blockedFor(attempt: number, random: () => number): number {
  return Math.min(LONGEST_WAIT, 2000 * 5 ** (attempt - 1) * (1 + random() / 4))
}
