import { defined } from '../../model/json.ts'

/** One row of a CSV text: where it begins, and its cells or what is wrong with it. */
interface CsvRow {
  /** From 1. */
  readonly line: number
  readonly cells: readonly string[]
  readonly fault?: string
}

const BLANK = /[ \t]/

/**
 * Reads CSV row by row (RFC 4180, over the whole text): quoted cells may hold line breaks, separators and doubled quotes. More than the
 * standard allows: blanks around cells, quotes inside a cell that does not begin with one, rows of different lengths, and lines
 * that begin with `#`. A broken cell makes its row faulty and never moves to its neighbour.
 */
export function* csvRows(text: string, separator = ','): Generator<CsvRow> {
  let at = 0
  let line = 1
  while (at < text.length) {
    if (text[at] === '#') {
      const end = text.indexOf('\n', at)
      at = end < 0 ? text.length : end + 1
      line += 1
      continue
    }
    const row = readRow(text, at, line, separator)
    if (row.fault !== undefined || row.cells.length > 1 || row.cells[0] !== '')
      yield { line, cells: row.cells, ...defined({ fault: row.fault }) }
    at = row.next
    line += row.lines
  }
}

interface ReadRow {
  readonly cells: string[]
  readonly fault?: string | undefined
  readonly next: number
  readonly lines: number
}

function readRow(text: string, from: number, line: number, separator: string): ReadRow {
  const cells: string[] = []
  let at = from
  let lines = 0
  for (;;) {
    let start = at
    while (start < text.length && BLANK.test(text[start] ?? '') && text[start] !== separator) start += 1
    if (text[start] !== '"') {
      const end = endOfPlain(text, start, separator)
      cells.push(text.slice(start, end).trim())
      if (text[end] !== separator) return { cells, next: afterBreak(text, end), lines: lines + 1 }
      at = end + 1
      continue
    }
    const quoted = readQuoted(text, start)
    if (quoted === undefined) {
      const end = endOfLine(text, start)
      return {
        cells,
        fault: `the quote in line ${line + lines} has no end`,
        next: afterBreak(text, end),
        lines: lines + 1,
      }
    }
    lines += quoted.breaks
    cells.push(quoted.text)
    let end = quoted.end
    while (end < text.length && BLANK.test(text[end] ?? '') && text[end] !== separator) end += 1
    const here = text[end]
    if (here === separator) at = end + 1
    else if (here === undefined || here === '\n' || here === '\r')
      return { cells, next: afterBreak(text, end), lines: lines + 1 }
    else {
      const fault = 'there is text after a closing quote'
      return { cells, fault, next: afterBreak(text, endOfLine(text, end)), lines: lines + 1 }
    }
  }
}

function endOfPlain(text: string, from: number, separator: string): number {
  let at = from
  for (; at < text.length; at++) {
    const here = text[at]
    if (here === separator || here === '\n' || here === '\r') break
  }
  return at
}

function endOfLine(text: string, from: number): number {
  let at = from
  while (at < text.length && text[at] !== '\n' && text[at] !== '\r') at += 1
  return at
}

function afterBreak(text: string, at: number): number {
  return text[at] === '\r' && text[at + 1] === '\n' ? at + 2 : at + 1
}

/** The text between quotes, the offset behind the closing one, and the line breaks inside. */
function readQuoted(
  text: string,
  from: number,
): { readonly text: string; readonly end: number; readonly breaks: number } | undefined {
  let at = from + 1
  let found = ''
  for (;;) {
    const quote = text.indexOf('"', at)
    if (quote < 0) return undefined
    found += text.slice(at, quote)
    if (text[quote + 1] !== '"') {
      const breaks = found.match(/\r\n|\n|\r/g)?.length ?? 0
      return { text: found, end: quote + 1, breaks }
    }
    found += '"'
    at = quote + 2
  }
}
