import { link, mkdir, readdir, readFile, stat, unlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { largest } from '../../model/append.ts'
import { errorCode } from '../../model/error-code.ts'
import { leaseIn } from './document-store.ts'
import { type Lease, type LeaseRequest, LedgerError } from './store.ts'

/** What the newest mark says: who holds the lock, if anybody does. */
type LockMark = { readonly number: number; readonly lease: Lease | undefined }

/** How long a mark may be half written before it counts as left behind. */
const UNREADABLE_MS = 30_000

/*
 * A lock is a folder of numbered marks, and the highest number says who holds it. A process that wants to change that makes the file
 * with the next number, which the file system lets only one do (O_EXCL). Only lower numbers are ever deleted, so a number that
 * was made too late is never the highest. That holds for any number of processes, and for one that dies at any line.
 */

/** The newest mark of a lock; number 0 if nobody ever held it. */
export async function newestMark(folder: string): Promise<LockMark> {
  for (let tries = 0; tries < 1000; tries++) {
    const number = largest(numbersOf(await namesIn(folder)), 0)
    if (number === 0) return { number, lease: undefined }
    const path = join(folder, String(number))
    const text = await markText(path)
    if (text === undefined) continue // a newer one has replaced it
    if (text === FREE) return { number, lease: undefined }
    const lease = leaseIn(text)
    if (lease !== undefined) return { number, lease }
    const written = await ifThere(stat(path))
    if (written !== undefined) return { number, lease: unreadable(number, written.mtimeMs) }
  }
  throw new LedgerError('LEDGER_LOCKED', `${folder} keeps changing`)
}

/** A mark has a few hundred bytes. */
const MAX_MARK_BYTES = 65_536

/** What a mark holds; undefined where it is gone, and empty where it is no mark. */
async function markText(path: string): Promise<string | undefined> {
  const info = await ifThere(stat(path))
  if (info === undefined) return undefined
  return info.isFile() && info.size <= MAX_MARK_BYTES ? ifThere(readFile(path, 'utf8')) : ''
}

/** Makes the next mark: a lease, or undefined for "free". Answers it, or undefined if somebody else was faster. */
export async function nextMark(
  folder: string,
  from: LockMark,
  lease: LeaseRequest | undefined,
): Promise<LockMark | undefined> {
  const number = from.number + 1
  if (number === 1) await prepare(folder)
  const path = join(folder, String(number))
  if (!(await makeOnce(path, lease === undefined ? FREE : `${JSON.stringify(lease, null, 2)}\n`))) return undefined
  const names = await namesIn(folder)
  if (numbersOf(names).some((other) => other > number)) {
    await ifThere(unlink(path))
    return undefined
  }
  const outdated = names.filter((name) => Number.parseInt(name, 10) <= number && name !== String(number))
  await Promise.all(outdated.map((name) => ifThere(unlink(join(folder, name))))) // drafts of the dead, too
  return { number, lease }
}

const FREE = '{}\n'
/** What file systems without hard links answer. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']

/** The folder keeps itself out of Git. */
async function prepare(folder: string): Promise<void> {
  await makeFolder(folder, 0o700)
  await writeFile(join(folder, '.gitignore'), '*\n', { mode: 0o600 })
}

/** Makes a file with all of its text, unless it is there. */
async function makeOnce(path: string, text: string): Promise<boolean> {
  const draft = `${path}.${crypto.randomUUID()}`
  await writeFile(draft, text, { flag: 'wx', mode: 0o600 })
  try {
    await link(draft, path)
    return true
  } catch (error) {
    if (errorCode(error) === 'EEXIST' || errorCode(error) === 'ENOENT') return false // the winner clears away the drafts of others
    if (!NO_LINKS.includes(errorCode(error))) throw error
  } finally {
    await ifThere(unlink(draft))
  }
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false
    throw error
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return (await ifThere(readdir(folder))) ?? []
}

function numbersOf(names: readonly string[]): number[] {
  return names.filter((name) => /^[1-9]\d{0,14}$/.test(name)).map(Number)
}

function unreadable(number: number, writtenMs: number): Lease {
  return {
    id: `mark-${number}`,
    owner: 'an unknown process',
    command: '',
    since: new Date(writtenMs).toISOString(),
    expires: new Date(writtenMs + UNREADABLE_MS).toISOString(),
  }
}

async function ifThere<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

/** Makes a folder and those above it. Node's own way goes round for ever where a parent is there and takes no folders (`/proc`). */
export async function makeFolder(path: string, mode?: number): Promise<void> {
  const error = await make(path, mode)
  if (error === undefined) return
  if (error.code !== 'ENOENT' || dirname(path) === path) throw error
  await makeFolder(dirname(path), mode)
  const again = await make(path, mode)
  if (again !== undefined) throw again
}

/** Makes one folder; one that is there, perhaps since a moment ago, is as good. */
async function make(path: string, mode: number | undefined): Promise<NodeJS.ErrnoException | undefined> {
  try {
    await mkdir(path, { mode })
    return undefined
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const found: NodeJS.ErrnoException = error
    return found.code === 'EEXIST' ? undefined : found
  }
}
