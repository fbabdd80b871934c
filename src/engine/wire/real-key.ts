import type { DesiredObject } from '../../model/desired/object.ts'
import { partsOfKey } from '../../model/kind/twin-key.ts'
import { Secret } from '../../model/secret.ts'

/** The key as the API knows it, of an object whose key may be made out of a secret. */
export function realKey({ kind, values, key }: Pick<DesiredObject, 'kind' | 'values' | 'key'>): string {
  const value = kind.singleton === undefined ? values[kind.key] : undefined
  return value instanceof Secret ? value.reveal() : (partsOfKey(kind, key)?.name ?? key)
}
