import { dirname, join } from 'node:path'
import type { DesiredObject } from '../../model/desired/object.ts'
import { isRecord } from '../../model/json.ts'
import type { Problem } from '../../model/problem.ts'

/** Entries whose secrets would be saved to one file: the second would overwrite the first, which no API shows again. */
export function sharedTargets(objects: readonly DesiredObject[]): Problem[] {
  const first = new Map<string, DesiredObject>()
  return objects.flatMap((object): Problem[] => {
    const { oneTimeSecret } = object.kind
    const target =
      oneTimeSecret === undefined || object.state === 'absent' ? undefined : object.values[oneTimeSecret.to]
    if (oneTimeSecret === undefined || !isRecord(target) || typeof target['file'] !== 'string') return []
    const path = join(dirname(object.source.file), target['file'])
    const before = first.get(path)
    if (before === undefined) {
      first.set(path, object)
      return []
    }
    return [
      {
        code: 'ONE_TARGET',
        message: `${object.address} is saved to "${target['file']}", and so is ${before.address}: one would overwrite the other`,
        source: { ...object.source, path: [...object.source.path, oneTimeSecret.to] },
        also: { message: 'the other one', source: before.source },
      },
    ]
  })
}
