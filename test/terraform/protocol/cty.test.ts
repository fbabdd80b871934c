import * as library from '@msgpack/msgpack'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeValue, encodeValue, typeOf } from '../../../src/terraform/protocol/cty.ts'
import { type Attribute, type CtyType, Decimal, UNKNOWN, type Value } from '../../../src/terraform/protocol/plugin.ts'

const NONE = new Uint8Array()
const read = (type: CtyType, msgpack: Uint8Array) => decodeValue(type, { msgpack, json: NONE })
const readHex = (type: CtyType, hex: string) => read(type, Buffer.from(hex, 'hex'))
const readJson = (type: CtyType, json: string) => decodeValue(type, { msgpack: NONE, json: Buffer.from(json) })
const hex = (type: CtyType, value: Value) => Buffer.from(encodeValue(type, value)).toString('hex')

const texts = fc.string({ unit: 'binary', maxLength: 20 })
const keys = fc.string({ maxLength: 8 }).filter((key) => key !== '__proto__')
const numbers = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((one) => !Number.isInteger(one)),
  fc.bigInt().filter((one) => !Number.isSafeInteger(Number(one))),
  fc.bigInt({ min: 1n }).map((one) => new Decimal(`0.1000000000000000000000${one}1`)),
)

/** A type, and any value of it, null and unknown ones among them. */
const typed: fc.Arbitrary<{ type: CtyType; value: Value }> = fc
  .letrec<{ type: { type: CtyType; of: fc.Arbitrary<Value> } }>((tie) => ({
    type: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      fc.constant({ type: 'string' as const, of: any(texts) }),
      fc.constant({ type: 'bool' as const, of: any(fc.boolean()) }),
      fc.constant({ type: 'number' as const, of: any(numbers) }),
      fc
        .tuple(fc.constantFrom('list' as const, 'set' as const), tie('type'))
        .map(([word, item]) => ({ type: [word, item.type] as const, of: any(fc.array(item.of, { maxLength: 3 })) })),
      tie('type').map((item) => ({
        type: ['map', item.type] as const,
        of: any(fc.dictionary(keys, item.of, { maxKeys: 3, noNullPrototype: true })),
      })),
      fc.dictionary(keys, tie('type'), { maxKeys: 4, noNullPrototype: true }).map((members) => {
        const entries = Object.entries(members)
        return {
          type: ['object', Object.fromEntries(entries.map(([name, { type }]) => [name, type]))] as const,
          of: any(
            fc.record(Object.fromEntries(entries.map(([name, { of }]) => [name, of])), { noNullPrototype: true }),
          ),
        }
      }),
    ),
  }))
  .type.chain(({ type, of }) => of.map((value) => ({ type, value })))

function any<T extends Value>(of: fc.Arbitrary<T>): fc.Arbitrary<Value> {
  return fc.oneof({ weight: 8, arbitrary: of }, fc.constant(null), fc.constant(UNKNOWN))
}

test('a value of any type comes back as it was', () => {
  fc.assert(
    fc.property(typed, ({ type, value }) => {
      expect(read(type, encodeValue(type, value))).toEqual(value)
    }),
    { numRuns: 10_000 },
  )
})

test('what is written is what @msgpack/msgpack makes of the plain value', () => {
  const extensionCodec = new library.ExtensionCodec()
  extensionCodec.register({ type: 0, encode: () => null, decode: () => UNKNOWN })
  fc.assert(
    fc.property(typed, ({ type, value }) => {
      expect(library.decode(encodeValue(type, value), { extensionCodec, useBigInt64: true })).toEqual(onTheWire(value))
    }),
    { numRuns: 10_000 },
  )
})

/** Large whole numbers are 64 bit integers while they fit, and texts after that; fractions are texts. */
function onTheWire(value: Value): unknown {
  if (value instanceof Decimal) return value.text
  if (typeof value === 'bigint') return value >= -(2n ** 63n) && value < 2n ** 64n ? value : String(value)
  if (typeof value === 'number') {
    if (!Number.isInteger(value)) return String(value)
    return Math.abs(value) >= 2 ** 31 ? BigInt(value) : value + 0
  }
  if (Array.isArray(value)) return value.map(onTheWire)
  if (typeof value !== 'object' || value === null || value === UNKNOWN) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, onTheWire(one)]))
}

