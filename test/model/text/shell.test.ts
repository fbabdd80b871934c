import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fileWord, shellWord } from '../../../src/model/text/shell.ts'

const text = fc.string({ unit: 'grapheme', minLength: 1 }).filter((one) => !one.includes('\0'))

test('whatever a text holds, a shell reads it as that one word', () => {
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 5 }), (words) => {
      const script = words.map((word) => `printf '%s\\0' ${shellWord(word)}`).join('\n')
      expect(execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' })).toBe(
        words.map((one) => `${one}\0`).join(''),
      )
    }),
    { numRuns: 100 },
  )
})

test('a plain name stays plain, and one that begins like an option does not', () => {
  expect(fileWord('plans/change.plan')).toBe('plans/change.plan')
  expect(fileWord('my plan')).toBe("'my plan'")
  expect(fileWord('-rf')).toBe('./-rf')
})
