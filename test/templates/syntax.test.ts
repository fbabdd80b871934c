import fc from 'fast-check'
import Handlebars from 'handlebars'
import { describe, expect, test } from 'vitest'
import { readTemplate } from '../../src/templates/syntax.ts'

const gaps = (text: string) =>
  readTemplate(text).gaps.map(({ path, isOptional }) => `${path.join('.')}${isOptional ? '?' : ''}`)
const faults = (text: string) =>
  readTemplate(text).faults.map(({ line, column, message }) => `${line}:${column} ${message}`)

test.each([
  ['no gap', []],
  ['{{name}} {{{name}}} {{&order.id}}', ['name', 'name', 'order.id']],
  ['{{#if name}}{{name}}{{else}}{{other}}{{/if}}', ['name?', 'name?', 'other']],
  ['{{#unless name}}x{{/unless}}', ['name?']],
  [
    '{{#each lines}}{{title}} {{../name}} {{this}} {{@index}}{{/each}}',
    ['lines', 'lines.[].title', 'name', 'lines.[]'],
  ],
  ['{{#each lines as |line at|}}{{line.title}} {{at}} {{../name}}{{/each}}', ['lines', 'lines.[].title', 'name']],
  ['{{#with order}}{{id}} {{@root.name}}{{/with}}', ['order', 'order.id', 'name']],
  ['{{#each a}}{{#each b}}{{c}} {{../d}} {{../../e}}{{/each}}{{/each}}', ['a', 'a.[].b', 'a.[].b.[].c', 'a.[].d', 'e']],
  ['{{#section}}{{inside}}{{/section}}', ['section?']],
  ['{{^none}}x{{/none}}', ['none?']],
  ['{{lookup map key}}', ['map', 'key']],
  ['{{#if (lookup a b)}}x{{/if}}', []],
  ['{{list.[0].name}}', ['list.0.name']],
  ['\\{{name}} {{! name }} {{!-- {{name}} --}}', []],
])('what %s fills in', (text, wanted) => {
  expect(gaps(text)).toEqual(wanted)
})

test.each([
  ['{{#if a}}x', '1:1 the template ends before {{#if}} is closed'],
  ['a\n{{#each a}}{{/if}}', '2:4 {{#each}} is closed by {{/if}}'],
  ['{{list.0}}', '1:1 list.0 has a number in its path, which is written in brackets: list.[0]'],
  ['x {{> footer}}', '1:3 a partial ({{> …}}) is another template, and the service knows of none'],
  ['{{upper name}}', '1:1 the helper "upper" is not one that Handlebars brings'],
  ['{{#repeat 3}}x{{/repeat}}', '1:4 the helper "repeat" is not one that Handlebars brings'],
  ['{{/if}}', '1:1 a block is closed that was not opened'],
])('what is wrong with %s', (text, wanted) => {
  expect(faults(text)).toEqual([wanted])
})

describe('against the engine itself', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'list', 'deep')
  const leaf = name.map((one) => `{{${one}}}`)
  const { tree } = fc.letrec<{ tree: string }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      leaf,
      fc.constant(' text '),
      fc.tuple(name, tie('tree')).map(([one, inner]) => `{{#if ${one}}}${inner}{{/if}}`),
      fc.tuple(name, tie('tree')).map(([one, inner]) => `{{#unless ${one}}}${inner}{{/unless}}`),
      fc.tuple(name, tie('tree')).map(([one, inner]) => `{{#each ${one}}}${inner}{{../a}}{{@root.b}}{{/each}}`),
      fc.tuple(name, tie('tree')).map(([one, inner]) => `{{#with ${one}}}${inner}{{/with}}`),
      fc.tuple(tie('tree'), tie('tree')).map((both) => both.join('')),
    ),
  }))

  /** The names that the engine asks the sender's values for. */
  function asked(template: string): Set<string> {
    const seen = new Set<string>()
    const known: Record<string, unknown> = { a: '1', b: '2', c: '', list: [{ a: 'x' }], deep: { a: 'y', list: [] } }
    const values = new Proxy(known, {
      get: (target, key) => {
        if (typeof key === 'string' && Object.hasOwn(target, key)) seen.add(key)
        return Reflect.get(target, key)
      },
      getOwnPropertyDescriptor: (target, key) => {
        if (typeof key === 'string') seen.add(key)
        return Reflect.getOwnPropertyDescriptor(target, key)
      },
    })
    Handlebars.create().compile(template)(values)
    return seen
  }

  test('every value that the engine asks for is among the gaps', () => {
    fc.assert(
      fc.property(tree, (template) => {
        const roots = new Set(readTemplate(template).gaps.map(({ path }) => path[0] ?? ''))
        for (const one of asked(template)) expect([...roots], template).toContain(one)
      }),
      { numRuns: 1000 },
    )
  })

  test('there is a fault exactly where the engine refuses to read', () => {
    const piece = fc.constantFrom(
      '{{a}}',
      '{{#if a}}',
      '{{/if}}',
      '{{#each b}}',
      '{{/each}}',
      '{{else}}',
      '{{a.0}}',
      '{{',
      '}}',
      '{{{a}}}',
      '{{!x}}',
      ' ',
      '"',
      '{{a.b}}',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        const text = pieces.join('')
        let isRead = true
        try {
          Handlebars.parse(text)
        } catch {
          isRead = false
        }
        expect(readTemplate(text).faults.length === 0, text).toBe(isRead)
      }),
      { numRuns: 2000 },
    )
  })
})
