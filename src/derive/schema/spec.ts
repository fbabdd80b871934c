import { accountFieldsOf, entryWords, MODES, safetyFields } from '../../model/desired/document-fields.ts'
import { EXPECTATIONS, SENDING_RULES } from '../../model/desired/spec-test.ts'
import { defined } from '../../model/json.ts'
import { type ApiDefinition, apisOf } from '../../model/kind/api.ts'
import type { Fields } from '../../model/kind/field.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import { allLints } from '../../model/lint/all-lints.ts'
import { LINT_LEVELS } from '../../model/lint/lint.ts'
import { fieldSchema, objectSchema } from './field.ts'
import type { JsonSchema } from './json-schema.ts'

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
  return { if: fits, [THEN]: holds, ...defined({ else: otherwise }) }
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

/** The schema of a whole document of a spec, whose accounts may be of these APIs: what the editor uses, and the command line. */
export function specSchema(kinds: readonly ResourceKind[], apis: readonly ApiDefinition[] = apisOf(kinds)): JsonSchema {
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
        additionalProperties: objectSchema(accountFieldsOf(apis), true),
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
        description:
          'How much a plan may do without confirmation; for this scope, and for the subaccounts of an account.',
        ...objectSchema(safetyFields, true),
      },
      lint: lintSchema(),
      tests: testsSchema(),
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

function lintSchema(): JsonSchema {
  return {
    description:
      'How lints are reported in `validate` and `plan`, by code; for this scope, and for the subaccounts of an account.',
    type: 'object',
    properties: Object.fromEntries(
      allLints.map(({ code, severity, says }) => [code, { description: says, enum: LINT_LEVELS, default: severity }]),
    ),
    additionalProperties: false,
  }
}

/** A text, or several. */
function oneOrMore(description: string): JsonSchema {
  return {
    description,
    anyOf: [
      { type: 'string', minLength: 1 },
      { type: 'array', items: { type: 'string', minLength: 1 }, minItems: 1 },
    ],
  }
}

/** The section `tests`. */
export function testsSchema(): JsonSchema {
  return {
    description: 'What has to hold about who may send; `mailconfig test` checks it, and so does each plan.',
    type: 'array',
    items: {
      type: 'object',
      properties: {
        name: { description: 'What it says, for people.', type: 'string', minLength: 1 },
        as: oneOrMore(
          'Who signs in: `smtpUsers/NAME`, `apiKeys/DESCRIPTION` or `ipAuth/ADDRESS`, also as globs; a login that may send if left out.',
        ),
        from: oneOrMore('Envelope senders, also as globs; one that may send if left out.'),
        headerFrom: oneOrMore('Addresses in the From header; that of the envelope if left out.'),
        ip: oneOrMore('Addresses and networks of clients; one that every list has if left out.'),
        to: oneOrMore('Recipients, also as globs; one whom nothing keeps from getting mail if left out.'),
        expect: { description: 'What has to become of every combination.', enum: EXPECTATIONS },
        rule: { description: 'The rule that has to be among those that refuse it.', enum: SENDING_RULES },
      },
      required: ['expect'],
      additionalProperties: false,
    },
  }
}

function keyOnly(kind: ResourceKind): JsonSchema {
  const key = { required: [kind.key] }
  return { items: onlyObjects(kind.bulk === true ? { anyOf: [{ required: ['file'] }, key] } : key) }
}
