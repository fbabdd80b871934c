import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'

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
