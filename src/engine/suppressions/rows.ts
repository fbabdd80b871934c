import { closeSync, openSync, readSync } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'
import { parseJson } from '../../model/json.ts'
import { csvRows } from '../entries/csv.ts'
import { columnName, jsonRows, type NamedRow } from './exported.ts'

/** Bytes that are read at once. */
const CHUNK = 1 << 16

/**
 * The rows of a CSV or JSON file by the names of their columns; a CSV of any length takes little memory, for each row is there until the next one is asked
 * for. Throws where the file cannot be read.
 */
export function* fileRows(path: string): Generator<NamedRow> {
  if (/\.json$/i.test(path)) {
    yield* jsonRows(parseJson([...textOf(path)].join('')))
    return
  }
  let columns: readonly string[] | undefined
  const row = new Map<string, string>()
  for (const text of wholeLines(textOf(path)))
    for (const { cells } of csvRows(text)) {
      if (columns === undefined) columns = cells.map(columnName)
      else {
        for (const [at, name] of columns.entries()) row.set(name, cells[at] ?? '')
        yield row
      }
    }
}

/** The columns of a file: those of its first row. */
export function columnsOf(path: string): readonly string[] {
  if (!/\.json$/i.test(path))
    for (const text of wholeLines(textOf(path))) for (const { cells } of csvRows(text)) return cells.map(columnName)
  for (const row of fileRows(path)) return [...row.keys()]
  return []
}

function* textOf(path: string): Generator<string> {
  const file = openSync(path, 'r')
  const buffer = Buffer.alloc(CHUNK)
  const decoder = new StringDecoder('utf8')
  try {
    let isFirst = true
    for (let size = readSync(file, buffer); size > 0; size = readSync(file, buffer)) {
      const text = decoder.write(buffer.subarray(0, size))
      yield isFirst ? text.replace(/^\uFEFF/, '') : text
      isFirst = false
    }
    yield decoder.end()
  } finally {
    closeSync(file)
  }
}

/** The same text in pieces that end with a line, outside of quotes. */
function* wholeLines(parts: Iterable<string>): Generator<string> {
  let rest = ''
  for (const part of parts) {
    rest += part
    const end = lastBreak(rest)
    if (end === 0) continue
    yield rest.slice(0, end)
    rest = rest.slice(end)
  }
  if (rest !== '') yield rest
}

/** Where the last line ends that no quote is open after; 0 where there is none. */
function lastBreak(text: string): number {
  let end = text.lastIndexOf('\n') + 1
  let quotes = count(text, 0, end)
  while (end > 0 && quotes % 2 === 1) {
    const before = text.lastIndexOf('\n', end - 2) + 1
    quotes -= count(text, before, end)
    end = before
  }
  return end
}

function count(text: string, from: number, to: number): number {
  let found = 0
  for (let at = text.indexOf('"', from); at >= 0 && at < to; at = text.indexOf('"', at + 1)) found += 1
  return found
}
