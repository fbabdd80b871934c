import fc from 'fast-check'
import protobuf from 'protobufjs'
import { expect, test } from 'vitest'
import {
  bool,
  bytes,
  decode,
  encode,
  int,
  list,
  map,
  maybe,
  maybeInt,
  maybeText,
  message,
  text,
} from '../../../src/terraform/protocol/protobuf.ts'

// One message with everything that the protocol uses, said twice: to ours and to protobufjs.
const inner = message({ name: [1, text], at: [2, maybeInt] })
const ours = message({
  name: [1, text],
  data: [2, bytes],
  yes: [3, bool],
  count: [4, int],
  maybe: [5, maybeText],
  one: [6, maybe(inner)],
  many: [7, list(inner)],
  named: [200, map(inner)],
})
const { root } = protobuf.parse(`
  syntax = "proto3";
  message Inner { string name = 1; optional int64 at = 2; }
  message Outer {
    string name = 1; bytes data = 2; bool yes = 3; int64 count = 4; optional string maybe = 5;
    Inner one = 6; repeated Inner many = 7; map<string, Inner> named = 200; string later = 300;
  }`)
const theirs = root.lookupType('Outer')

const inners = fc.record({ name: words(), at: fc.option(fc.maxSafeInteger(), { nil: undefined }) })
const outers = fc.record({
  name: words(),
  data: fc.uint8Array(),
  yes: fc.boolean(),
  count: fc.maxSafeInteger(),
  maybe: fc.option(words(), { nil: undefined }),
  one: fc.option(inners, { nil: undefined }),
  many: fc.array(inners, { maxLength: 4 }),
  named: fc.dictionary(
    words().filter((key) => key !== '__proto__'),
    inners,
    { maxKeys: 4, noNullPrototype: true },
  ),
})

test('what ours writes, protobufjs reads, and the other way round', () => {
  fc.assert(
    fc.property(outers, (value) => {
      const written = encode(ours, value)
      expect(plain(theirs.toObject(theirs.decode(written), READ))).toEqual(plain(value))
      expect(plain(decode(ours, theirs.encode(theirs.fromObject(value)).finish()))).toEqual(plain(value))
    }),
    { numRuns: 10_000 },
  )
})

test('fields that are not known are skipped, wherever they stand', () => {
  fc.assert(
    fc.property(outers, words(), (value, later) => {
      const narrow = message({ count: [4, int], named: [200, map(message({ name: [1, text] }))] })
      const read = decode(narrow, theirs.encode(theirs.fromObject({ ...value, later })).finish())
      expect(read.count).toBe(value.count)
      expect(Object.keys(read.named).sort()).toEqual(Object.keys(value.named).sort())
    }),
    { numRuns: 1000 },
  )
})

test('a field of another wire type is skipped', () => {
  const written = encode(message({ name: [1, text], count: [2, int] }), { name: 'a', count: 7 })
  expect(decode(message({ name: [2, text], count: [1, int] }), written)).toEqual({ name: '', count: 0 })
})

test('an empty member of a oneof is written, an empty ordinary field is not', () => {
  const step = message({ a: [1, maybeText], b: [3, maybeInt], c: [4, text] })
  expect([...encode(step, { b: 0, c: '' })]).toEqual([0x18, 0])
  expect([...encode(step, { a: '' })]).toEqual([0x0a, 0])
})

test.each([
  ['a length beyond the end', [0x0a, 5, 65]],
  ['a tag without a value', [0x0a]],
  ['a number that never ends', Array(11).fill(0xff)],
])('%s is refused', (_, data) => {
  expect(() => decode(message({ name: [1, text] }), Uint8Array.from(data))).toThrow()
})

const READ = { longs: Number, bytes: Array, defaults: false }

function words() {
  return fc.string({ unit: 'binary', maxLength: 12 })
}

/** Without what is empty, for one library leaves that out and the other does not; bytes as numbers. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return [...value]
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, one]) => [key, plain(one)] as const)
      .filter(([key, one]) => !isEmpty(one) || key.length === 0),
  )
}

function isEmpty(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0
  return value === undefined || value === '' || value === 0 || value === false
}
