import type { DesiredObject } from '../../model/desired/object.ts'
import { isRecord } from '../../model/json.ts'
import type { FieldChange } from '../../model/kind/difference.ts'
import type { Fields, Values } from '../../model/kind/field.ts'
import { fieldAt, walkFields } from '../../model/kind/walk.ts'
import type { Secret } from '../../model/secret.ts'
import { valueAt } from '../../model/value/path.ts'

/** What stands in a plan for a secret that will be generated. */
const TO_COME = '(generated)'

/** The secrets of a new object that mailconfig makes up: the entry says where they go, and gives none. */
export function toGenerate(object: DesiredObject): readonly string[] {
  const { kind, values } = object
  if (!isRecord(values['saveTo']) || kind.oneTimeSecret !== undefined) return []
  return secretNames(kind.fields).filter((path) => {
    const above = path.includes('.') ? valueAt(values, path.slice(0, path.lastIndexOf('.'))) : values
    return (
      isRecord(above) &&
      valueAt(values, path) === undefined &&
      !('why' in generated(object, path)) &&
      fieldAt(kind.fields, path)?.generate !== undefined
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

/** The secrets that objects with these fields can have, by path. */
export function secretNames(fields: Fields): readonly string[] {
  const found: string[] = []
  walkFields(fields, ({ local, computed, secret }, path) => {
    if (local === true || computed === true) return false
    if (secret === true) found.push(path.join('.'))
    return undefined
  })
  return found
}

/** Values with another one at a path. */
export function placed(values: Values, [name = '', ...rest]: readonly string[], value: unknown): Values {
  const inner = values[name]
  return { ...values, [name]: rest.length === 0 ? value : placed(isRecord(inner) ? inner : {}, rest, value) }
}

/** Whether a secret may be generated, and its length; or why not. */
export function generated(
  { kind, values }: DesiredObject,
  path: string,
): { readonly length: number } | { readonly why: string } {
  const { generate } = fieldAt(kind.fields, path) ?? {}
  if (generate === undefined)
    return { why: `the ${path} of this ${kind.title} is issued by the service that checks it: request a new one there` }
  const { unless } = generate
  if (unless === undefined) return { length: generate.length }
  const beside = [...path.split('.').slice(0, -1), unless.field].join('.')
  if (valueAt(values, beside) !== unless.is) return { length: generate.length }
  return { why: `"${beside}: ${String(unless.is)}" requires a value in its own format` }
}
