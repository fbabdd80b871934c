import { open, readdir, readlink, realpath, rename, stat, unlink } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { errorCode } from '../../model/error-code.ts'
import { readText } from '../../model/files/text-file.ts'
import { accountsOf, leaseLost, parseDocument, type StoredAccounts, storeDocumentOf } from './document.ts'
import { checkFree, documentStore } from './document-store.ts'
import { makeFolder, newestMark, nextMark } from './file-lock.ts'
import { type Lease, type LeaseRequest, LedgerError, LockedError, type Store } from './store.ts'

/** A ledger of an account with everything has a few megabytes. */
const MAX_LEDGER_BYTES = 512 * 1024 * 1024

/** A ledger in one JSON file, with its lock beside it. Nothing is made before the first write or lock. */
export function openFile(path: string, options: { readonly cwd: string; readonly now: () => Date }): Store {
  const wanted = resolve(options.cwd, path)
  const shown = relative(options.cwd, wanted)
  const where = shown === '' || shown.startsWith('..') ? wanted : shown
  const lockFolder = async () => `${await target(wanted)}.lock`

  async function accounts(): Promise<StoredAccounts> {
    const real = await target(wanted)
    const info = await ifThere(stat(real))
    if (info !== undefined && !info.isFile() && !info.isDirectory()) throw notAFile(where) // a pipe would be waited for, without end
    if (info === undefined) return new Map()
    const read = readText(real, { most: MAX_LEDGER_BYTES })
    if (!read.ok) {
      const code = read.code === 'NOT_UTF8' ? 'LEDGER_CORRUPT' : 'LEDGER_UNREACHABLE'
      throw new LedgerError(code, `${where} cannot be used: ${info.isDirectory() ? 'it is a folder' : read.message}`)
    }
    return accountsOf(where, parseDocument(where, read.text))
  }

  /** Makes the next mark with a lease over a free or an expired one. */
  async function take(lease: LeaseRequest, now: Date): Promise<Lease | undefined> {
    const folder = await lockFolder()
    await makeFolder(dirname(folder))
    for (;;) {
      const before = await newestMark(folder)
      checkFree(where, before.lease, now)
      if ((await nextMark(folder, before, lease)) !== undefined) return before.lease
    }
  }

  /** Makes the next mark if the newest is of this lease. */
  async function replace(id: string, lease: LeaseRequest | undefined): Promise<boolean> {
    const folder = await lockFolder()
    for (;;) {
      const before = await newestMark(folder)
      if (before.lease?.id !== id) return false
      if ((await nextMark(folder, before, lease)) !== undefined) return true
    }
  }

  const holder = async () => (await newestMark(await lockFolder())).lease

  return documentStore(
    {
      where,
      accounts: () => told(where, accounts),
      update: ({ id }, change) =>
        told(where, async () => {
          const text = `${JSON.stringify(storeDocumentOf(change(await accounts())), null, 2)}\n`
          await replaceFile(await target(wanted), text, async () => {
            if ((await holder())?.id !== id) throw leaseLost(where)
          })
          return true
        }),
      take: (lease, now) => told(where, () => take(lease, now)),
      replace: ({ id }, next) => told(where, () => replace(id, next)),
      holder: () => told(where, holder),
      unlock: (id) => told(where, async () => void (await replace(id, undefined))),
    },
    options.now,
  )
}

/** Writes a draft and puts it in the file's place, so that a reader sees the old one or the new one, whole. */
async function replaceFile(path: string, text: string, check: () => Promise<void>): Promise<void> {
  const folder = `${path}.lock` // which Git does not see, if this process dies right here
  const left = (await readdir(folder)).filter((name) => name.startsWith('draft.'))
  await Promise.all(left.map((name) => ifThere(unlink(join(folder, name)))))
  const draft = join(folder, `draft.${crypto.randomUUID()}`)
  try {
    const file = await open(draft, 'wx', 0o600)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await check()
    await rename(draft, path)
  } catch (error) {
    await unlink(draft).catch(() => undefined)
    throw error
  }
  await syncFolder(dirname(path))
}

/** Makes a rename last; not every file system lets a folder be opened for it. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined)
  await folder?.sync().catch(() => undefined)
  await folder?.close()
}

/** The file itself, where the path or a folder of it is a symbolic link. */
async function target(path: string): Promise<string> {
  const real = await ifThere(realpath(path))
  if (real !== undefined) return real
  const link = await readlink(path).catch(() => undefined)
  if (link !== undefined) return target(resolve(dirname(path), link))
  const folder = await ifThere(realpath(dirname(path)))
  return join(folder ?? dirname(path), basename(path))
}

async function ifThere<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

function notAFile(where: string): LedgerError {
  return new LedgerError('LEDGER_UNREACHABLE', `${where} cannot be used: it is not a file`)
}

const WHY: Readonly<Record<string, string>> = {
  EACCES: 'this user may not read or write there',
  EPERM: 'this user may not read or write there',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of this user is used up',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is not a folder',
  ELOOP: 'its symbolic links go round in a circle',
  ENAMETOOLONG: 'its name is too long',
}

/** Runs it, and says an error of the file system in words. */
async function told<T>(where: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    if (error instanceof LockedError || error instanceof LedgerError) throw error
    const code = errorCode(error, 'unknown error')
    throw new LedgerError('LEDGER_UNREACHABLE', `${where} cannot be used: ${WHY[code] ?? code}`, { cause: error })
  }
}
