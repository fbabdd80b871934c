import { isRecord } from '../../model/json.ts'
import type { FieldChange } from '../../model/kind/difference.ts'
import type { Field, Fields, Values } from '../../model/kind/field.ts'
import { isWhole, type ResourceKind } from '../../model/kind/kind.ts'
import { walkSlots, walkValues } from '../../model/kind/walk.ts'
import { holdsSecret, SENSITIVE, Secret } from '../../model/secret.ts'
import { isSame } from '../../model/value/canonical.ts'
import { sentSecrets } from '../../model/value/secrets.ts'

/** The fields of an object about to be made. */
export function newFields(kind: ResourceKind, values: Values): FieldChange[] {
  return Object.entries(values).flatMap(([name, after]) => {
    const field = kind.fields[name]
    const isShown = field?.local !== true || kind.oneTimeSecret?.to === name // where a secret goes is for the reviewer to see
    if (field === undefined || !isShown || field.computed === true) return []
    return leaves(field, name, undefined, after)
  })
}

/** Why a secret is sent: it is known to be another one than before, or somebody wants it sent again; undefined where neither is so. */
type WhySent = (path: string, secret: Secret) => 'new' | 'again' | undefined

/** The managed fields that differ; what cannot be compared does not, unless somebody remembers a secret. */
export function changedFields(
  kind: ResourceKind,
  desired: Values,
  live: Values,
  whySent: WhySent = () => undefined,
): FieldChange[] {
  const plain = Object.entries(desired).flatMap(([name, after]) => {
    const field = kind.fields[name]
    if (field === undefined || kind.members?.field === name) return []
    return differences(field, name, live[name], after)
  })
  const known = new Set(plain.map(({ path }) => path))
  const changes = [...plain, ...rememberedSecrets(kind.fields, desired, whySent).filter(({ path }) => !known.has(path))]
  if (changes.length === 0) return []
  const whole = isWhole(kind)
  const sent = new Set(changes.map(({ path }) => path))
  return [...changes, ...resent(kind.fields, desired, changes, whole).filter(({ path }) => !sent.has(path))]
}

/** Secrets of which somebody remembers another value, and those that are to be sent again. */
function rememberedSecrets(fields: Fields, values: Values, whySent: WhySent): FieldChange[] {
  return [...sentSecrets(fields, values)].flatMap(([path, secret]): FieldChange[] => {
    const why = whySent(path, secret)
    if (why === undefined) return []
    const change = { path, before: SENSITIVE, after: SENSITIVE, sensitive: true }
    return [why === 'new' ? { ...change, isNew: true, reason: 'spec' } : change]
  })
}

/** The leaves of one field that differ. */
export function differences(field: Field, path: string, before: unknown, after: unknown): FieldChange[] {
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
  if (holdsSecret(after))
    return [{ path, before: before === undefined ? null : SENSITIVE, after: shownOf(after), sensitive: true }]
  return [{ path, before: before ?? null, after: masked(field, after), sensitive: false }]
}

/** What may be seen of a value in which a secret stands. */
function shownOf(value: unknown): unknown {
  return value instanceof Secret ? value.toString() : SENSITIVE
}

function masked(field: Field, value: unknown): unknown {
  if (field.type !== 'object' || !isRecord(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, field.fields[name]?.secret === true ? SENSITIVE : one]),
  )
}

/** Secrets that have to go along again because something that they belong to changes. */
function resent(fields: Fields, values: Values, changes: readonly FieldChange[], whole: boolean): FieldChange[] {
  const found: FieldChange[] = []
  walkValues(fields, values, (field, _, path) => {
    const along = whole && field.secret === true && field.type !== 'object'
    if (along || (field.type !== 'object' && mustResend(field, changes)))
      found.push({ path: path.join('.'), before: SENSITIVE, after: SENSITIVE, sensitive: true })
    return field.type === 'object' ? undefined : false
  })
  return found
}

function mustResend(field: Field, changes: readonly FieldChange[]): boolean {
  return changes.some((change) =>
    field.resendWith?.some((one) => one === change.path || one.startsWith(`${change.path}.`)),
  )
}

/** The paths of secrets that a change demands and that the spec does not give. */
export function missingSecretFields(fields: Fields, values: Values, changes: readonly FieldChange[]): string[] {
  const found: string[] = []
  walkSlots(fields, values, (field, value, path) => {
    if (field.type !== 'object' && value === undefined && mustResend(field, changes)) found.push(path)
  })
  return found
}

/** The fields without which an object cannot be made, at any depth. */
export function missingForCreate(fields: Fields, values: Values): string[] {
  const found: string[] = []
  walkSlots(fields, values, ({ required }, value, path) => {
    if (required === 'create' && value === undefined) found.push(path)
  })
  return found
}
