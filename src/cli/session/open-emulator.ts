import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Emulator, EmulatorOptions } from '../../apis/emulator.ts'
import { Stop } from '../invocation/exit.ts'

/** Starts an emulator; a port, a seed or a data file that cannot be used is for the user to fix. */
export async function openEmulator(options: EmulatorOptions): Promise<Emulator> {
  const { startEmulator } = await import('../../apis/emulator.ts')
  if (options.data !== undefined && !existsSync(dirname(options.data)))
    throw new Stop(`the emulator cannot keep its contents in "${options.data}": there is no such folder`)
  try {
    return await startEmulator(options)
  } catch (cause) {
    throw new Stop(`the emulator cannot start: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
}
