import { chmodSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { errorCode } from '../../model/error-code.ts'
import { Stop } from '../invocation/exit.ts'
import type { Invocation } from '../invocation/invocation.ts'
import type { Io } from '../invocation/io.ts'

/** Writes a file that a command makes; what stands there stays unless `force` is said, and a folder that is none is told. */
export function writeResult(io: Io, name: string, text: string, force: boolean): void {
  try {
    writeFileSync(resolve(io.cwd, name), text, { flag: force ? 'w' : 'wx' })
  } catch (cause) {
    const code = errorCode(cause, 'unknown reason')
    if (code === 'EEXIST') throw new Stop(`"${name}" already exists`, { hint: '--force overwrites it' })
    throw new Stop(`cannot write "${name}" (${code})`)
  }
}

/** Prints what a command makes, or writes it to the file that `--out` names. */
export function printOrWrite({ io, options }: Pick<Invocation, 'io' | 'options'>, text: string): void {
  if (options.out === undefined) {
    io.stdout.write(text)
    return
  }
  writeResult(io, options.out, text, options.force === true)
  io.stderr.write(`Wrote ${options.out}.\n`)
}

/** Replaces an existing file, whole or not at all, and keeps its mode; a link stays a link. */
export function replaceFile(path: string, text: string): void {
  let draft: string | undefined
  try {
    const real = realpathSync(path)
    const { mode } = statSync(real)
    draft = join(dirname(real), `.${basename(real)}.${process.pid}.new`)
    writeFileSync(draft, text, { flag: 'wx', mode, flush: true })
    chmodSync(draft, mode)
    renameSync(draft, real)
  } catch (cause) {
    if (draft !== undefined) rmSync(draft, { force: true })
    throw new Stop(`cannot write "${path}" (${errorCode(cause, 'unknown reason')})`)
  }
}
