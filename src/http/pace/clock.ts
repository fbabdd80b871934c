import { onAbort } from './signal.ts'

/** Time as the clients see it; passed in so that a test need not wait. All numbers are milliseconds. */
export type Clock = {
  readonly now: () => number
  /** Resolves after `ms`, or at once when the signal aborts; it never rejects. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>
}

/** The real clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve()
      const done = () => {
        clearTimeout(timer)
        forget()
        resolve()
      }
      const timer = setTimeout(done, ms)
      const forget = onAbort(signal, done)
    }),
}
