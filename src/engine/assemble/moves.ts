import { qualify } from '../../model/address.ts'
import type { DesiredObject } from '../../model/desired/object.ts'
import { fieldOf } from '../../model/kind/kind.ts'
import { keyWithId } from '../../model/kind/twin-key.ts'
import type { Problem } from '../../model/problem.ts'
import { canonicalKey } from '../../model/value/canonical.ts'

/** Renames that cannot be meant: each old name belongs to one entry that is to be there, and to nobody else. */
export function moveProblems(objects: readonly DesiredObject[]): Problem[] {
  const moved = objects.filter((one) => one.moved !== undefined && one.kind.singleton === undefined)
  if (moved.length === 0) return []
  const nameOf = (object: DesiredObject, key: string) => qualify(object.scope, `${object.kind.name}/${key}`)
  const declared = new Map(objects.map((one) => [nameOf(one, one.key), one]))
  const first = new Map<string, DesiredObject>()
  return moved.flatMap((object): Problem[] => {
    const { kind, key, state, source } = object
    const was = canonicalKey(fieldOf(kind, kind.key), object.moved ?? '')
    const old = object.id === undefined ? was : keyWithId(was, object.id)
    const name = nameOf(object, old)
    const fail = (message: string, hint: string, also?: DesiredObject): Problem[] => [
      {
        code: 'BAD_MOVE',
        message,
        hint,
        source: { ...source, path: [...source.path, 'moved'] },
        ...(also === undefined ? {} : { also: { message: 'the other entry', source: also.source } }),
      },
    ]
    if (state === 'absent')
      return fail(
        `"${key}" is declared absent, so it cannot have moved from "${old}"`,
        'take "moved" out, or "state: absent"',
      )
    if (old === key) return fail(`"${key}" cannot have moved from itself`, 'take "moved" out')
    const other = declared.get(name)
    if (other !== undefined)
      return fail(
        `"${key}" has moved from "${old}", which is declared, too`,
        'an object has one name: take one of the two out',
        other,
      )
    const before = first.get(name)
    if (before !== undefined)
      return fail(`"${key}" and "${before.key}" have both moved from "${old}"`, 'only one of them can be it', before)
    first.set(name, object)
    return []
  })
}
