import { Document, isCollection, Scalar } from 'yaml'
import { isRecord } from '../../model/json.ts'
import { escapedText } from '../export/entry.ts'
import { blockOrQuoted } from '../yaml/block-text.ts'

type Quote = 'single' | 'double'

/** How new lines are to look: as those around them do. */
export interface Style {
  readonly quote: Quote
  /** Spaces of one level. */
  readonly step: number
  /** Whether the dashes of a list stand deeper than the key that they belong to. */
  readonly indentSeq: boolean
  /** Whether the list or map of a field is written as `[…]` or `{…}`. */
  readonly isFlow: (field: string) => boolean
}

/** How a list or map on one line is to look. */
export interface FlowStyle {
  readonly quote: Quote
  /** Keys and texts in quotes, as in JSON. */
  readonly json: boolean
  /** A space inside the brackets of a map. */
  readonly padded: boolean
}

/** A single value on one line, in the given kind of quotes where it can be. */
export function lineText(value: unknown, how: HowOnLine): string {
  return quoted(typeof value === 'string' ? escapedText(value) : value, how)
}

/** The name of a key; no reference stands there. */
function keyText(name: string, quote: Quote): string {
  return quoted(name, { quote, inFlow: true })
}

interface HowOnLine {
  readonly inFlow: boolean
  readonly quote: Quote
  /** The kind of quotes that stood there. */
  readonly type?: string | undefined
}

function quoted(value: unknown, { inFlow, quote, type }: HowOnLine): string {
  const scalar = new Scalar(value)
  if (typeof value === 'string') scalar.type = typeOf(value, type)
  const document = new Document(inFlow ? [scalar] : { k: scalar })
  if (isCollection(document.contents)) document.contents.flow = inFlow
  const singleQuote = quote === 'single' || type === Scalar.QUOTE_SINGLE ? true : null // null: whatever needs no escape
  const text = document.toString({ lineWidth: 0, singleQuote, flowCollectionPadding: false })
  return inFlow ? text.slice(1, -2) : text.slice(3, -1) // without the brackets or the key, and without the line break
}

function typeOf(value: string, type: string | undefined): Scalar.Type {
  if (value.includes('\n') || type === Scalar.QUOTE_DOUBLE) return Scalar.QUOTE_DOUBLE
  return type === Scalar.QUOTE_SINGLE ? Scalar.QUOTE_SINGLE : Scalar.PLAIN
}

/** A text of several lines as a block below a key in the given column, or undefined if a block would not keep it. */
export function blockText(value: string, column: number, step: number, header = ''): string | undefined {
  if (value === '' || blockOrQuoted(value) !== 'BLOCK_LITERAL') return undefined
  const scalar = new Scalar(escapedText(value))
  scalar.type = Scalar.BLOCK_LITERAL
  const text = new Document({ k: scalar }).toString({ lineWidth: 0, indent: step })
  const [head = '', ...lines] = text.slice(3).replace(/\n$/, '').split('\n')
  if (!/^\|-?$/.test(head)) return undefined
  return `${head}${header}\n${indented(lines, column).join('\n')}\n`
}

/** A list or map on one line. */
export function flowText(value: unknown, style: FlowStyle): string {
  const text = (one: unknown): string => {
    if (Array.isArray(one)) return `[${one.map(text).join(', ')}]`
    if (!isRecord(one)) return style.json ? json(one) : lineText(one, { ...style, inFlow: true })
    const pairs = Object.entries(one).map(
      ([name, part]) => `${style.json ? JSON.stringify(name) : keyText(name, style.quote)}: ${text(part)}`,
    )
    const pad = style.padded && pairs.length > 0 ? ' ' : ''
    return `{${pad}${pairs.join(', ')}${pad}}`
  }
  return text(value)
}

function json(value: unknown): string {
  return JSON.stringify(typeof value === 'string' ? escapedText(value) : value)
}

/** A list or map as lines that begin in the first column. */
export function linesOf(value: unknown, style: Style): string[] {
  if (Array.isArray(value))
    return value.flatMap((item: unknown) => {
      const isOpen = (Array.isArray(item) && item.length > 0) || (isRecord(item) && Object.keys(item).length > 0)
      if (!isOpen) return [`- ${short(item, style)}`]
      const [first = '', ...rest] = linesOf(item, style)
      return [`- ${first}`, ...indented(rest, 2)]
    })
  if (!isRecord(value)) return [short(value, style)]
  return Object.entries(value).flatMap(([name, part]) => pairLines(name, part, style))
}

/** A key with its value as lines that begin in the first column. */
export function pairLines(name: string, value: unknown, style: Style): string[] {
  const key = keyText(name, style.quote)
  const isSeq = Array.isArray(value)
  if (!isSeq && !isRecord(value)) {
    const block = typeof value === 'string' && value.includes('\n') ? blockText(value, 0, style.step) : undefined
    return `${key}: ${block?.replace(/\n$/, '') ?? lineText(value, { quote: style.quote, inFlow: false })}`.split('\n')
  }
  if (Object.keys(value).length === 0 || (style.isFlow(name) && isShort(value)))
    return [`${key}: ${short(value, style)}`]
  return [`${key}:`, ...indented(linesOf(value, style), isSeq && !style.indentSeq ? 0 : style.step)]
}

function short(value: unknown, { quote }: Style): string {
  return Array.isArray(value) || isRecord(value)
    ? flowText(value, { quote, json: false, padded: true })
    : lineText(value, { quote, inFlow: false })
}

/** Long texts, texts of several lines and lists of maps are no good on one line. */
function isShort(value: unknown): boolean {
  if (typeof value === 'string') return value.length <= 60 && !value.includes('\n')
  if (Array.isArray(value)) return value.every((item) => typeof item !== 'object' && isShort(item))
  return isRecord(value) ? Object.values(value).every(isShort) : true
}

/** Lines moved to the right; those without content stay empty. */
export function indented(lines: readonly string[], column: number): string[] {
  const pad = ' '.repeat(column)
  return lines.map((line) => (line === '' ? '' : pad + line))
}
