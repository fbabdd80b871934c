import type { DesiredObject } from '../../model/desired/object.ts'
import type { Problem } from '../../model/problem.ts'
import { revealed } from '../../model/secret.ts'

/** An object that no call can carry, because the API takes no body of that size. */
export function tooLarge({ kind, values, source, state, address }: DesiredObject): Problem[] {
  const most = kind.api.largestBody
  if (most === undefined || state === 'absent') return []
  const single = kind.members?.batch === true ? undefined : kind.members?.field // each has a call of its own
  const sizes = Object.entries(values).flatMap(([name, value]) => {
    if (name === single || kind.fields[name]?.local === true) return []
    if (typeof value === 'boolean' || typeof value === 'number') return []
    return [{ name, bytes: Buffer.byteLength(JSON.stringify(revealed(value)) ?? '') }]
  })
  const bytes = sizes.reduce((sum, one) => sum + one.bytes, 0)
  if (bytes <= most) return []
  const [largest = { name: kind.key, bytes: 0 }] = sizes.toSorted((one, other) => other.bytes - one.bytes)
  return [
    {
      code: 'BODY_TOO_LARGE',
      message: `${address} has ${bytes} bytes in one call, most of them in "${largest.name}", and the API accepts ${most}`,
      hint: 'make it smaller: host images elsewhere, or split the list',
      source: { ...source, path: [...source.path, largest.name] },
    },
  ]
}
