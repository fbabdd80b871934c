import { Ajv } from 'ajv'
import fc from 'fast-check'
import { describe, expect, expectTypeOf, test } from 'vitest'
import {
  anyObject,
  anything,
  faultIn,
  fits,
  list,
  number,
  object,
  oneOf,
  optional,
  orNull,
  record,
  type Shape,
  type TypeOf,
  text,
  truth,
  whole,
  yes,
} from '../../src/model/shape.ts'

const user = object({
  name: text(),
  level: oneOf('low', 'high'),
  tags: list(text()),
  note: optional(text()),
  place: orNull(object({ line: whole(1) })),
})

describe('a shape', () => {
  test('is a type', () => {
    expectTypeOf<TypeOf<typeof user>>().toExtend<{
      readonly name: string
      readonly level: 'low' | 'high'
      readonly tags: readonly string[]
      readonly note?: string
      readonly place: { readonly line: number } | null
    }>()
    expectTypeOf<{ name: string; level: 'low'; tags: string[]; place: null }>().toExtend<TypeOf<typeof user>>()
  })

  test('is a check that names the place of the first fault', () => {
    const good = { name: 'a', level: 'low', tags: ['x'], place: { line: 3 }, unknown: 1 }
    expect(faultIn(user, good)).toBeUndefined()
    expect(fits(user, good)).toBe(true)
    expect(faultIn(user, { ...good, level: 'lowest' })).toBe('level')
    expect(faultIn(user, { ...good, tags: ['x', 2] })).toBe('tags[1]')
    expect(faultIn(user, { ...good, place: { line: '3' } })).toBe('place.line')
    expect(faultIn(user, { ...good, note: null })).toBe('note')
    expect(faultIn(record(user), { ann: good, bob: { ...good, name: undefined } })).toBe('.bob.name')
    expect(faultIn(user, [])).toBe('')
  })

  test('is a JSON Schema', () => {
    expect(user.schema).toEqual({
      type: 'object',
      properties: {
        name: { type: 'string' },
        level: { enum: ['low', 'high'] },
        tags: { type: 'array', items: { type: 'string' } },
        note: { type: 'string' },
        place: {
          anyOf: [
            {
              type: 'object',
              properties: { line: { type: 'integer', minimum: 1 } },
              required: ['line'],
              additionalProperties: false,
            },
            { type: 'null' },
          ],
        },
      },
      required: ['name', 'level', 'tags', 'place'],
      additionalProperties: false,
    })
    expect(orNull(text()).schema).toEqual({ type: ['string', 'null'] })
  })
})

/** Shapes of any depth, each with values that fit. */
type Sample = { readonly shape: Shape<unknown>; readonly value: unknown }
const leaves: readonly Sample[] = [
  { shape: text(), value: 'text' },
  { shape: number(0), value: 1.5 },
  { shape: whole(), value: 7 },
  { shape: truth, value: false },
  { shape: yes, value: true },
  { shape: anything, value: [null] },
  { shape: anyObject, value: { a: 1 } },
  { shape: oneOf('a', 'b'), value: 'b' },
  { shape: orNull(text()), value: null },
]
const samples: fc.Arbitrary<Sample> = fc.letrec<{ sample: Sample }>((tie) => ({
  sample: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.constantFrom(...leaves),
    tie('sample').map(({ shape, value }) => ({ shape: list(shape), value: [value, value] })),
    tie('sample').map(({ shape, value }) => ({ shape: record(shape), value: { one: value, two: value } })),
    tie('sample').map(({ shape, value }) => ({ shape: orNull(shape), value })),
    fc.tuple(tie('sample'), tie('sample')).map(([one, two]) => ({
      shape: object({ one: one.shape, two: two.shape, three: optional(one.shape) }),
      value: { one: one.value, two: two.value },
    })),
  ),
})).sample

/** The value with one part of it replaced. */
function broken(value: unknown, by: unknown, path: readonly number[]): unknown {
  const [at = 0, ...rest] = path
  if (typeof value !== 'object' || value === null || path.length === 0) return by
  const entries = Object.entries(value)
  const chosen = entries[at % Math.max(1, entries.length)]?.[0]
  const copy = Object.fromEntries(entries.map(([name, one]) => [name, name === chosen ? broken(one, by, rest) : one]))
  return Array.isArray(value) ? Object.values(copy) : copy
}

test('check and JSON Schema agree on values that fit and on values with one part replaced', () => {
  const ajv = new Ajv({ strict: false })
  const odd = fc.constantFrom<unknown>('odd', 3, true, null, [], {}, ['x'], { one: 1 })
  fc.assert(
    fc.property(samples, odd, fc.array(fc.nat(3), { maxLength: 3 }), ({ shape, value }, by, path) => {
      const validate = ajv.compile(shape.schema)
      expect(fits(shape, value)).toBe(true)
      expect(validate(value)).toBe(true)
      const other = broken(value, by, path)
      // The schema refuses members that it does not know, and the check lets them through.
      if (validate(other)) expect(faultIn(shape, other)).toBeUndefined()
      else if (validate.errors?.every(({ keyword }) => !['additionalProperties', 'anyOf'].includes(keyword)) === true)
        expect(faultIn(shape, other)).toBeDefined()
    }),
    { numRuns: 500 },
  )
})
