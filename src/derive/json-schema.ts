import { accountFields, entryWords, MODES, safetyFields } from '../model/desired/document-fields.ts'
import type { Field, Fields, Format } from '../model/kind/field.ts'
import type { ResourceKind } from '../model/kind/kind.ts'

/** A JSON Schema (draft 7, which editors know best), with the editor's own word for a better message. */
export type JsonSchema = { readonly [word: string]: unknown }

const REFERENCE = '\\$\\{'
const ANY = '[\\s\\S]'

/** What each format admits, as editors can check it; the engine looks closer. */
const FORMATS: Readonly<Record<Format, { pattern: string; expects: string }>> = {
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

function textExpectation(field: Field): string {
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
    ...(field.default === undefined ? {} : { default: field.default }),
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
        ...(field.min === undefined ? {} : { minimum: field.min }),
        ...(field.max === undefined ? {} : { maximum: field.max }),
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

function objectSchema(fields: Fields, required: boolean): JsonSchema {
  const written = Object.entries(fields).filter(([, field]) => field.computed !== true)
  const needed = written.filter(([, field]) => field.required === true).map(([name]) => name)
  return {
    type: 'object',
    properties: Object.fromEntries(written.map(([name, field]) => [name, fieldSchema(field)])),
    ...(required && needed.length > 0 ? { required: needed } : {}),
    additionalProperties: false,
  }
}

/** The words that an entry of this kind may carry: a singleton can be neither absent nor renamed. */
export function wordsOf(kind: ResourceKind): Fields {
  return kind.singleton === undefined ? entryWords : { protect: entryWords['protect'] ?? noWord() }
}

function noWord(): never {
  throw new TypeError('the words of an entry lack "protect"')
}

/** The shape of an entry, without saying what it must have (an overlay's entry is a part of one). */
function entryShape(kind: ResourceKind): JsonSchema {
  const shape = objectSchema({ ...kind.fields, ...wordsOf(kind) }, false)
  if (kind.twins === undefined) return shape
  const description = `The id of the live object that is meant, where several have the same ${kind.key} or none.`
  return { ...shape, properties: { ...properties(shape), id: { description, type: ['integer', 'string'] } } }
}

function properties({ properties: known }: JsonSchema): object {
  return typeof known === 'object' && known !== null ? known : {}
}

/** What an entry must have: everything required, or the key alone for a tombstone. */
function entryNeeds(kind: ResourceKind): JsonSchema {
  const needed = Object.entries(kind.fields).filter(([, field]) => field.required === true && field.computed !== true)
  const required = needed.map(([name]) => name)
  if (kind.singleton !== undefined) return { required }
  const usual = whenever(says('state', 'absent'), { required: [kind.key] }, { required })
  if (kind.twins === undefined) return usual
  const named = required.filter((name) => name !== kind.key)
  const byId = whenever(says('state', 'absent'), {}, { required: named })
  return whenever({ type: 'object', required: ['id'] }, byId, usual)
}

/** A word of JSON Schema; written out as a name, it would look like a promise. */
const THEN = 'then'

/** A condition of JSON Schema: what holds where a value fits, and what where it does not. */
function whenever(fits: JsonSchema, holds: JsonSchema, otherwise?: JsonSchema): JsonSchema {
  return { if: fits, [THEN]: holds, ...(otherwise === undefined ? {} : { else: otherwise }) }
}

/** A map in which a word has this value. */
function says(word: string, value: unknown): JsonSchema {
  return { type: 'object', properties: { [word]: { const: value } }, required: [word] }
}

/** The schema of one entry of a kind, complete. */
export function entrySchema(kind: ResourceKind): JsonSchema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: kind.title,
    description: kind.doc,
    ...entryShape(kind),
    ...entryNeeds(kind),
  }
}

function sectionSchema(kind: ResourceKind, entry: JsonSchema): JsonSchema {
  if (kind.singleton === 'one') return { description: kind.doc, ...entry }
  if (kind.singleton !== undefined)
    return {
      description: kind.doc,
      type: 'object',
      properties: Object.fromEntries(kind.singleton.map((name) => [name, entry])),
      additionalProperties: false,
    }
  const forms: JsonSchema[] = [entry]
  const short = kind.shorthand === undefined ? undefined : kind.fields[kind.shorthand]
  if (short !== undefined) forms.push(fieldSchema(short))
  if (kind.bulk === true) forms.push(listSchema())
  return { description: kind.doc, type: 'array', items: forms.length === 1 ? entry : { anyOf: forms } }
}

