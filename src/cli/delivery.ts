import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import type { Delivery, Target } from '../model/deliver.ts'
import { Secret } from '../model/secret.ts'
import { inside } from '../model/text-file.ts'
import type { Io } from './io.ts'

/** Where a secret is kept if the command that should get it fails: it must not be lost. */
export const RESCUE = '.mailconfig/undelivered'

/** Hands over secrets that an API shows once: to a file with mode 0600, or to a command on its standard input. */
export function delivery(
  io: Pick<Io, 'cwd' | 'exec'>,
): Delivery & { readonly pathOf: (target: Target, specFile: string) => string | undefined } {
  const promised = new Set<string>()
  const pathOf = (target: Target, specFile: string): string | undefined =>
    typeof target['file'] === 'string' ? resolve(io.cwd, dirname(specFile), target['file']) : undefined
  return {
    pathOf,
    refuses(target, specFile) {
      const path = pathOf(target, specFile)
      if (path === undefined) return undefined
      const refused = unwritable(io, path, specFile)
      if (refused !== undefined) return refused
      if (promised.has(path)) return `another key of this run is saved to "${String(target['file'])}"`
      if (!/^(?:api-[\w*]+)?$/.test(textOf(path) ?? '?'))
        return `"${String(target['file'])}" is there already, and holds something else than a key`
      promised.add(path)
      return undefined
    },
    async deliver(target, specFile, name, secret) {
      const path = pathOf(target, specFile)
      if (path !== undefined) {
        writePrivate(path, `${secret.reveal()}\n`)
        return `saved to ${String(target['file'])}`
      }
      try {
        io.exec(String(target['command']), `${secret.reveal()}\n`)
        return 'handed to the command'
      } catch {
        const rescue = join(RESCUE, `${name.replace(/[^A-Za-z0-9._-]+/g, '-')}.key`)
        writePrivate(resolve(io.cwd, rescue), `${secret.reveal()}\n`)
        return `the command failed, so it was saved to ${rescue}: take it from there`
      }
    },
    recall(target, specFile) {
      const path = pathOf(target, specFile)
      const text = path === undefined ? undefined : textOf(path)
      if (text === undefined) return undefined
      return text === '' || text.includes('*') ? undefined : new Secret(text) // a masked key is not a key
    },
  }
}

/** Why nothing could be written to a file of `saveTo`, whatever is in it. */
export function unwritable({ cwd }: Pick<Io, 'cwd'>, path: string, specFile: string): string | undefined {
  const root = resolve(cwd, dirname(specFile))
  if (!inside(root, path)) return `the file of saveTo lies outside the folder of the spec`
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    if (!inside(realpathSync(root), join(realpathSync(dirname(path)), basename(path))))
      return 'the file of saveTo lies outside the folder of the spec'
    accessSync(dirname(path), constants.W_OK)
  } catch (cause) {
    return `the folder of "${relative(root, path)}" cannot be written to (${codeOf(cause)})`
  }
  return undefined
}

/** What stands in a file, if that is a file of the size that a key has: empty where nothing is there. */
function textOf(path: string): string | undefined {
  try {
    const info = statSync(path, { throwIfNoEntry: false })
    if (info === undefined) return ''
    return info.isFile() && info.size <= 4096 ? readFileSync(path, 'utf8').trim() : undefined
  } catch {
    return undefined // it is there, and we may not read it
  }
}

/** Writes a file that nobody else can read, whole or not at all; it is on the disk when this returns. */
export function writePrivate(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const draft = `${path}.${process.pid}.new`
  const handle = openSync(draft, 'wx', 0o600)
  try {
    writeSync(handle, text)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  chmodSync(draft, 0o600)
  renameSync(draft, path)
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown reason'
}
