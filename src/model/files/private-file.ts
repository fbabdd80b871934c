import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { realTarget } from './text-file.ts'

/** A place on the disk that is taken before there is anything to write: a full disk or a missing right shows then. */
export interface Reserved {
  /** Writes the text, whole or not at all; it is on the disk when this returns. Throws, and then nothing of it is left. */
  readonly commit: (text: string) => void
  /** Gives the place back. */
  readonly release: () => void
}

/** More than any secret has, in bytes. */
const ROOM = 4096

/** Takes the place of a file that nobody else may read: a draft under a name that nobody can guess, beside the file that links lead to. */
export function reserveFile(path: string): Reserved {
  const target = realTarget(path)
  mkdirSync(dirname(target), { recursive: true, mode: 0o700 })
  const draft = join(dirname(target), `.${basename(target).slice(0, 100)}.${randomBytes(6).toString('hex')}.new`)
  const release = () => rmSync(draft, { force: true })
  write(draft, ' '.repeat(ROOM), constants.O_CREAT | constants.O_EXCL)
  return {
    release,
    commit(text) {
      try {
        write(draft, text, constants.O_TRUNC)
        chmodSync(draft, 0o600)
        renameSync(draft, target)
      } catch (cause) {
        release()
        throw cause
      }
    },
  }

  function write(file: string, text: string, flags: number): void {
    const handle = openSync(file, constants.O_WRONLY | (constants.O_NOFOLLOW ?? 0) | flags, 0o600)
    try {
      writeSync(handle, text)
      fsyncSync(handle)
    } catch (cause) {
      release()
      throw cause
    } finally {
      closeSync(handle)
    }
  }
}

/** Writes a file that nobody else can read, whole or not at all; a link stays a link. */
export function writePrivate(path: string, text: string): void {
  reserveFile(path).commit(text)
}

/** Writes a private file under the first name that is free: `key`, `key-2`, …; answers the name. Its folder is kept out of Git. */
export function writeBeside(folder: string, name: string, text: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const ignore = join(folder, '.gitignore')
  if (!existsSync(ignore)) writeFileSync(ignore, '*\n', { mode: 0o600 })
  const end = /(\.\w+)?$/.exec(name)?.[0] ?? ''
  for (let number = 1; ; number++) {
    const free = number === 1 ? name : `${name.slice(0, name.length - end.length)}-${number}${end}`
    if (existsSync(join(folder, free))) continue
    writePrivate(join(folder, free), text)
    return free
  }
}
