import { basename, dirname, join } from 'node:path'
import { errorCode } from '../../model/error-code.ts'
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

/** Notes whose secret a file has. Where the folder takes the secret but not the note, the secret stays; answers what to say about it then. */
export function noteOwner(path: string, owner: string): string | undefined {
  const target = realTarget(path)
  const owners = ownersBeside(target)
  if (owners[basename(target)] === owner) return undefined
  try {
    writePrivate(noteOf(target), `${JSON.stringify({ ...owners, [basename(target)]: owner }, null, 2)}\n`)
    return undefined
  } catch (cause) {
    return `whose it is could not be noted in ${NAME} (${errorCode(cause)})`
  }
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