test.each<[string, CtyType, string, Value]>([
  ['nil', 'string', 'c0', null],
  ['an unknown text', 'string', 'd40000', UNKNOWN],
  ['a refined unknown text', 'string', 'c70c0c8201c202a47072652d000000', UNKNOWN],
  ['an unknown list', ['list', 'string'], 'd40000', UNKNOWN],
  ['a text', 'string', 'a3c3a478', 'äx'],
  ['a text with a byte order mark', 'string', `a4${Buffer.from('\ufeffx').toString('hex')}`, '\ufeffx'],
  ['a small number', 'number', '07', 7],
  ['a float', 'number', 'cb3ff8000000000000', 1.5],
  ['a float without a fraction', 'number', 'cb4170000000000000', 2 ** 24],
  ['a large float', 'number', `cb${double(2 ** 70)}`, 2n ** 70n],
  ['a number as text', 'number', 'a3302e31', 0.1],
  ['2^53 + 1', 'number', 'd30020000000000001', 9007199254740993n],
  ['2^64 - 1', 'number', 'cfffffffffffffffff', 2n ** 64n - 1n],
  ['a large number as text', 'number', `b4${Buffer.from('18446744073709551616').toString('hex')}`, 2n ** 64n],
  ['an empty map', ['map', 'string'], '80', {}],
  ['a dynamic text', 'dynamic', `92c408${Buffer.from('"string"').toString('hex')}a161`, 'a'],
  [
    'a dynamic tuple',
    'dynamic',
    `92c419${Buffer.from('["tuple",["bool","bool"]]').toString('hex')}92c3c2`,
    [true, false],
  ],
  ['a dynamic null', 'dynamic', 'c0', null],
  ['a dynamic value that is not known', 'dynamic', 'd40000', UNKNOWN],
  [
    'an unknown value of a known dynamic type',
    'dynamic',
    `92c408${Buffer.from('"string"').toString('hex')}d40000`,
    UNKNOWN,
  ],
])('%s is read as Terraform writes it', (_, type, bytes, value) => {
  expect(readHex(type, bytes)).toEqual(value)
})

test('a byte order mark stays at the beginning of a long text', () => {
  const text = `\ufeff${'x'.repeat(1000)}`
  expect(read('string', encodeValue('string', text))).toBe(text)
})

test('a dynamic value is written with the type that it has', () => {
  const type = (value: Value) => JSON.parse(Buffer.from(asBytes(encodeValue('dynamic', value))).toString())
  expect(type('a')).toBe('string')
  expect(type([1, null, { a: true }])).toEqual(['tuple', ['number', 'dynamic', ['object', { a: 'bool' }]]])
  expect(hex('dynamic', 'a')).toMatch(/^92c408/) // the type is bytes, not text
  expect(read('dynamic', encodeValue('dynamic', [1, null, { a: UNKNOWN }]))).toEqual([1, null, { a: UNKNOWN }])
})

function asBytes(packed: Uint8Array): Uint8Array {
  const found = library.decode(packed)
  return Array.isArray(found) ? found[0] : NONE
}

test('JSON is read where there is no MessagePack, and loses no digit', () => {
  const type: CtyType = ['object', { a: 'number', b: ['list', 'string'], c: 'dynamic' }]
  expect(readJson(type, '{"a":9007199254740993,"b":["x",null],"c":{"type":["list","bool"],"value":[true]}}')).toEqual({
    a: 9007199254740993n,
    b: ['x', null],
    c: [true],
  })
})

test('neither MessagePack nor JSON is null', () => {
  expect(read('string', NONE)).toBe(null)
})

test('attributes that are left out are null, on the way out and on the way in', () => {
  const type: CtyType = ['object', { a: 'string', b: ['object', { c: 'bool' }] }]
  expect(read(type, encodeValue(type, { b: {} }))).toEqual({ a: null, b: { c: null } })
  expect(read(type, library.encode({ a: 'x' }))).toEqual({ a: 'x', b: null })
})

test('the type of a schema has its nested attributes', () => {
  const leaf: Attribute = { name: 'a', type: 'string', description: '' }
  const nested = (nesting: 'single' | 'list' | 'set' | 'map'): Attribute => ({
    name: nesting,
    description: '',
    nested: { nesting, attributes: [leaf] },
  })
  const one = ['object', { a: 'string' }]
  expect(typeOf([leaf, nested('single'), nested('list'), nested('set'), nested('map')])).toEqual([
    'object',
    { a: 'string', single: one, list: ['list', one], set: ['set', one], map: ['map', one] },
  ])
})

test.each<[string, CtyType, Value, string]>([
  ['a number where a text belongs', ['object', { a: 'string' }], { a: 1 }, '"a" is a number, and should be a string'],
  ['a text where a number belongs', ['list', 'number'], ['canary'], '"[0]" is a string, and should be a number'],
  ['an attribute that nobody knows', ['object', { a: ['object', {}] }], { a: { b: 'canary' } }, 'no attribute "a.b"'],
  ['a list where a map belongs', ['map', 'string'], ['canary'], 'the value is a list, and should be a map'],
  ['an object where a list belongs', ['set', 'string'], { a: 'canary' }, 'the value is a object, and should be a set'],
  ['infinity', 'number', Number.POSITIVE_INFINITY, 'Infinity is not a number that Terraform has'],
])('%s is an error that names the place and no value', (_, type, value, message) => {
  expect(() => encodeValue(type, value)).toThrow(new Error(message))
})

test('what is no MessagePack is refused', () => {
  for (const bytes of ['93', 'c1', '0707', 'a5ff']) expect(() => readHex(['list', 'string'], bytes)).toThrow()
})

function double(value: number): string {
  const buffer = Buffer.alloc(8)
  buffer.writeDoubleBE(value)
  return buffer.toString('hex')
}
