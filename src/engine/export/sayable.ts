import { isRecord } from '../../model/json.ts'
import type { Field, Fields, Values } from '../../model/kind/field.ts'
import { walkValues } from '../../model/kind/walk.ts'
import { oddities } from '../../model/text/visible.ts'
import { canonicalText } from '../../model/value/canonical.ts'

/** The fields of a live object whose values a spec could not say, because the reader of specs refuses them; each by its path. */
export function unsayable(fields: Fields, values: Values): string[] {
  const found: string[] = []
  walkValues(fields, values, (field, value, path) => {
    if (field.local === true) return false
    if (field.type === 'object' && isRecord(value)) return true
    if (!isSayable(field, value)) found.push(path.join('.'))
    return false
  })
  return found
}

function isSayable(field: Field, value: unknown): boolean {
  switch (field.type) {
    case 'string':
      return typeof value === 'string' && isSayableText(field, value)
    case 'text':
      return typeof value === 'string'
    case 'integer':
      if (typeof value !== 'number' || !Number.isSafeInteger(value)) return false
      if (field.values !== undefined && !field.values.includes(value)) return false
      return value >= (field.min ?? value) && value <= (field.max ?? value)
    case 'boolean':
      return typeof value === 'boolean'
    case 'enum':
      return typeof value === 'string' && field.values.includes(value)
    case 'set':
    case 'list':
      return Array.isArray(value) && value.every((item) => isSayableItem(field.items, item))
    case 'object':
      return value === 'off' && field.off !== undefined
    case 'record':
      return isRecord(value)
  }
}

function isSayableItem(field: Field, item: unknown): boolean {
  return field.type === 'object' && isRecord(item) ? unsayable(field.fields, item).length === 0 : isSayable(field, item)
}

function isSayableText(field: Field, value: string): boolean {
  if (value === '' && field.clearable === true) return true
  const length = [...value].length
  if (length < (field.minLength ?? 0) || length > (field.maxLength ?? length)) return false
  if (field.format !== undefined) return canonicalText(field.format, value) !== undefined
  if (field.pattern !== undefined && !new RegExp(field.pattern, 'u').test(value)) return false
  return oddities(value.replace(/[\n\t\r]/g, '')) === undefined
}
