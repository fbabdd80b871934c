import type { EndpointLimit, LimitOptions } from '../../model/transport.ts'
import { systemClock } from './clock.ts'
import { onAbort } from './signal.ts'

/** The place where every call of one account waits for its turn. */
export type Limiter = {
  /** Waits for a turn and answers the function that ends it; `undefined` if the signal aborted first. */
  readonly acquire: (path: string, signal?: AbortSignal) => Promise<(() => void) | undefined>
  /** A call started at `startedAt` was told to slow down: halves the rate, once for all calls of the same burst. */
  readonly slow: (startedAt: number) => void
  /** A call went well: the rate creeps back, by about one call per second each second. */
  readonly ok: () => void
  /** Nothing of this account starts for `ms` from now. */
  readonly pause: (ms: number) => void
  /** Calls per second at present. */
  readonly rate: () => number
  /** Calls that can be on the wire at the same time. */
  readonly concurrency: number
  /** Ends every wait, now and from now on, as if its signal had aborted. */
  readonly stop: () => void
}

type Waiter = {
  readonly turn: number
  readonly start: (release: () => void) => void
  readonly giveUp: () => void
  gone: boolean
}
type Lane = { readonly limit: EndpointLimit | undefined; readonly waiters: Waiter[]; readonly started: number[] }

const SLOWEST = 1

/** One limiter for one account: concurrency, a token bucket, limits of single endpoints, and AIMD after a 429. */
export function limiter(options: LimitOptions = {}): Limiter {
  const { concurrency = 8, perSecond = 50, endpoints = [], clock = systemClock } = options
  const lanes = new Map<string, Lane>(endpoints.map((limit) => [limit.path, { limit, waiters: [], started: [] }]))
  const open: Lane = { limit: undefined, waiters: [], started: [] }
  const all = [open, ...lanes.values()]

  let rate = perSecond
  let tokens = Math.max(1, perSecond)
  let filledAt = clock.now()
  let pausedUntil = 0
  let slowedAt = Number.NEGATIVE_INFINITY
  let active = 0
  let turns = 0
  let stopped = false
  let alarm: { at: number; stop: AbortController } | undefined

  function fill(now: number): void {
    tokens = Math.min(Math.max(1, rate), tokens + (Math.max(0, now - filledAt) / 1000) * rate)
    filledAt = now
  }

  function next(now: number): { lane: Lane | undefined; at: number } {
    let lane: Lane | undefined
    let at = Number.POSITIVE_INFINITY
    for (const each of all) {
      while (each.waiters[0]?.gone) each.waiters.shift()
      const head = each.waiters[0]
      if (head === undefined) continue
      const free = laneFreeAt(each, now)
      at = Math.min(at, free)
      if (free <= now && head.turn < (lane?.waiters[0]?.turn ?? Number.POSITIVE_INFINITY)) lane = each
    }
    const wholeAccount = Math.max(pausedUntil, tokens >= 1 ? now : now + Math.ceil(((1 - tokens) / rate) * 1000))
    return { lane: wholeAccount <= now ? lane : undefined, at: Math.max(at, wholeAccount) }
  }

  function pump(): void {
    let at = startNext()
    while (at === 'started') at = startNext()
    wakeAt(at)
  }

  /** Starts the one whose turn it is; otherwise says when to look again, if waiting helps. */
  function startNext(): 'started' | number | undefined {
    if (active >= concurrency) return undefined
    const now = clock.now()
    fill(now)
    const { lane, at } = next(now)
    const waiter = lane?.waiters.shift()
    if (lane === undefined || waiter === undefined) return Number.isFinite(at) ? at : undefined
    tokens -= 1
    active += 1
    if (lane.limit) lane.started.push(now)
    waiter.start(once(release))
    return 'started'
  }

  function release(): void {
    active -= 1
    pump()
  }

  function wakeAt(at: number | undefined): void {
    if (alarm !== undefined && alarm.at === at) return
    alarm?.stop.abort()
    alarm = undefined
    if (at === undefined) return
    const mine = { at, stop: new AbortController() }
    alarm = mine
    clock.sleep(Math.max(1, at - clock.now()), mine.stop.signal).then(() => {
      if (alarm !== mine) return
      alarm = undefined
      pump()
    })
  }

  return {
    acquire(path, signal) {
      if (stopped || signal?.aborted) return Promise.resolve(undefined)
      return new Promise((resolve) => {
        const giveUp = () => {
          forget()
          waiter.gone = true
          resolve(undefined)
          pump()
        }
        const waiter: Waiter = {
          turn: turns++,
          gone: false,
          giveUp,
          start: (done) => {
            forget()
            resolve(done)
          },
        }
        const forget = onAbort(signal, giveUp)
        const lane = lanes.get(path) ?? open
        lane.waiters.push(waiter)
        pump()
      })
    },
    slow(startedAt) {
      if (startedAt <= slowedAt) return
      const now = clock.now()
      fill(now)
      slowedAt = now
      rate = Math.max(SLOWEST, rate / 2)
      tokens = Math.min(tokens, 1)
    },
    ok() {
      rate = Math.min(perSecond, rate + 1 / rate)
    },
    pause(ms) {
      pausedUntil = Math.max(pausedUntil, clock.now() + ms)
      pump()
    },
    rate: () => rate,
    concurrency,
    stop() {
      stopped = true
      for (const waiter of all.flatMap((lane) => lane.waiters)) waiter.giveUp()
    },
  }
}

function laneFreeAt({ limit, started }: Lane, now: number): number {
  if (limit === undefined) return now
  while (started[0] !== undefined && started[0] + limit.perMs <= now) started.shift()
  const first = started[0]
  return first === undefined || started.length < limit.calls ? now : first + limit.perMs
}

function once(run: () => void): () => void {
  let ran = false
  return () => {
    if (ran) return
    ran = true
    run()
  }
}
