import { basename, dirname, join } from 'node:path'
import { writePrivate } from '../../model/files/private-file.ts'
import { readText, realTarget } from '../../model/files/text-file.ts'
import { isRecord, parseJson } from '../../model/json.ts'

/** A file beside the secrets of a folder that says whose they are; it holds none itself. */
const NAME = '.mailconfig-saved.json'

/** The address of the object whose secret was saved to a file; undefined where nobody noted it. */
export function savedOwner(path: string): string | undefined {
  const target = realTarget(path)
  const owner = ownersBeside(target)[basename(target)]
  return typeof owner === 'string' ? owner : undefined
}

/** Notes whose secret a file has. A folder that takes the secret but not the note is no reason to lose the secret: then it goes without. */
export function noteOwner(path: string, owner: string): void {
  const target = realTarget(path)
  const owners = ownersBeside(target)
  if (owners[basename(target)] === owner) return
  try {
    writePrivate(noteOf(target), `${JSON.stringify({ ...owners, [basename(target)]: owner }, null, 2)}\n`)
  } catch {} // the secret is in its place, and that counts
}

function noteOf(target: string): string {
  return join(dirname(target), NAME)
}

function ownersBeside(target: string): Readonly<Record<string, unknown>> {
  const read = readText(noteOf(target))
  if (!read.ok) return {}
  try {
    const owners: unknown = parseJson(read.text)
    return isRecord(owners) ? owners : {}
  } catch {
    return {}
  }
}
