import { isRecord, mapEntries } from '../../model/json.ts'
import type { Field, Fields, Values } from '../../model/kind/field.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import type { LiveObject } from '../../model/kind/live-object.ts'
import { isSame } from '../../model/value/canonical.ts'

/** How much is written of what is at the API's default: `usual`: nothing; `vital`: what could stop mail if it changed; `all`: everything, so that every later change is seen. */
export type ExportDetail = 'usual' | 'vital' | 'all'

/** An object as an entry of a file: what its API shows, without what it only computes. */
export function specEntryOf(
  kind: ResourceKind,
  object: LiveObject,
  detail: ExportDetail = 'usual',
  files: Set<string> = new Set(),
): Values {
  return mapEntries(plainEntryOf(kind, object, detail, files), escaped)
}

/** The same before it is written down: a `${` of the API's own stands as it is. `files`: the places of secrets that are taken; its own is added. */
export function plainEntryOf(
  kind: ResourceKind,
  object: LiveObject,
  detail: ExportDetail = 'usual',
  files: Set<string> = new Set(),
): Values {
  const values = writable(kind.fields, object.values, kind.key, detail)
  if (kind.oneTimeSecret === undefined) return values
  const slug = object.key
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
  return { ...values, [kind.oneTimeSecret.to]: { file: freeFile(`secrets/${slug || object.id}`, files) } }
}

/** A place for a secret that no other entry has: names in other letters may look alike as a file. */
function freeFile(stem: string, files: Set<string>): string {
  for (let number = 1; ; number++) {
    const file = `${stem}${number === 1 ? '' : `-${number}`}.key`
    if (files.has(file)) continue
    files.add(file)
    return file
  }
}

/** Values without what is computed or write-only, and without what is empty or at its default as far as `detail` leaves it out. */
export function writable(
  fields: Fields,
  values: Values,
  key: string,
  detail: ExportDetail = 'usual',
): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(fields)) {
    const value = values[name]
    if (field.computed === true || field.writeOnly === true || value === undefined || value === null) continue
    if (name !== key && field.required !== true && isLeftOut(field, value, detail)) continue
    result[name] = field.type === 'object' && isRecord(value) ? writable(field.fields, value, '', detail) : value
  }
  return result
}

function isLeftOut(field: Field, value: unknown, detail: ExportDetail): boolean {
  if (isNothing(value)) return detail !== 'all' || !canSay(field, value)
  return detail !== 'all' && isDefault(field, value) && !(detail === 'vital' && stopsMail(field))
}

/** True for a field whose change is a high risk by itself: somebody who changes it outside has to be noticed. */
function stopsMail({ risky }: Field): boolean {
  return risky?.some(({ level }) => level === 'high') === true
}

/** True if a spec may say that a field has no value. */
function canSay(field: Field, value: unknown): boolean {
  if (value === 'off') return field.type === 'object' && field.off !== undefined
  if (Array.isArray(value)) return field.type === 'set' || field.type === 'list'
  if (value !== '') return false
  if (field.clearable === true) return true
  const isFree = field.format === undefined && field.pattern === undefined && field.minLength === undefined
  return isFree && (field.type === 'string' || field.type === 'text') && field.refersTo === undefined
}

function isDefault(field: Field, value: unknown): boolean {
  return field.default !== undefined && isSame(field, field.default, value)
}

function isNothing(value: unknown): boolean {
  return (
    value === '' ||
    value === 'off' ||
    (Array.isArray(value) && value.length === 0) ||
    (isRecord(value) && Object.keys(value).length === 0)
  )
}

/** A `${` of the API's own is not a reference of ours. */
export function escapedText(text: string): string {
  return text.replaceAll('${', () => '$${') // as a text it would read `$$` as one dollar
}

/** A value in which no text can be taken for a reference. */
export function escaped(value: unknown): unknown {
  if (typeof value === 'string') return escapedText(value)
  if (Array.isArray(value)) return value.map(escaped)
  return isRecord(value) ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, escaped(one)])) : value
}
