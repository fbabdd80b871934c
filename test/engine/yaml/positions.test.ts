import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseAllDocuments, stringify } from 'yaml'
import { locator } from '../../../src/engine/yaml/positions.ts'
import type { Path } from '../../../src/model/position.ts'

const quiet = { merge: true, uniqueKeys: false, logLevel: 'silent' } as const

/** Every path of a value, and beside each one that leads nowhere. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path, [...path, 'nowhere']]
  const inner = Object.entries(value).flatMap(([name, one]) =>
    pathsOf(one, [...path, Array.isArray(value) ? Number(name) : name]),
  )
  return [path, [...path, 'nowhere'], ...inner]
}

/** The place of a path as another parser has it. */
function expected(document: Document, path: Path): number {
  let node: unknown = document.contents
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0
  for (const step of path) {
    const here: unknown = isAlias(node) ? node.resolve(document) : node
    const pair = isMap(here)
      ? here.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))
      : undefined
    const item = isSeq(here) && typeof step === 'number' ? here.items[step] : undefined
    if (pair === undefined && item === undefined) return offset
    const place = pair === undefined ? item : pair.key
    offset = isNode(place) ? (place.range?.[0] ?? 0) : offset
    node = pair === undefined ? item : pair.value
  }
  return offset
}

/** The paths of a text whose place is not the one that the other parser has. */
function differences(text: string): readonly unknown[] {
  const lines = new LineCounter()
  const documents = parseAllDocuments(text, { ...quiet, lineCounter: lines })
  const locate = locator([{ name: 'a.yaml', path: '/a.yaml', root: '/', text }])
  return (Array.isArray(documents) ? documents : []).flatMap((document, at) =>
    pathsOf(document.toJS()).flatMap((path) => {
      const { line, col } = lines.linePos(expected(document, path))
      const found = locate({ file: 'a.yaml', document: at, path })
      return found.line === line && found.column === col ? [] : [{ path, found, line, col }]
    }),
  )
}

const anything = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string(),
    fc.string({ unit: 'binary', maxLength: 5 }),
    fc.integer(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string({ minLength: 1, maxLength: 5 }), tie('value'), { maxKeys: 4 }),
  ),
})).value

test('a place is found where another parser finds it', () => {
  const styles = fc.record({
    defaultStringType: fc.constantFrom('PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED'),
    collectionStyle: fc.constantFrom('block', 'flow', 'any'),
  })
  fc.assert(
    fc.property(fc.array(anything, { minLength: 1, maxLength: 2 }), styles, (values, style) => {
      const text = values.map((value) => stringify(value, style)).join('---\n')
      expect(differences(text)).toEqual([])
    }),
    { numRuns: 300 },
  )
})

test.each([
  ['anchors, aliases, merged maps', 'a: &x { b: "c", d e: [1, \'2\'] }\nc: *x\nd:\n  <<: *x\n  e: 1\n'],
  ['tags, anchored items, keys with a question mark', '- &q a\n- !!str b\n-\n  - c\n- ? k\n  : v\n'],
  ['line breaks of Windows, blocks, comments', '# c\r\na:\r\n  - b: 1\r\n    c: >-\r\n      x\r\n  -\r\n    d: 2\r\n'],
  ['blocks in lists, with remarks behind their bar', '- |2- # why | here >\n    a\n  b\n- >\n\n  c\n'],
  ['several documents', '%YAML 1.2\n---\na: 1\n...\n---\n# c\nb: [x, y]\n'],
  ['an example', readFileSync('examples/full/mailconfig.yaml', 'utf8')],
])('%s are found, too', (_, text) => {
  expect(differences(text)).toEqual([])
})

test('a text that is no YAML has one place', () => {
  const locate = locator([{ name: 'a.yaml', path: '/a.yaml', root: '/', text: 'a: [' }])
  expect(locate({ file: 'a.yaml', document: 0, path: ['a', 0] })).toEqual({ file: 'a.yaml', line: 1, column: 1 })
})
