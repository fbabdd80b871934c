import { parse as csvParse } from 'csv-parse/sync'
import fc from 'fast-check'
import Papa from 'papaparse'
import { expect, test } from 'vitest'
import { csvRows } from '../../../src/engine/entries/csv.ts'

const RUNS = { numRuns: Number(process.env['MAILCONFIG_RUNS'] ?? 1000) }

/** A cell with everything that has a meaning in CSV; blanks at its edges only count inside of quotes. */
const cell = fc.string({
  unit: fc.constantFrom('a', 'b@x.example', ',', '"', '\n', ' ', ';', 'é', '#', '😀'),
  maxLength: 8,
})
const row = fc.array(cell, { minLength: 1, maxLength: 4 }).filter(([first = '']) => !first.startsWith('#'))

function written(rows: readonly (readonly string[])[], newline: string, quoteAll: boolean): string {
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
  const needs = (text: string) => quoteAll || /[",\n\r]|^\s|\s$/.test(text)
  return rows.map((cells) => cells.map((one) => (needs(one) ? quoted(one) : one)).join(',')).join(newline)
}

const isBlank = (cells: readonly string[]) => cells.length === 1 && cells[0] === ''

test('reads what is written as RFC 4180 says, as two other parsers do', () => {
  fc.assert(
    fc.property(
      fc.array(row, { maxLength: 8 }),
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      (rows, newline, quoteAll) => {
        const text = written(rows, newline, quoteAll)
        const ours = [...csvRows(text)].map(({ cells, fault }) => fault ?? cells)
        expect(ours).toEqual(rows.filter((cells) => !isBlank(cells)))
        const theirs: string[][] = csvParse(text, { relax_column_count: true, skip_empty_lines: true })
        expect(ours).toEqual(theirs.filter((cells) => !isBlank(cells)))
        const papa = Papa.parse<string[]>(text, { delimiter: ',', newline: newline === '\n' ? '\n' : '\r\n' })
        expect(ours).toEqual(papa.data.filter((cells) => !isBlank(cells)))
      },
    ),
    RUNS,
  )
})

test('whatever the text is, each row has its own line, and a broken one does not move its neighbour', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', '\t', 'x@y.example'), maxLength: 60 }),
      (text) => {
        const lines = [...csvRows(`${text}\nlast@x.example,end`)]
        const numbers = lines.map(({ line }) => line)
        expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))
        const last = lines.at(-1)
        if (lines.every(({ fault }) => fault === undefined) && !text.includes('"'))
          expect(last?.cells).toEqual(['last@x.example', 'end'])
      },
    ),
    RUNS,
  )
})

test.each([
  ['"nora@mail.example" ,mail.example', [['nora@mail.example', 'mail.example']]],
  ['a@x.example,Said "stop" twice', [['a@x.example', 'Said "stop" twice']]],
  ['c@x.example,5" screen', [['c@x.example', '5" screen']]],
  ['e@x.example, "after, a space"', [['e@x.example', 'after, a space']]],
  [
    'n@x.example,"Letter,\nfrom x"\nb@x.example,ok',
    [
      ['n@x.example', 'Letter,\nfrom x'],
      ['b@x.example', 'ok'],
    ],
  ],
  ['# a remark\na,b', [['a', 'b']]],
])('%j', (text, rows) => {
  expect([...csvRows(text)].map(({ cells }) => cells)).toEqual(rows)
})

test('a quote without an end is a fault of its own line alone', () => {
  expect([...csvRows('a,"b\nc,d')]).toMatchObject([
    { line: 1, fault: expect.stringContaining('no end') },
    { line: 2, cells: ['c', 'd'] },
  ])
})
