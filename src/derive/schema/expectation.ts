import type { Field, Format } from '../../model/kind/field.ts'

/** What texts of a format look like, as a pattern and in words. */
export const FORMATS: Readonly<Record<Format, { pattern: string; expects: string }>> = {
  email: { pattern: '[^@\\s]+@[^@\\s]+\\.[^@\\s]+', expects: 'an e-mail address' },
  domain: { pattern: '[^@\\s/:]+\\.[^@\\s/:]+', expects: 'a domain such as example.com' },
  sender: { pattern: '(?:[^@\\s]+@)?[^@\\s/:]+\\.[^@\\s/:]+', expects: 'an e-mail address or a domain' },
  hostname: { pattern: '[^@\\s/]+', expects: 'a host name or an IP address' },
  url: { pattern: '[Hh][Tt][Tt][Pp][Ss]?://[^\\s/]+\\S*', expects: 'an http or https URL' },
  cidr: { pattern: '[0-9a-fA-F:.]+(?:/\\d{1,3})?', expects: 'an IP address or a network such as 203.0.113.0/24' },
  period: {
    pattern: '\\d{1,9} ?(?:minute|hour|day|week|month)s?(?: \\d{1,6}:[0-5]\\d:[0-5]\\d)?|\\d{1,6}:[0-5]\\d:[0-5]\\d',
    expects: 'a period such as 30 minutes, 1 hour, 2 days or 01:30:00',
  },
}

/** What a field wants, in words: for messages and for the reference. */
export function expectation(field: Field): string {
  switch (field.type) {
    case 'string':
      return textExpectation(field)
    case 'text':
      return 'a text, or { file: path }'
    case 'integer':
      if (field.values !== undefined) return `one of ${field.values.join(', ')}`
      return `a whole number${range(field)}${field.namedIn === undefined ? '' : ', a name'}${field.clearable === true ? ', or off' : ''}`
    case 'boolean':
      return 'true or false'
    case 'enum':
      return `one of ${field.values.join(', ')}`
    case 'set':
    case 'list':
      return `a list, each ${expectation(field.items)}`
    case 'object':
      return field.off === undefined ? 'a map' : 'a map, or off'
    case 'record':
      return 'a map'
  }
}

/** What a text has to be, in words. */
export function textExpectation(field: Field): string {
  const { minLength: min, maxLength: max } = field
  const length =
    min !== undefined && max !== undefined ? `${min} to ${max} characters` : min === 1 ? 'a text that is not empty' : ''
  const form = field.format === undefined ? (field.expects ?? '') : FORMATS[field.format].expects
  const wanted = [length, form].filter((part) => part !== '').join(', ')
  return (wanted === '' ? 'a text' : wanted) + (field.clearable === true ? ', or an empty text' : '')
}

function range({ min, max }: Field): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`
  return min === undefined ? '' : ` of at least ${min}`
}
