import { largest } from '../../model/append.ts'
import { isRecord } from '../../model/json.ts'
import type { JsonSchema } from '../schema/json-schema.ts'

/** The fields of the entries of a section, by name. */
export function entryFields(section: JsonSchema): Readonly<Record<string, JsonSchema>> {
  const entry = isRecord(section['items']) ? section['items'] : section
  const fields = isRecord(entry['properties']) ? entry['properties'] : {}
  return Object.fromEntries(Object.entries(fields).flatMap(([name, one]) => (isRecord(one) ? [[name, one]] : [])))
}

/** What a section or a field means that is no kind, from its schema: the description, what it may be, and the fields below it. */
export function schemaText(path: string, schema: JsonSchema): string {
  const { description, enum: values } = schema
  const lines = [path, `  ${String(description ?? '')}`]
  if (Array.isArray(values)) lines.push('', `  expects  one of ${values.join(', ')}`)
  const fields = Object.entries(entryFields(schema))
  if (fields.length === 0) return `${lines.join('\n')}\n`
  const required = isRecord(schema['items']) ? schema['items']['required'] : undefined
  const width = largest(fields.map(([name]) => name.length))
  const rows = fields.map(([name, field]) => {
    const flag = Array.isArray(required) && required.includes(name) ? ' [required]' : ''
    return `    ${name.padEnd(width)}  ${String(field['description'] ?? '')}${flag}`
  })
  return `${[...lines, '', '  Fields', ...rows].join('\n')}\n`
}
