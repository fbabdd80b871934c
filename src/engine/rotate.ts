import { isOneCall } from '../model/call.ts'
import { isRecord } from '../model/canon.ts'
import type { DesiredObject } from '../model/change.ts'
import type { Fields } from '../model/field.ts'
import type { ResourceKind, Values } from '../model/kind.ts'
import { fieldAt, valueAt } from '../model/path.ts'
import { Secret } from '../model/secret.ts'

/** The secrets of an entry that are sent to the API, by path. */
export function secretsOf(fields: Fields, values: Values, prefix = ''): ReadonlyMap<string, Secret> {
  const found = new Map<string, Secret>()
  for (const [name, value] of Object.entries(values)) {
    const field = fields[name]
    if (field === undefined || field.local === true) continue
    if (value instanceof Secret) found.set(`${prefix}${name}`, value)
    else if (field.type === 'object' && isRecord(value))
      for (const [path, secret] of secretsOf(field.fields, value, `${prefix}${name}.`)) found.set(path, secret)
  }
  return found
}

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
  return { ...rest, values: renewed, resend: paths }
}

function isWhole({ calls: { update } }: ResourceKind): boolean {
  return update !== undefined && isOneCall(update) && update.whole === true
}

/** Values with another one at a path. */
function placed(values: Values, [name = '', ...rest]: readonly string[], value: unknown): Values {
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
