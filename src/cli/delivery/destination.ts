import { createHash } from 'node:crypto'
import { accessSync, constants, mkdirSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { errorCode } from '../../model/error-code.ts'
import { type Reserved, reserveFile, writeBeside } from '../../model/files/private-file.ts'
import { errorWords, hasHidden, inside, readText, realTarget } from '../../model/files/text-file.ts'
import type { Delivery, Target } from '../../model/run/delivery.ts'
import { Secret } from '../../model/secret.ts'
import type { Io } from '../invocation/io.ts'
import { noteOwner, savedOwner } from './owners.ts'

/** Where a secret is kept if the command that should get it fails: it must not be lost. */
export const RESCUE = '.mailconfig/undelivered'

/** Hands over secrets that an API shows once: to a file with mode 0600, or to a command on its standard input. */
export function delivery(
  io: Pick<Io, 'cwd' | 'exec'>,
): Delivery & { readonly pathOf: (target: Target, specFile: string) => string | undefined } {
  const promised = new Map<string, Reserved | undefined>()
  const pathOf = (target: Target, specFile: string): string | undefined =>
    typeof target['file'] === 'string' ? resolve(io.cwd, dirname(specFile), target['file']) : undefined
  return {
    pathOf,
    refuses(target, specFile, ownIds) {
      const path = pathOf(target, specFile)
      const shown = String(target['file'])
      try {
        if (path === undefined) {
          reserveFile(join(io.cwd, RESCUE, 'room')).release() // where it would have to wait
          return undefined
        }
        const there = textOf(path)
        if (there === undefined || !/^(?:api-[\w*]+)?$/.test(there))
          return `"${shown}" already exists and holds something other than a key`
        const refused = unwritable(io, path, specFile)
        if (refused !== undefined) return refused
        const place = realPath(path)
        if (promised.has(place)) return `another key of this run is saved to "${shown}"`
        const owner = savedOwner(path)
        const isKey = there !== '' && !there.includes('*')
        const isOwn = ownIds === undefined || ownIds.some((id) => id !== '' && there.startsWith(id))
        if (isKey && owner !== undefined && !isOwn)
          return `"${shown}" holds the key of ${owner}, and it is not known to be an older one of this object: move it away first`
        promised.set(place, reserveFile(path))
        return undefined
      } catch (cause) {
        return `nothing can be written for it: ${errorWords(cause)}`
      }
    },
    release(target, specFile) {
      const path = pathOf(target, specFile)
      const place = path === undefined ? '' : realPath(path)
      promised.get(place)?.release()
      promised.delete(place)
    },
    async deliver(target, specFile, name, secret) {
      const path = pathOf(target, specFile)
      const text = `${secret.reveal()}\n`
      try {
        if (path === undefined) {
          io.exec(String(target['command']), text)
          return { note: 'handed to the command' }
        }
        ;(promised.get(realPath(path)) ?? reserveFile(path)).commit(text)
        return { note: [`saved to ${String(target['file'])}`, noteOwner(path, name)].filter(Boolean).join('; ') }
      } catch (cause) {
        const why =
          path === undefined
            ? 'the command failed'
            : `it could not be written to ${String(target['file'])}: ${errorWords(cause)}`
        const free = writeBeside(resolve(io.cwd, RESCUE), `${fileName(name)}.key`, text)
        return { why, waits: join(RESCUE, free) }
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

/** The place of a file whatever links lead there, on a disk that does not tell cases apart, too. */
function realPath(path: string): string {
  return realTarget(path).toLowerCase()
}

/** A name in letters that every disk takes, and that no two objects share. */
export function fileName(address: string): string {
  const mark = createHash('sha256').update(address).digest('hex').slice(0, 10)
  const slug = address
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(-60)
  return `${slug === '' ? 'secret' : slug}-${mark}`
}

/** Why nothing could be written to a file of `saveTo`, whatever is in it. */
export function unwritable({ cwd }: Pick<Io, 'cwd'>, path: string, specFile: string): string | undefined {
  const root = resolve(cwd, dirname(specFile))
  if (!inside(root, path)) return 'the file of saveTo is outside the folder of the spec'
  if (hasHidden(relative(root, path)))
    return `"${relative(root, path)}" is a hidden file, which belongs to something else`
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    if (!inside(realpathSync(root), join(realpathSync(dirname(path)), basename(path))))
      return 'the file of saveTo is outside the folder of the spec'
    accessSync(dirname(path), constants.W_OK)
  } catch (cause) {
    return `the folder of "${relative(root, path)}" cannot be written to (${errorCode(cause)})`
  }
  return undefined
}

/** What stands in a file, if that is a file of the size that a key has: empty where nothing is there. */
function textOf(path: string): string | undefined {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return ''
  const read = readText(path, { most: 4096 })
  return read.ok ? read.text.trim() : undefined
}
