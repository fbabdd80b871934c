import type { DesiredObject } from '../model/desired/object.ts'
import { isRecord } from '../model/json.ts'
import type { FieldChange } from '../model/kind/difference.ts'
import type { Secret } from '../model/secret.ts'
import { fieldAt, valueAt } from '../model/value/path.ts'
import { generated, placed, secretNames } from './rotate.ts'

/** What stands in a plan for a secret that will be made up. */
const TO_COME = '(generated)'

/** The secrets of a new object that mailconfig makes up: the entry says where they go, and gives none. */
export function toGenerate(object: DesiredObject): readonly string[] {
  const { kind, values } = object
  if (!isRecord(values['saveTo']) || kind.yields !== undefined) return []
  return secretNames(kind.fields).filter((path) => {
    const above = path.includes('.') ? valueAt(values, path.slice(0, path.lastIndexOf('.'))) : values
    return (
      isRecord(above) &&
      valueAt(values, path) === undefined &&
      !('why' in generated(object, path)) &&
      fieldAt(kind, path)?.generate !== undefined
    )
  })
}

/** The same as lines of a plan. */
export function generatedFields(object: DesiredObject): FieldChange[] {
  return toGenerate(object).map((path) => ({ path, before: undefined, after: TO_COME, sensitive: true }))
}

/** An object with a secret in its place. */
export function withSecret(object: DesiredObject, path: string, secret: Secret): DesiredObject {
  return { ...object, values: placed(object.values, path.split('.'), secret) }
}
