import type { DesiredObject } from '../../model/desired/object.ts'
import { isWhole } from '../../model/kind/kind.ts'
import type { Secret } from '../../model/secret.ts'
import { placed } from '../diff/generated.ts'

/**
 * An object with what it takes to send these secrets again, and nothing else: what else differs is for apply. Where the API
 * wants everything in one call, everything goes along.
 */
export function resending(object: DesiredObject, paths: readonly string[], secret?: Secret): DesiredObject {
  const { kind, values } = object
  const tops = new Set(paths.map((path) => path.split('.')[0]))
  const isKept = (name: string) =>
    isWhole(kind) || tops.has(name) || name === kind.key || kind.fields[name]?.local === true
  const part = Object.fromEntries(Object.entries(values).filter(([name]) => isKept(name)))
  const renewed = secret === undefined ? part : paths.reduce((all, path) => placed(all, path.split('.'), secret), part)
  const { moved: _moved, ...rest } = object
  return { ...rest, values: renewed, resend: paths, ...(secret === undefined ? {} : { isRenewed: true }) }
}
