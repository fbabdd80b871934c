import type { Clock } from '../../model/transport.ts'
import { onAbort } from './signal.ts'

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
