import { numberOf } from './number.ts'
import type { Value } from './plugin.ts'

const SPACE = /[ \t\r\n]*/y
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const WORD = /true|false|null/y

/** What a JSON text holds, with every number as exact as it is written. Throws a SyntaxError for anything else. */
export function parseJson(text: string): Value {
  const cursor = { text, at: 0 }
  const value = readValue(cursor)
  if (peek(cursor) !== '') fail(cursor)
  return value
}

interface Cursor {
  readonly text: string
  at: number
}

function readValue(cursor: Cursor): Value {
  const first = peek(cursor)
  if (first === '{') return readObject(cursor)
  if (first === '[') return readList(cursor)
  if (first === '"') return readText(cursor)
  if (first === 't' || first === 'f' || first === 'n') return JSON.parse(take(cursor, WORD))
  return numberOf(take(cursor, NUMBER))
}

function readObject(cursor: Cursor): Value {
  const entries: [string, Value][] = []
  cursor.at++
  if (skip(cursor, '}')) return {}
  do {
    peek(cursor)
    const key = readText(cursor)
    if (!skip(cursor, ':')) fail(cursor)
    entries.push([key, readValue(cursor)])
  } while (skip(cursor, ','))
  if (!skip(cursor, '}')) fail(cursor)
  return Object.fromEntries(entries) // also makes "__proto__" a key like any other
}

function readList(cursor: Cursor): Value {
  const items: Value[] = []
  cursor.at++
  if (skip(cursor, ']')) return items
  do items.push(readValue(cursor))
  while (skip(cursor, ','))
  if (!skip(cursor, ']')) fail(cursor)
  return items
}

/** No pattern: one that runs over megabytes of text overflows its stack. */
function readText(cursor: Cursor): string {
  const { text, at } = cursor
  if (text[at] !== '"') return fail(cursor)
  let end = at
  do end = text.indexOf('"', end + 1)
  while (end > 0 && isEscaped(text, end))
  if (end < 0) return fail(cursor)
  cursor.at = end + 1
  try {
    return JSON.parse(text.slice(at, cursor.at))
  } catch {
    throw new SyntaxError(`the text at ${at} is not a text of JSON`) // and not the original, which quotes it
  }
}

function isEscaped(text: string, at: number): boolean {
  let first = at
  while (text[first - 1] === '\\') first--
  return (at - first) % 2 === 1
}

/** The next character that is no space. */
function peek(cursor: Cursor): string {
  take(cursor, SPACE)
  return cursor.text.charAt(cursor.at)
}

function skip(cursor: Cursor, sign: string): boolean {
  if (peek(cursor) !== sign) return false
  cursor.at++
  return true
}

function take(cursor: Cursor, pattern: RegExp): string {
  pattern.lastIndex = cursor.at
  const found = pattern.exec(cursor.text)?.[0]
  if (found === undefined) return fail(cursor)
  cursor.at += found.length
  return found
}

function fail({ text, at }: Cursor): never {
  throw new SyntaxError(at < text.length ? `unexpected ${JSON.stringify(text[at])} at ${at}` : 'unexpected end')
}
