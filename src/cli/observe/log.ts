import { defined } from '../../model/json.ts'
import type { Result } from '../../model/run/result.ts'
import type { CallEvent } from '../../model/transport.ts'
import type { Invocation } from '../invocation/invocation.ts'
import { LOG_LEVELS, type LogLevel } from '../options/log-level.ts'
import { paint, printable } from '../terminal/paint.ts'
import { resultText } from '../text/result.ts'
import { watchedChange } from './telemetry.ts'

type About = Readonly<Record<string, string | number>>

/** Log lines on standard error: no bodies, no secrets. */
interface RunLog {
  /** A phase of the run begins or ends. */
  readonly phase: (msg: string, about?: About) => void
  /** One try of one call; a warning where the run has to wait for the next try. */
  readonly call: (event: CallEvent) => void
  /** What became of a change; told whatever the level, as text or as a log line. */
  readonly result: (result: Result) => void
}

/** A wait that somebody in front of a terminal would wonder about, in milliseconds. */
const LONG_WAIT = 1000

/** The log of a run, as `--log-level` and `--log-format` want it. */
export function logOf({ io, options, watch }: Pick<Invocation, 'io' | 'options' | 'watch'>): RunLog {
  const most = LOG_LEVELS.indexOf(options.logLevel)
  const color = paint(io.stderr, io.env, options.color)
  const overwrite = io.stderr.isTTY === true ? '\r\u001B[2K' : '' // a progress line may stand there
  const write = (level: LogLevel, msg: string, about: About, text: string) => {
    if (LOG_LEVELS.indexOf(level) > most) return
    if (io.stderr.record !== undefined) io.stderr.record({ level, msg, ...about })
    else
      io.stderr.write(
        `${overwrite}${color.dim(io.now().toISOString().slice(11))} ${level.padEnd(5)} ${printable(text)}\n`,
      )
  }
  return {
    phase(msg, about = {}) {
      const words = Object.entries(about).map(([name, value]) => `${name}=${value}`)
      write('info', msg, about, [msg, ...words].join(' '))
    },
    result(result) {
      const { change, outcome, error, note } = result
      const about = { ...watchedChange(change), outcome, error, note }
      if (io.stderr.record === undefined) io.stderr.write(resultText(result, color))
      else io.stderr.record({ level: outcome === 'done' ? 'info' : 'error', msg: 'change', ...about })
    },
    call(event) {
      watch.call(event)
      const { account, method, path, attempt, ms, status, failure, waitMs } = event
      const result = status ?? failure ?? 'no answer'
      const again = waitMs === undefined ? '' : `, again in ${(waitMs / 1000).toFixed(1)} s`
      const about = {
        ...{ account, method, path },
        ...defined({ status, failure }),
        ...{ ms: Math.round(ms), attempt },
        ...(waitMs === undefined ? {} : { waitMs: Math.round(waitMs) }),
      }
      const text = `${account} ${method} ${path} ${result} ${about.ms} ms${attempt === 1 ? '' : `, try ${attempt}`}${again}`
      write(waitMs !== undefined && waitMs >= LONG_WAIT ? 'warn' : 'debug', 'call', about, text)
    },
  }
}
