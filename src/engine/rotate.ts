import type { DesiredObject } from '../model/desired/object.ts'
import { isRecord } from '../model/json.ts'
import type { Fields, Values } from '../model/kind/field.ts'
import { isWhole } from '../model/kind/kind.ts'
import type { Secret } from '../model/secret.ts'
import { fieldAt, valueAt } from '../model/value/path.ts'

/** The secrets that objects with these fields can have, by path. */
export function secretNames(fields: Fields, prefix = ''): readonly string[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    if (field.local === true || field.computed === true) return []
    if (field.secret === true) return [`${prefix}${name}`]
    return field.type === 'object' ? secretNames(field.fields, `${prefix}${name}.`) : []
  })
}

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

/** Values with another one at a path. */
export function placed(values: Values, [name = '', ...rest]: readonly string[], value: unknown): Values {
  const inner = values[name]
  return { ...values, [name]: rest.length === 0 ? value : placed(isRecord(inner) ? inner : {}, rest, value) }
}

/** Whether a secret may be made up, and how long it is then; or why not. */
export function generated(
  { kind, values }: DesiredObject,
  path: string,
): { readonly length: number } | { readonly why: string } {
  const { generate } = fieldAt(kind, path) ?? {}
  if (generate === undefined)
    return { why: `the ${path} of this ${kind.title} is made where it is checked: ask for a new one there` }
  const { unless } = generate
  if (unless === undefined) return { length: generate.length }
  const beside = [...path.split('.').slice(0, -1), unless.field].join('.')
  if (valueAt(values, beside) !== unless.is) return { length: generate.length }
  return { why: `"${beside}: ${String(unless.is)}" wants a value of a form of its own` }
}