function listSchema(): JsonSchema {
  const text = (description: string) => ({ description, type: 'string', minLength: 1 })
  return {
    type: 'object',
    properties: {
      file: text('A list inside the folder of the spec: .csv, .tsv, .txt or .ndjson.'),
      column: text('The column that holds the address, where its name does not say so.'),
      descriptionColumn: text('The column that holds the description.'),
    },
    required: ['file'],
    additionalProperties: false,
  }
}

function needsSchema(kind: ResourceKind): JsonSchema {
  const needs = entryNeeds(kind)
  if (kind.singleton === 'one') return needs
  if (kind.singleton !== undefined)
    return { properties: Object.fromEntries(kind.singleton.map((name) => [name, needs])) }
  if (kind.bulk !== true) return { items: kind.shorthand === undefined ? needs : { ...onlyObjects(needs) } }
  return { items: onlyObjects({ anyOf: [{ required: ['file'] }, needs] }) }
}

function onlyObjects(needs: JsonSchema): JsonSchema {
  return whenever({ type: 'object' }, needs)
}

/** The schema of a whole document of a spec: what the editor uses, and the command line. */
export function specSchema(kinds: readonly ResourceKind[]): JsonSchema {
  const mode = { enum: MODES }
  const names = kinds.map((kind) => kind.name)
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'mailconfig',
    description: 'One document of a mailconfig spec: an account, or one subaccount of it.',
    type: 'object',
    properties: {
      version: { description: 'The version of the format.', enum: [1] },
      accounts: {
        description: 'The accounts, declared once, in any document.',
        type: 'object',
        propertyNames: { pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]*$' },
        additionalProperties: objectSchema(accountFields, true),
      },
      account: { description: 'The account of this document.', type: 'string', minLength: 1 },
      subaccount: { description: 'The subaccount of this document.', type: 'string', minLength: 1 },
      manage: {
        description: 'What to do with live objects that the spec does not name.',
        type: 'object',
        properties: {
          default: { description: 'For all sections.', ...mode },
          allowEmpty: {
            description: 'Sections that may be emptied: true for all, or their names.',
            anyOf: [{ type: 'boolean' }, { type: 'array', items: { enum: names } }],
          },
          ...Object.fromEntries(names.map((name) => [name, mode])),
        },
        additionalProperties: false,
      },
      safety: {
        description: 'How much a plan may do without a word; for this scope, and for the subaccounts of an account.',
        ...objectSchema(safetyFields, true),
      },
      ignore: {
        description: 'Addresses as globs (`smtpUsers/legacy-*`) or fields (`smtpUsers/*.description`) to leave alone.',
        type: 'array',
        items: { type: 'string', minLength: 1 },
      },
      vars: {
        description: 'Values for `${var:NAME}`.',
        type: 'object',
        additionalProperties: {
          type: ['string', 'number', 'boolean'],
          patternErrorMessage: 'expects a text, a number, or true or false',
        },
      },
      overlay: { description: 'True for a document whose entries change those of others.', type: 'boolean' },
      ...Object.fromEntries(kinds.map((kind) => [kind.name, sectionSchema(kind, entryShape(kind))])),
    },
    additionalProperties: false,
    ...whenever(
      says('overlay', true),
      {
        properties: Object.fromEntries(
          kinds
            .filter((kind) => kind.key !== '' && kind.singleton === undefined)
            .map((kind) => [kind.name, keyOnly(kind)]),
        ),
      },
      { properties: Object.fromEntries(kinds.map((kind) => [kind.name, needsSchema(kind)])) },
    ),
  }
}

function keyOnly(kind: ResourceKind): JsonSchema {
  const key = { required: [kind.key] }
  return { items: onlyObjects(kind.bulk === true ? { anyOf: [{ required: ['file'] }, key] } : key) }
}
