import { defined } from '../../model/json.ts'
import type { Field, Fields } from '../../model/kind/field.ts'
import { expectation, FORMATS, textExpectation } from './expectation.ts'
import { ANY, type JsonSchema, REFERENCE } from './json-schema.ts'

function stringPattern(field: Field): JsonSchema {
  const parts: string[] = []
  if (field.minLength !== undefined || field.maxLength !== undefined)
    parts.push(`(?=${ANY}{${field.minLength ?? 0},${field.maxLength ?? ''}}$)`)
  if (field.format !== undefined) parts.push(`(?:${FORMATS[field.format].pattern})$`)
  else if (field.pattern !== undefined) parts.push(`(?:${field.pattern.replace(/^\^|\$$/g, '')})$`)
  if (parts.length === 0) return {}
  const empty = field.clearable === true ? '$|' : ''
  return {
    pattern: `^(?:${empty}${ANY}*${REFERENCE}|${parts.join('')})`,
    patternErrorMessage: `expects ${textExpectation(field)}`,
  }
}

/** The texts that stand for a number: a reference, `off`, or a name, which no digits are. */
function numberPattern(field: Field): string {
  if (field.namedIn !== undefined) return '[^\\s\\d]'
  return field.clearable === true ? `^off$|${REFERENCE}` : REFERENCE
}

/** The schema of one field; every scalar also takes a `${…}` reference. */
export function fieldSchema(field: Field): JsonSchema {
  const about = {
    description: field.doc,
    ...defined({ default: field.default }),
  }
  const reference = { type: 'string', pattern: REFERENCE }
  switch (field.type) {
    case 'string':
      return { ...about, type: 'string', ...stringPattern(field) }
    case 'text':
      return { ...about, anyOf: [{ type: 'string' }, fileSchema('A file inside the folder of the spec.')] }
    case 'integer':
      if (field.values !== undefined) return { ...about, anyOf: [{ enum: field.values }, reference] }
      return {
        ...about,
        type: field.clearable === true ? ['integer', 'string', 'null'] : ['integer', 'string'],
        pattern: numberPattern(field),
        patternErrorMessage: `expects ${expectation(field)}`,
        ...defined({ minimum: field.min, maximum: field.max }),
      }
    case 'boolean':
      return {
        ...about,
        type: ['boolean', 'string'],
        pattern: REFERENCE,
        patternErrorMessage: `expects ${expectation(field)}`,
      }
    case 'enum':
      return { ...about, anyOf: [{ enum: field.values }, reference] }
    case 'set':
      return { ...about, type: 'array', items: fieldSchema(field.items), uniqueItems: true }
    case 'list':
      return { ...about, type: 'array', items: fieldSchema(field.items) }
    case 'object': {
      const shape = objectSchema(field.fields, true)
      return field.off === undefined ? { ...about, ...shape } : { ...about, anyOf: [shape, { enum: ['off'] }] }
    }
    case 'record':
      return { ...about, type: 'object' }
  }
}

function fileSchema(description: string): JsonSchema {
  return {
    type: 'object',
    properties: { file: { type: 'string', description } },
    required: ['file'],
    additionalProperties: false,
  }
}

/** The schema of an object with these fields. */
export function objectSchema(fields: Fields, required: boolean): JsonSchema {
  const written = Object.entries(fields).filter(([, field]) => field.computed !== true)
  const needed = written.filter(([, field]) => field.required === true).map(([name]) => name)
  return {
    type: 'object',
    properties: Object.fromEntries(written.map(([name, field]) => [name, fieldSchema(field)])),
    ...(required && needed.length > 0 ? { required: needed } : {}),
    additionalProperties: false,
  }
}
