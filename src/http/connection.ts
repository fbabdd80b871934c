import { writeJson } from '../model/json.ts'
import type { Secret } from '../model/secret.ts'
import type { CallEvent, TransportOptions } from '../model/transport.ts'
import type { WireRequest } from '../model/wire.ts'
import { type Answer, answerOf, cancelled } from './answer.ts'
import type { Attempt } from './attempt.ts'
import { openBreaker } from './breaker.ts'
import { tell } from './event.ts'
import { exchange, openWire, type Transport } from './exchange.ts'
import { checkBase, checkProxy } from './origin.ts'
import { systemClock } from './pace/clock.ts'
import type { Limiter } from './pace/limiter.ts'
import { type Forbidden, secretsShown, secretValues } from './redact.ts'
import { MOST_TRIES, type Next, nextTry, waitAfter429 } from './retry.ts'

export type { Answer, CallEvent }

/** One account on one base URL. */
export type ConnectOptions = TransportOptions & {
  readonly account: string
  readonly baseUrl: string
  /** Asked for each try, so that a token can change. */
  readonly headers: (request: WireRequest) => Readonly<Record<string, string>>
  readonly limiter: Limiter
  /** What no message may show. */
  readonly credentials: () => readonly Secret[]
}

/** An open connection to one API. */
export type HttpConnection = {
  readonly host: string
  /**
   * Sends one call and answers what came, whatever its status; repeats it where that is safe (see `nextTry`), at most
   * `tries` times in all. Throws `ApiError` of kind `network`, `shape` (redirect) or `cancelled`. The signal ends every
   * wait and a reading call, but never a changing call on the wire.
   */
  readonly request: (request: WireRequest, signal?: AbortSignal, tries?: number) => Promise<Answer>
  /** Takes down the secrets that an answer shows, so that no error repeats them. */
  readonly note: (answer: unknown) => void
  /** What must not be repeated from an answer to this request. */
  readonly forbidden: (request: WireRequest) => Forbidden
  /** Ends when the calls on the wire have ended. */
  readonly close: () => Promise<void>
}

/** Opens a connection; nothing is loaded or sent before the first request. Throws if the URL is not safe. */
export function connect(options: ConnectOptions): HttpConnection {
  const { account, limiter, clock = systemClock, random = Math.random, timeoutMs = 30_000 } = options
  const base = checkBase(account, options.baseUrl)
  checkProxy(account, options.proxy)
  const shown = new Set<string>()
  const sent = new Set<string>()
  let wire: Promise<Transport> | undefined
  const breaker = openBreaker()
  let closed = false
  let closing: Promise<void> | undefined

  async function request(wanted: WireRequest, signal?: AbortSignal, tries = MOST_TRIES): Promise<Answer> {
    const { path, reads, timeout = timeoutMs } = wanted
    for (let attempt = 1; ; attempt++) {
      refuseBroken(wanted)
      const release = closed ? undefined : await limiter.acquire(path, signal)
      if (release === undefined || closed || signal?.aborted) {
        release?.()
        throw cancelled(account, wanted, closed ? 'the connection is closed' : 'stopped')
      }
      if (breaker.why() !== undefined) release()
      refuseBroken(wanted)
      const startedAt = clock.now()
      let outcome: Attempt
      let next: Next
      try {
        outcome = await once(wanted, timeout, reads ? signal : undefined)
        const now = clock.now()
        next = nextTry(outcome, { reads, attempt, tries, now, random })
        if (next.again && !breaker.mayWait(next.waitMs, now)) next = { again: false }
        if (!next.again) breaker.ended(outcome)
        const waitMs = next.again ? next.waitMs : undefined
        tell(options.onCall, wanted, outcome, { account, attempt, ms: now - startedAt, waitMs })
        if (outcome.got === 'answer' && outcome.status === 429) {
          limiter.slow(startedAt)
          limiter.pause(waitMs ?? waitAfter429(outcome.headers['retry-after'], attempt, now, random))
        } else if (outcome.got === 'answer' && outcome.status < 500) limiter.ok()
      } finally {
        release() // after the pause, or the next call would slip through
      }
      if (!next.again) return answerOf(outcome, { account, base, request: wanted, timeoutMs: timeout })
      if (!next.whole) await clock.sleep(next.waitMs, signal)
    }
  }

  function refuseBroken(wanted: WireRequest): void {
    const why = breaker.why()
    if (why !== undefined) throw cancelled(account, wanted, `nothing more is sent to "${account}", because ${why}`)
  }

  async function once(wanted: WireRequest, timeout: number, signal: AbortSignal | undefined) {
    const { method, path, body } = wanted
    wire ??= openWire({ connections: limiter.concurrency, proxy: options.proxy })
    const headers = {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      'user-agent': options.userAgent ?? 'mailconfig',
      ...options.headers(wanted),
    }
    const target = { origin: base.origin, path: base.prefix + path + queryOf(wanted), method, headers }
    const text = body === undefined ? undefined : writeJson(body)
    return exchange(await wire, { ...target, body: text }, { timeoutMs: timeout, signal })
  }

  async function shut(): Promise<void> {
    closed = true
    limiter.stop()
    if (wire !== undefined) await (await wire).close()
  }

  return {
    host: base.host,
    request,
    note(answer) {
      for (const value of secretsShown(answer)) shown.add(value)
    },
    forbidden({ body, secrets }) {
      const values = secretValues(body, secrets)
      for (const value of values) sent.add(value)
      return {
        credentials: [...options.credentials(), ...(options.hide ?? [])],
        values: [...values, ...shown],
        get others() {
          return [...sent, ...(options.known ?? []).map((one) => one.reveal())]
        },
      }
    },
    close() {
      closing ??= shut()
      return closing
    },
  }
}

function queryOf({ query }: WireRequest): string {
  if (query === undefined) return ''
  const pairs = Object.entries(query).map(([name, value]): [string, string] => [name, String(value)])
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`
}
