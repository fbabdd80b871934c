import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { errorCode } from '../error-code.ts'

/** No file that anything is read from may be larger. In bytes. */
export const MAX_FILE_BYTES = 64 * 1024 * 1024

/** A file's text, or why not: what is missing, too large, hidden, in another encoding or no file is a problem and never an exception. */
export type Read =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly code: ReadCode; readonly message: string; readonly hint?: string }

/** What may be wrong with a file. */
type ReadCode = 'FILE_MISSING' | 'FILE_OUTSIDE' | 'FILE_HIDDEN' | 'FILE_TOO_LARGE' | 'NOT_UTF8'

/** What a file may be. */
interface TextFileOptions {
  /** In bytes; 64 MiB if left out. */
  readonly most?: number
}

/** Reads a text: the one way to a file for every room. Only regular files, in UTF-8, of a bounded size; never waits for a writer. */
export function readText(path: string, { most = MAX_FILE_BYTES }: TextFileOptions = {}): Read {
  let handle: number | undefined
  try {
    handle = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)) // a pipe without a writer would wait for ever
    const stat = fstatSync(handle)
    if (!stat.isFile())
      return { ok: false, code: 'FILE_MISSING', message: `this is not a regular file but ${sortOf(stat)}` }
    if (stat.size > most)
      return {
        ok: false,
        code: 'FILE_TOO_LARGE',
        message: `the file has ${sizeText(stat.size)}; the limit is ${sizeText(most)}`,
      }
    return decoded(bytesOf(handle, stat.size, most))
  } catch (cause) {
    return { ok: false, code: 'FILE_MISSING', message: `cannot read the file: ${errorWords(cause)}` }
  } finally {
    if (handle !== undefined) closeSync(handle)
  }
}

/** The file that names another one, and the folder that all of them stay inside. */
interface Home {
  readonly path: string
  readonly root: string
  /** Files and folders whose names begin with a dot may be read, too. */
  readonly allowHidden?: boolean
}

/** Reads a file that another one names, from the folder of that one. It lies inside the root, links followed, and nothing on the way is hidden. */
export function readInside(home: Home, given: string, options: TextFileOptions = {}): Read {
  const found = locateInside(home.root, resolve(dirname(home.path), given), home.allowHidden === true)
  if ('path' in found) return readText(found.path, options)
  if (found.why === 'outside')
    return { ok: false, code: 'FILE_OUTSIDE', message: `the file "${given}" is outside the folder of the spec` }
  if (found.why === 'hidden')
    return {
      ok: false,
      code: 'FILE_HIDDEN',
      message: `the file "${given}" is hidden, and a plan would show its contents`,
      hint: 'copy what you need to a file whose name does not start with a dot, or run with --allow-hidden',
    }
  if (found.code === 'ENOENT') return { ok: false, code: 'FILE_MISSING', message: `there is no file "${given}"` }
  return { ok: false, code: 'FILE_MISSING', message: `cannot read the file "${given}": ${found.reason}` }
}

type Located =
  | { readonly path: string }
  | { readonly why: 'outside' }
  | { readonly why: 'hidden' }
  | { readonly why: 'unreadable'; readonly code: string; readonly reason: string }

/** Where a path really leads, if it stays inside the root. A name that is given decides what is hidden, and so does where a link leads. */
function locateInside(root: string, path: string, allowHidden: boolean): Located {
  if (!inside(resolve(root), path)) return { why: 'outside' }
  const hidden = hasHidden(relative(resolve(root), path))
  try {
    const realRoot = realpathSync(root)
    const real = realpathSync(path)
    if (!inside(realRoot, real)) return { why: 'outside' }
    // a mounted ConfigMap keeps its files behind links in folders whose names begin with two dots
    const way = relative(realRoot, real)
      .split(sep)
      .filter((part) => !part.startsWith('..'))
      .join(sep)
    return !allowHidden && (hidden || hasHidden(way)) ? { why: 'hidden' } : { path: real }
  } catch (cause) {
    if (hidden && !allowHidden) return { why: 'hidden' }
    return { why: 'unreadable', code: errorCode(cause), reason: errorWords(cause) }
  }
}

/** True if a part of a relative path begins with a dot. */
export function hasHidden(way: string): boolean {
  return way.split(sep).some((part) => part.startsWith('.') && part !== '.' && part !== '..')
}

/** True if a path lies in a folder. */
export function inside(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

/** The real path of a file that need not be there yet: links of the folders above it are followed. */
export function realTarget(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    const above = dirname(path)
    return above === path ? path : join(realTarget(above), basename(path))
  }
}

function bytesOf(handle: number, size: number, most: number): Uint8Array {
  const bytes = new Uint8Array(Math.min(size + 1, most + 1))
  let length = 0
  for (let got = -1; got !== 0 && length < bytes.length; length += got)
    got = readSync(handle, bytes, length, bytes.length - length, null)
  return bytes.subarray(0, length)
}

function decoded(bytes: Uint8Array): Read {
  const encoding = otherEncoding(bytes)
  if (encoding === undefined)
    try {
      return { ok: true, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) } // drops the mark that may stand in front
    } catch {
      return notUtf8('it looks like Windows-1252 or Latin-1', 'iconv -f WINDOWS-1252 -t UTF-8')
    }
  return notUtf8(`it looks like ${encoding}`, `iconv -f ${encoding} -t UTF-8`)
}

function notUtf8(seen: string, command: string): Read {
  return {
    ok: false,
    code: 'NOT_UTF8',
    message: `the file is not in UTF-8: ${seen}`,
    hint: `save it as UTF-8, or convert it: ${command} FILE > NEW`,
  }
}

/** UTF-16 and UTF-32 by their marks, or by the zeros that they have between letters. */
function otherEncoding(bytes: Uint8Array): string | undefined {
  const [a, b, c, d] = bytes
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 ? 'UTF-32' : 'UTF-16'
  if (a === 0xfe && b === 0xff) return 'UTF-16'
  if (bytes.subarray(0, 1024).includes(0)) return a === 0 ? 'UTF-16BE' : 'UTF-16LE'
  return undefined
}

function sortOf(stat: { isDirectory(): boolean; isFIFO(): boolean; isSocket(): boolean }): string {
  if (stat.isDirectory()) return 'a folder'
  if (stat.isFIFO()) return 'a pipe'
  return stat.isSocket() ? 'a socket' : 'a device'
}

/** A number of bytes as people read it. */
function sizeText(bytes: number): string {
  if (bytes >= 1_048_576) return `${Number((bytes / 1_048_576).toFixed(1))} MiB`
  return bytes >= 1024 ? `${Number((bytes / 1024).toFixed(1))} KiB` : `${bytes} bytes`
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is a file and not a folder',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'its name is too long',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  ENXIO: 'it is a socket or a device',
  ENODEV: 'it is a device that is not there',
  EIO: 'the disk reports an error',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EROFS: 'the file system is read-only',
  EBUSY: 'it is in use',
  ETXTBSY: 'it is in use',
  EEXIST: 'it exists already',
  ENOTEMPTY: 'the folder is not empty',
  EFBIG: 'it is too large',
  EINVAL: 'its name or its contents cannot be used here',
  ESTALE: 'the file server does not know it any more',
  ETIMEDOUT: 'the file server does not answer',
  EAGAIN: 'it is not ready',
  ERR_INVALID_ARG_VALUE: 'its name cannot be used here',
}

/** Why a file could not be read or written, in words. */
export function errorWords(cause: unknown): string {
  const code = errorCode(cause)
  return REASONS[code] ?? (code === '' ? 'it is unreadable' : code)
}
