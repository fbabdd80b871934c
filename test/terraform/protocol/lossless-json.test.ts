import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseJson } from '../../../src/terraform/protocol/lossless-json.ts'
import { numberOf, textOf } from '../../../src/terraform/protocol/number.ts'
import { Decimal } from '../../../src/terraform/protocol/plugin.ts'

test('every JSON text means what JSON.parse says, but for the digits of its numbers', () => {
  fc.assert(
    fc.property(fc.json(), fc.constantFrom(undefined, 1, '\t'), (text, indent) => {
      const value = JSON.parse(text)
      expect(asFloats(parseJson(JSON.stringify(value, null, indent)))).toEqual(asFloats(value))
    }),
    { numRuns: 10_000 },
  )
})

test('what JSON.parse refuses is refused', () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(), fc.string({ maxLength: 2 }), (text, place, put) => {
      const at = place % (text.length + 1)
      const broken = text.slice(0, at) + put + text.slice(at + 1)
      expect(refuses(() => parseJson(broken))).toBe(refuses(() => JSON.parse(broken)))
    }),
    { numRuns: 10_000 },
  )
})

test('a whole number of any size keeps every digit', () => {
  fc.assert(
    fc.property(fc.bigInt(), (whole) => {
      expect(BigInt(textOf(numberOf(String(whole))))).toBe(whole)
      expect(parseJson(`[${whole}]`)).toEqual([Number.isSafeInteger(Number(whole)) ? Number(whole) : whole])
    }),
    { numRuns: 10_000 },
  )
})

test('a decimal fraction keeps every digit', () => {
  fc.assert(
    fc.property(fc.bigInt(), fc.bigInt({ min: 1n, max: 10n ** 40n }), (whole, fraction) => {
      const text = `${whole}.${fraction}`
      expect(scaled(textOf(numberOf(text)))).toBe(scaled(text))
    }),
    { numRuns: 10_000 },
  )
})

test.each([
  ['0', 0],
  ['-0', 0],
  ['0.1', 0.1],
  ['1.50', 1.5],
  ['1e2', 100],
  ['1E-7', 1e-7],
  ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ['9007199254740993', 9007199254740993n],
  ['-18446744073709551615', -18446744073709551615n],
  ['1e400', 10n ** 400n],
  ['1e2000', new Decimal('1e2000')],
  ['1e99999999999999', new Decimal('1e99999999999999')],
  ['0.10000000000000000001', new Decimal('0.10000000000000000001')],
  ['1e-400', new Decimal('1e-400')],
])('%s is read exactly', (text, number) => {
  expect(parseJson(text)).toEqual(number)
})

test('a key of any name is an own key', () => {
  const value = parseJson('{"__proto__":{"a":1},"constructor":2}')
  expect(JSON.stringify(value)).toBe('{"__proto__":{"a":1},"constructor":2}')
})

test('a text of many megabytes is read', () => {
  const text = `${'x"\\\n€'.repeat(1_000_000)}\\`
  expect(parseJson(JSON.stringify({ text }))).toEqual({ text })
})

test('an error quotes nothing of the text', () => {
  for (const broken of ['{"a":"canary\u0001"}', '["canary" canary]', '{"canary', '"canary\\q"']) {
    expect(errorOf(() => parseJson(broken))).toMatch(/^SyntaxError: (?!.*canary)/)
  }
})

function refuses(parse: () => unknown): boolean {
  return errorOf(parse) !== undefined
}

function errorOf(parse: () => unknown): string | undefined {
  try {
    parse()
    return undefined
  } catch (error) {
    return String(error)
  }
}

/** A decimal text as a multiple of 10^-60. */
function scaled(text: string): bigint {
  const [, sign, whole = '', fraction = '', power = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:e(.+))?$/.exec(text) ?? []
  const all = BigInt(whole + fraction) * 10n ** BigInt(60 - fraction.length + Number(power))
  return sign === '-' ? -all : all
}

/** Numbers as JSON.parse has them, but without a minus before 0. */
function asFloats(value: unknown): unknown {
  if (typeof value === 'bigint' || typeof value === 'number') return Number(value) + 0
  if (value instanceof Decimal) return Number(value.text) + 0
  if (Array.isArray(value)) return value.map(asFloats)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, asFloats(one)]))
}
