import { append } from '../../model/append.ts'
import { isRecord } from '../../model/json.ts'
import type { ApiDefinition } from '../../model/kind/api.ts'
import type { Field, Fields, Values } from '../../model/kind/field.ts'
import { holdsSecret, revealed, Secret } from '../../model/secret.ts'
import { parsePeriod, wirePeriod } from '../../model/value/period.ts'
import { wireName } from './names.ts'

/** The id of an object that another one names; undefined if it is unknown. */
export type IdLookup = (kind: string, key: string) => string | undefined

/** A request body from values in the words of the spec, and the names in it that no log may show. */
interface Encoded {
  readonly body: Record<string, unknown>
  readonly secrets: readonly string[]
}

/** Encodes the given values; what is computed, local or not given is left out. */
export function encodeFields(api: ApiDefinition, fields: Fields, values: Values, ids: IdLookup): Encoded {
  const body: Record<string, unknown> = {}
  const secrets: string[] = []
  for (const [name, value] of Object.entries(values)) {
    const field = fields[name]
    if (field === undefined || value === undefined || field.computed === true || field.local === true) continue
    const wire = wireName(api, name, field)
    if (field.type === 'object') {
      const inner = encodeObject(api, field, value, ids)
      append(secrets, inner.secrets)
      if (field.flat === true) Object.assign(body, inner.body)
      else body[wire] = inner.body
      continue
    }
    if (holdsSecret(value)) secrets.push(wire)
    body[wire] = encodeValue(api, field, value, ids)
  }
  return { body, secrets }
}

function encodeObject(api: ApiDefinition, field: Field & { type: 'object' }, value: unknown, ids: IdLookup): Encoded {
  const { off } = field
  if (!isRecord(value)) return { body: off === undefined ? {} : { [off.wire]: off.off }, secrets: [] }
  const inner = encodeFields(api, field.fields, value, ids)
  return off?.on === undefined ? inner : { body: { [off.wire]: off.on, ...inner.body }, secrets: inner.secrets }
}

function encodeValue(api: ApiDefinition, field: Field, value: unknown, ids: IdLookup): unknown {
  if (value instanceof Secret) return value.reveal()
  switch (field.type) {
    case 'string': {
      if (typeof value !== 'string') return value
      if (field.refersTo !== undefined && field.refersBy === 'id') return ids(field.refersTo, value) ?? value
      const seconds = field.format === 'period' ? parsePeriod(value) : undefined
      return seconds === undefined ? value : wirePeriod(seconds)
    }
    case 'boolean':
      return field.wireAs === 'integer' ? Number(value) : value
    case 'enum':
      return field.wireValues?.[String(value)] ?? value
    case 'set':
    case 'list':
      return Array.isArray(value) ? value.map((item) => encodeItem(api, field.items, item, ids)) : value
    case 'record':
      return revealed(value)
    case 'text':
    case 'integer':
    case 'object':
      return value
  }
}

function encodeItem(api: ApiDefinition, field: Field, item: unknown, ids: IdLookup): unknown {
  if (field.type === 'object' && isRecord(item)) return encodeFields(api, field.fields, item, ids).body
  return encodeValue(api, field, item, ids)
}
