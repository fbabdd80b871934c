import { isOneCall } from '../model/call.ts'
import { canonical, isRecord, isSame } from '../model/canon.ts'
import type { FieldChange, MemberChanges } from '../model/change.ts'
import type { Field, Fields } from '../model/field.ts'
import type { Members, ResourceKind, Values } from '../model/kind.ts'
import { SENSITIVE } from '../model/secret.ts'

/** The fields of an object about to be made. */
export function newFields(kind: ResourceKind, values: Values): FieldChange[] {
  return Object.entries(values).flatMap(([name, after]) => {
    const field = kind.fields[name]
    const isShown = field?.local !== true || kind.yields?.to === name // where a secret goes is for the reviewer to see
    if (field === undefined || !isShown || field.computed === true) return []
    return leaves(field, name, undefined, after)
  })
}

/** The managed fields that differ; what cannot be compared does not. */
export function changedFields(kind: ResourceKind, desired: Values, live: Values): FieldChange[] {
  const changes = Object.entries(desired).flatMap(([name, after]) => {
    const field = kind.fields[name]
    if (field === undefined || kind.members?.field === name) return []
    return differences(field, name, live[name], after)
  })
  if (changes.length === 0) return []
  const whole = kind.calls.update !== undefined && isOneCall(kind.calls.update) && kind.calls.update.whole === true
  return [...changes, ...resent(kind.fields, desired, changes, '', whole)]
}

function differences(field: Field, path: string, before: unknown, after: unknown): FieldChange[] {
  if (field.writeOnly === true || field.local === true || field.computed === true || after === undefined) return []
  if (field.type === 'object' && isRecord(after) && isRecord(before))
    return Object.entries(after).flatMap(([name, value]) => {
      const inner = field.fields[name]
      return inner === undefined ? [] : differences(inner, `${path}.${name}`, before[name], value)
    })
  if (before === undefined || isSame(field, before, after)) return []
  return leaves(field, path, before, after)
}

/** A change of a whole value; secrets inside it are masked one by one. */
function leaves(field: Field, path: string, before: unknown, after: unknown): FieldChange[] {
  if (field.secret === true)
    return [{ path, before: before === undefined ? undefined : SENSITIVE, after: SENSITIVE, sensitive: true }]
  if (field.type === 'object' && isRecord(after) && before === undefined)
    return Object.entries(after).flatMap(([name, value]) => {
      const inner = field.fields[name]
      return inner === undefined ? [] : leaves(inner, `${path}.${name}`, undefined, value)
    })
  return [{ path, before: before ?? null, after: masked(field, after), sensitive: false }]
}

function masked(field: Field, value: unknown): unknown {
  if (field.type !== 'object' || !isRecord(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, field.fields[name]?.secret === true ? SENSITIVE : one]),
  )
}

/** Secrets that have to go along again because something that they belong to changes. */
function resent(
  fields: Fields,
  values: Values,
  changes: readonly FieldChange[],
  prefix: string,
  whole: boolean,
): FieldChange[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const field = fields[name]
    const path = `${prefix}${name}`
    if (field?.type === 'object' && isRecord(value)) return resent(field.fields, value, changes, `${path}.`, whole)
    if (field === undefined || value === undefined) return []
    const along = whole && field.secret === true
    return along || (field.resendWith !== undefined && mustResend(field, changes))
      ? [{ path, before: SENSITIVE, after: SENSITIVE, sensitive: true }]
      : []
  })
}

function mustResend(field: Field, changes: readonly FieldChange[]): boolean {
  return changes.some((change) =>
    field.resendWith?.some((one) => one === change.path || one.startsWith(`${change.path}.`)),
  )
}

/** The paths of secrets that a change demands and that the spec does not give. */
export function missingSecrets(fields: Fields, values: Values, changes: readonly FieldChange[], prefix = ''): string[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const value = values[name]
    const path = `${prefix}${name}`
    if (field.type === 'object') return isRecord(value) ? missingSecrets(field.fields, value, changes, `${path}.`) : []
    return field.resendWith !== undefined && value === undefined && mustResend(field, changes) ? [path] : []
  })
}

/** The fields without which an object cannot be made, at any depth. */
export function missingForCreate(fields: Fields, values: Values, prefix = ''): string[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const value = values[name]
    if (field.type === 'object' && isRecord(value)) return missingForCreate(field.fields, value, `${prefix}${name}.`)
    return field.required === 'create' && value === undefined ? [`${prefix}${name}`] : []
  })
}

/** How the members of a singleton's list differ: what to add and edit, and what is there beyond the spec. */
export function changedMembers(
  kind: ResourceKind,
  members: Members,
  desired: Values,
  live: Values,
): { readonly changes: Omit<MemberChanges, 'removed' | 'after'>; readonly extra: readonly unknown[] } {
  const field = kind.fields[members.field]
  if (field === undefined || !('items' in field)) return { changes: { added: [], edited: [] }, extra: [] }
  const wanted = asList(desired[members.field])
  const have = asList(live[members.field])
  const keyOf = (item: unknown) => String(canonical(field.items, memberKey(members, item)))
  const liveByKey = new Map(have.map((item) => [keyOf(item), item]))
  const wantedKeys = new Set(wanted.map(keyOf))
  const added = wanted.filter((item) => !liveByKey.has(keyOf(item)))
  const edited = wanted.filter((item) => {
    const before = liveByKey.get(keyOf(item))
    return before !== undefined && isRecord(item) && isRecord(before) && differs(field.items, item, before)
  })
  const extra = have.filter((item) => !wantedKeys.has(keyOf(item)))
  return { changes: { added, edited }, extra }
}

function differs(field: Field, item: Values, before: Values): boolean {
  return differences(field, '', before, item).length > 0
}

/** What tells a member apart from the others. */
export function memberKey(members: Members, item: unknown): unknown {
  return members.key !== undefined && isRecord(item) ? item[members.key] : item
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
