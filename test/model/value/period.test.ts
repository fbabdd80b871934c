import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatPeriod, parsePeriod, wirePeriod } from '../../../src/model/value/period.ts'

describe('a period', () => {
  it('means the same in every way to write it', () => {
    for (const text of ['1 hour', '60 minutes', '01:00:00', '1:00:00', '1 Hours']) expect(parsePeriod(text)).toBe(3600)
    expect(parsePeriod('4 months 5:00:00')).toBe(4 * 2_592_000 + 5 * 3600)
    expect(parsePeriod('7 days')).toBe(parsePeriod('1 week'))
    expect(parsePeriod('30 days')).toBe(parsePeriod('1 mon'))
    expect(parsePeriod('0:00:00')).toBe(0)
  })

  it('is refused where it means nothing', () => {
    for (const text of ['', 'an hour', '1', '1 hour ago', '1:60:00', '-1 hour', '1 fortnight', '01:00'])
      expect(parsePeriod(text)).toBeUndefined()
  })

  it('comes back as it went, in the words of the spec and of the API', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400_000_000 }), (seconds) => {
        expect(parsePeriod(formatPeriod(seconds))).toBe(seconds)
        expect(parsePeriod(wirePeriod(seconds))).toBe(seconds)
      }),
    )
  })

  it('is sent without minutes, which the API does not know', () => {
    expect(wirePeriod(1800)).toBe('00:30:00')
    expect(wirePeriod(5400)).toBe('01:30:00')
    expect(wirePeriod(3600)).toBe('1 hour')
    expect(wirePeriod(2_592_000)).toBe('30 days')
  })
})
