import { isRecord } from '../../model/json.ts'

/** Plain data as YAML, for examples in the documentation: maps, lists, scalars and block texts. */
export function yamlOf(value: unknown, indent = ''): string {
  if (Array.isArray(value))
    return value
      .map((item) =>
        isRecord(item) ? `${indent}- ${yamlOf(item, `${indent}  `).trimStart()}` : `${indent}- ${scalar(item)}`,
      )
      .join('\n')
  if (!isRecord(value)) return `${indent}${scalar(value)}`
  return Object.entries(value)
    .map(([name, one]) => `${indent}${name}:${inside(one, indent)}`)
    .join('\n')
}

function inside(value: unknown, indent: string): string {
  if (Array.isArray(value) && value.length > 0 && !value.some(isRecord)) return ` [${value.map(scalar).join(', ')}]`
  if ((Array.isArray(value) && value.length > 0) || isRecord(value)) return `\n${yamlOf(value, `${indent}  `)}`
  if (typeof value === 'string' && value.includes('\n'))
    return ` |\n${value
      .trimEnd()
      .split('\n')
      .map((line) => `${indent}  ${line}`)
      .join('\n')}`
  return ` ${scalar(value)}`
}

function scalar(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value)
  return /^[A-Za-z0-9$/][\w@./+$(){} -]*(?::[\w/][\w@./{}-]*)*$/.test(value) &&
    !/^(true|false|null|off|\d.*)$/.test(value) &&
    !value.endsWith(' ')
    ? value
    : JSON.stringify(value)
}
