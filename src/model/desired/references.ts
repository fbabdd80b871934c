import { refers } from '../kind/references.ts'
import { walkValues } from '../kind/walk.ts'
import { step } from '../position.ts'
import { canonicalKey } from '../value/canonical.ts'
import type { DesiredObject } from './object.ts'
import type { Reference } from './spec.ts'

/** Every place in every object that names another object. */
export function collectReferences(objects: readonly DesiredObject[]): Reference[] {
  const found: Reference[] = []
  for (const from of objects)
    if (refers(from.kind.fields))
      walkValues(from.kind.fields, from.values, (field, value, path) => {
        const { refersTo: kind, refersUnless } = field
        if (kind === undefined || typeof value !== 'string') return
        if (refersUnless !== undefined && new RegExp(refersUnless).test(value)) return
        found.push({ from, kind, key: canonicalKey(field, value), source: path.reduce(step, from.source) })
      })
  return found
}
