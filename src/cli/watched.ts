import type { Watch } from '../telemetry/watch.ts'
import { EXIT, type Io, Stop } from './io.ts'
import type { Telling } from './report/told.ts'
import { openTelemetry, tellDrift } from './telemetry.ts'

/** Runs a command and tells those who want to hear of it, however it ends; answers its exit code. */
export async function watched(
  command: string,
  io: Io,
  heard: () => Telling,
  run: (watch: Watch) => Promise<number>,
): Promise<number> {
  const watch = await openTelemetry(command, io)
  const after = async (code: number) => {
    const plan = heard().plan?.()
    if (plan !== undefined) tellDrift(watch, plan)
    const warning = await watch.close(code)
    if (warning !== undefined) io.stderr.write(`warning: ${warning}\n`)
  }
  let code: number
  try {
    code = await run(watch)
  } catch (error) {
    await after(codeOf(error, io))
    throw error
  }
  await after(code)
  return code
}

function codeOf(error: unknown, { signal }: Io): number {
  if (signal.aborted) return EXIT.interrupted
  return error instanceof Stop ? error.code : EXIT.bug
}
