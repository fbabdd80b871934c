import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Io, Stop } from './io.ts'

/** Writes a file that a command makes; what stands there stays unless `force` is said, and a folder that is none is told. */
export function writeResult(io: Io, name: string, text: string, force: boolean): void {
  try {
    writeFileSync(resolve(io.cwd, name), text, { flag: force ? 'w' : 'wx' })
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown reason'
    if (code === 'EEXIST') throw new Stop(`"${name}" is there already`, { hint: '--force writes over it' })
    throw new Stop(`cannot write "${name}" (${code})`)
  }
}
