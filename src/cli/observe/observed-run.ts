import type { Watch } from '../../telemetry/watch.ts'
import { EXIT, Stop } from '../invocation/exit.ts'
import type { Invocation } from '../invocation/invocation.ts'
import type { Telling } from '../invocation/telling.ts'
import { notifier } from './notify.ts'
import { driftIn, openTelemetry, tellDrift } from './telemetry.ts'

/** A run that somebody observes, and what it has reported so far. */
interface ObservedRun extends Pick<Invocation, 'io' | 'options'> {
  readonly telling: () => Telling
}

/** Runs a command, notifies its observers however it ends, and returns its exit code. */
export async function observeRun(
  command: string,
  { io, options, telling }: ObservedRun,
  run: (watch: Watch) => Promise<number>,
): Promise<number> {
  const notify = notifier(command, { io, options })
  const watch = await openTelemetry(command, io)
  const after = async (code: number, error?: unknown) => {
    const told = telling()
    const drift = driftIn(told)
    if (drift !== undefined) tellDrift(watch, drift)
    const warnings = await Promise.all([watch.close(code), notify({ code, told, drift, error })])
    for (const warning of warnings.flat()) if (warning !== undefined) io.stderr.write(`warning: ${warning}\n`)
  }
  let code: number
  try {
    code = await run(watch)
  } catch (error) {
    await after(codeOf(error, io), error)
    throw error
  }
  await after(code)
  return code
}

function codeOf(error: unknown, { signal }: Invocation['io']): number {
  if (signal.aborted) return EXIT.interrupted
  return error instanceof Stop ? error.code : EXIT.bug
}
