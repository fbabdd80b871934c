import type { Io } from '../invocation/io.ts'

/** A line that says how far a run is: rewritten in place on a terminal, absent elsewhere. */
interface Progress {
  readonly show: (text: string) => void
  readonly clear: () => void
}

/** Progress on standard error, if somebody is there to see it. */
export function progress({ stderr, env }: Io): Progress {
  const live = stderr.isTTY === true && (env['CI'] ?? '') === '' && env['TERM'] !== 'dumb'
  let shown = false
  return {
    show(text) {
      if (!live) return
      stderr.write(`\r\u001B[2K${text.slice(0, (stderr.columns ?? 80) - 1)}`)
      shown = true
    },
    clear() {
      if (shown) stderr.write('\r\u001B[2K')
      shown = false
    },
  }
}
