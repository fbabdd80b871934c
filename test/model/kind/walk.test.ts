import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { smtpUser } from '../../../src/apis/index.ts'
import { type Field, type Fields, integer, list, object, secret, set, string } from '../../../src/model/kind/field.ts'
import { defineKind } from '../../../src/model/kind/kind.ts'
import { fieldAt, mapValues, someField, walkFields, walkSlots, walkValues } from '../../../src/model/kind/walk.ts'
import { Secret } from '../../../src/model/secret.ts'

const fields: Fields = {
  name: string('A name.'),
  glow: object({ level: integer('How much.'), key: secret('A key.') }, 'How it glows.'),
  tags: set(string('A tag.'), 'Tags.'),
  routes: list(object({ to: string('Where.'), token: secret('A token.') }, 'A route.'), 'Routes.'),
}

describe('walkFields', () => {
  test('visits every field at any depth, and stays out where it is told to', () => {
    const all: string[] = []
    walkFields(fields, (_, path) => all.push(path.join('.')))
    expect(all).toEqual([
      ...['name', 'glow', 'glow.level', 'glow.key', 'tags', 'tags'],
      ...['routes', 'routes', 'routes.to', 'routes.token'],
    ])
    const some: string[] = []
    walkFields(fields, ({ type }, path) => {
      some.push(path.join('.'))
      return type === 'string'
    })
    expect(some).toEqual(['name', 'glow', 'tags', 'routes'])
  })

  test('someField finds one at any depth', () => {
    expect(someField({ routes: fields['routes'] ?? string('') }, (field) => field.secret === true)).toBe(true)
    expect(someField({ name: string('A name.') }, (field) => field.secret === true)).toBe(false)
  })

  test('fieldAt leads into objects, and not into what every object has', () => {
    expect(fieldAt(fields, 'glow.level')).toBe(fields['glow']?.type === 'object' && fields['glow'].fields['level'])
    for (const path of ['glow.none', 'name.length', 'constructor', '__proto__', 'glow.toString'])
      expect(fieldAt(fields, path)).toBeUndefined()
  })
})

/** Fields of any depth. */
const anyFields: fc.Arbitrary<Fields> = fc.letrec<{ fields: Fields; field: Field }>((tie) => ({
  fields: fc.dictionary(fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor'), tie('field'), { maxKeys: 3 }),
  field: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.constant<Field>(string('Text.')),
    fc.constant<Field>(secret('Secret.')),
    tie('fields').map((inner): Field => object(inner, 'An object.')),
    tie('field').map((item): Field => list(item, 'A list.')),
  ),
})).fields

/** A value for each field, secrets included. */
function sampleOf(field: Field, secrets: string[]): unknown {
  if (field.secret === true) {
    secrets.push(`secret-${secrets.length}`)
    return new Secret(secrets.at(-1) ?? '')
  }
  if (field.type === 'object') return samplesOf(field.fields, secrets)
  if (field.type === 'list') return [sampleOf(field.items, secrets), sampleOf(field.items, secrets)]
  return 'text'
}

function samplesOf(inner: Fields, secrets: string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(inner).map(([name, field]) => [name, sampleOf(field, secrets)]))
}

describe('values', () => {
  test('every secret at any depth is visited, under a path that leads to it', () => {
    fc.assert(
      fc.property(anyFields, (some) => {
        const secrets: string[] = []
        const values = samplesOf(some, secrets)
        const seen: string[] = []
        walkValues(some, values, (_, value, path) => {
          if (!(value instanceof Secret)) return
          const there = path.reduce<unknown>((part, name) => Reflect.get(Object(part), name), values)
          expect(there).toBe(value)
          seen.push(value.reveal())
        })
        expect(seen).toEqual(secrets)
      }),
    )
  })

  test('a change that goes inside everywhere and replaces nothing leaves values as they are', () => {
    fc.assert(
      fc.property(anyFields, (some) => {
        const values = samplesOf(some, [])
        expect(mapValues(some, values, (_, __, inside) => inside())).toEqual(values)
      }),
    )
  })

  test('a change reaches items of lists, and what becomes undefined is left out', () => {
    const values = { name: 'a', glow: { level: 1, key: 'k' }, tags: ['x'], routes: [{ to: 'b', token: 't' }], odd: 1 }
    const upper = mapValues(fields, values, (field, value, inside) => {
      if (field.secret === true) return undefined
      return typeof value === 'string' ? value.toUpperCase() : inside()
    })
    expect(upper).toEqual({ name: 'A', glow: { level: 1 }, tags: ['X'], routes: [{ to: 'B' }] })
    expect(mapValues(fields, { odd: 1 }, (_, value) => value, String)).toEqual({ odd: '1' })
  })

  test('names that every object has are no fields', () => {
    const hostile: unknown = JSON.parse('{"__proto__": {"level": 1}, "constructor": "x", "toString": "y"}')
    const seen: unknown[] = []
    walkValues(fields, Object(hostile), (_, value) => seen.push(value))
    expect(seen).toEqual([])
  })

  test('slots are fields that could have a value: those of an object only if it is there', () => {
    const seen: string[] = []
    walkSlots(fields, { glow: {} }, (_, value, path) => seen.push(`${path}=${JSON.stringify(value)}`))
    expect(seen).toEqual([
      'name=undefined',
      'glow={}',
      'glow.level=undefined',
      'glow.key=undefined',
      'tags=undefined',
      'routes=undefined',
    ])
  })
})

describe('defineKind', () => {
  const kind = { ...smtpUser, name: 'toys', example: {} }

  test.each([
    ['a list of secrets', { codes: list(secret('A code.'), 'Codes.') }],
    ['objects in a list', { routes: list(object({ token: secret('A token.') }, 'A route.'), 'Routes.') }],
    ['a list in an object', { glow: object({ codes: set(secret('A code.'), 'Codes.') }, 'How it glows.') }],
  ])('refuses a secret in a list: %s', (_, toyFields) => {
    expect(() => defineKind({ ...kind, fields: toyFields })).toThrow(/is a list with a secret in it/)
  })

  test('takes a secret in an object', () => {
    const toyFields = { glow: object({ key: secret('A key.') }, 'How it glows.') }
    expect(defineKind({ ...kind, fields: toyFields }).fields).toBe(toyFields)
  })
})
