import { describe, expect, test } from 'vitest'
import { kinds } from '../../../src/apis/index.ts'
import type { Field, Fields, Flags } from '../../../src/model/kind/field.ts'

/** Every flag there is. The types of fields let others through, so a misspelt one would only be seen here. */
const FLAGS: Readonly<Record<keyof Flags, true>> = {
  required: true,
  computed: true,
  stable: true,
  changesWith: true,
  immutable: true,
  secret: true,
  writeOnly: true,
  shownBy: true,
  unreadable: true,
  local: true,
  default: true,
  sendDefault: true,
  wire: true,
  wireRead: true,
  refersTo: true,
  refersBy: true,
  refersUnless: true,
  namedIn: true,
  caseless: true,
  generate: true,
  resendWith: true,
  leastBits: true,
  keepOne: true,
  risky: true,
  format: true,
  min: true,
  max: true,
  minLength: true,
  maxLength: true,
  pattern: true,
  expects: true,
  clearable: true,
}
const SHAPE = ['type', 'doc', 'values', 'wireAs', 'wireValues', 'items', 'fields', 'flat', 'off']

function unknownFlags(fields: Fields): string[] {
  return Object.entries(fields).flatMap(([name, field]) => inField(name, field))
}

function inField(name: string, field: Field): string[] {
  const own = Object.keys(field).filter((key) => !(key in FLAGS) && !SHAPE.includes(key))
  const inner =
    field.type === 'object' ? unknownFlags(field.fields) : 'items' in field ? inField('items', field.items) : []
  return [...own.map((key) => `${name}: ${key}`), ...inner.map((one) => `${name}.${one}`)]
}

describe.each(kinds.map((kind) => [kind.name, kind] as const))('%s', (_, kind) => {
  test('says nothing of its fields that nobody reads', () => {
    expect(unknownFlags(kind.fields)).toEqual([])
  })
})

test('a misspelt flag is found', () => {
  const odd = { type: 'string', doc: '', follows: [] } as unknown as Field
  expect(unknownFlags({ a: { type: 'set', doc: '', items: odd } })).toEqual(['a.items: follows'])
})
