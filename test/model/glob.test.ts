import fc from 'fast-check'
import { expect, test } from 'vitest'
import { globMatches } from '../../src/model/address.ts'

const text = fc.string({ unit: fc.constantFrom('a', 'b', '.', '/', '*'), maxLength: 10 })

/** What a glob means, without a thought for time. */
function naive(glob: string, one: string): boolean {
  if (glob === '') return one === ''
  if (glob[0] !== '*') return one !== '' && glob[0] === one[0] && naive(glob.slice(1), one.slice(1))
  return naive(glob.slice(1), one) || (one !== '' && naive(glob, one.slice(1)))
}

test('matches as a naive matcher does', () => {
  fc.assert(
    fc.property(text, text, (glob, one) => {
      expect(globMatches(glob, one)).toBe(naive(glob, one))
    }),
    { numRuns: Number(process.env['MAILCONFIG_RUNS'] ?? 3000) },
  )
})

test('takes no longer than its texts are long', () => {
  const startedAt = performance.now()
  expect(globMatches(`${'*a'.repeat(30)}c`, 'b'.repeat(50_000) + 'a'.repeat(50_000))).toBe(false)
  expect(performance.now() - startedAt).toBeLessThan(1000)
})
