import fc from 'fast-check'
import Handlebars from 'handlebars'
import { expect, test } from 'vitest'
import { rawGaps } from '../../../src/engine/lint/templates.ts'

/** Whether the vendor's engine would fill in something as it is. */
function fillsInRaw(text: string): boolean {
  let isRaw = false
  class Visitor extends Handlebars.Visitor {
    override MustacheStatement(mustache: hbs.AST.MustacheStatement): void {
      if (!mustache.escaped) isRaw = true
    }
  }
  new Visitor().accept(Handlebars.parse(text))
  return isRaw
}

test('a raw gap is found exactly where the engine has one', () => {
  const part = fc.constantFrom(
    ...[
      '{{a}}',
      '{{{a}}}',
      '{{~{a}~}}',
      '{{&a}}',
      '{{~& a}}',
      '{{ a }}',
      '\\{{a}}',
      '\\{{{a}}}',
      '\\\\{{{a}}}',
      '{{! {{{a }}',
    ],
    ...[
      '{{!-- {{{a}}} --}}',
      '{{~!-- }} {{&a --~}}',
      '{{#if a}}',
      '{{/if}}',
      '{{{{raw}}}} {{{a}}} {{{{/raw}}}}',
      '{',
      '}',
      ' ',
      'x',
    ],
  )
  let checked = 0
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
      const text = parts.join('')
      let expected: boolean
      try {
        expected = fillsInRaw(text)
      } catch {
        return // the engine refuses it, for which there is another problem
      }
      checked += 1
      expect(rawGaps(text).length > 0, text).toBe(expected)
    }),
    { numRuns: 2000 },
  )
  expect(checked).toBeGreaterThan(500)
})
