import { isCollection, isNode, type YAMLMap, type YAMLSeq } from 'yaml'
import type { Edit } from './edits.ts'
import {
  columnOf,
  endOf,
  hasComment,
  isFlow,
  keyText,
  lineEnd,
  lineStart,
  nextLine,
  type OpenedTree,
  startOf,
} from './tree.ts'
import { indented } from './write.ts'

type Collection = YAMLMap | YAMLSeq

/** New items: as lines without the dash of a list, and as text for between brackets. */
export interface Fresh {
  readonly lines: readonly string[]
  readonly flow: string
}

/** Puts items behind the last one of a list or map, in its own way of writing. */
export function appendItems(opened: OpenedTree, list: Collection, fresh: readonly Fresh[]): Edit[] {
  if (fresh.length === 0) return []
  if (isFlow(list)) return appendFlow(opened, list, fresh)
  const { text } = opened
  const last = list.items.at(-1)
  const at = nextLine(text, endOfItem(last))
  const between = text.slice(endOfItem(list.items.at(-2)), itemStart(opened, last))
  const blank = list.items.length > 1 && /\n[^\S\n]*\r?\n/.test(between)
  const lines = fresh.flatMap((one) => [...(blank ? [''] : []), ...one.lines])
  return [{ from: at, to: at, text: joined(opened, indented(lines, columnOf(list))) }]
}

/** The edits that take items out; comments beside them stay. Undefined if only the whole could be written again. */
export function removeItems(opened: OpenedTree, list: Collection, gone: ReadonlySet<number>): Edit[] | undefined {
  const { text } = opened
  const edits: Edit[] = []
  for (const index of gone) {
    const item = list.items[index]
    const [from, end] = [itemStart(opened, item), endOfItem(item)]
    if (isNode(item) && item.anchor !== undefined) return undefined
    const comma = isFlow(list) ? commaAfter(list, end) : undefined
    const to = comma === undefined ? end : comma + 1
    const start = isFlow(list) ? from : dashBefore(text, from, list)
    const before = text.slice(lineStart(text, start), start)
    if (before.trim() !== '') return undefined
    const line = lineEnd(text, to - (text[to - 1] === '\n' ? 1 : 0))
    const rest = text.slice(to, Math.max(to, line))
    if (rest.trim() === '') edits.push({ from: lineStart(text, start), to: nextLine(text, to), text: '' })
    else if (rest.trim().startsWith('#')) edits.push({ from: start, to: to + rest.indexOf('#'), text: '' })
    else return undefined
  }
  return edits
}

/** A list or map in brackets without comments, written again from its own pieces, without some and with others. */
export function rewriteFlow(
  opened: OpenedTree,
  list: Collection,
  gone: ReadonlySet<number>,
  fresh: readonly Fresh[],
  mayJoinLines = false,
): Edit[] | undefined {
  const { text } = opened
  const [from, to] = [startOf(list), endOf(list)]
  if (!isFlow(list) || hasComment(list) || (!mayJoinLines && text.slice(from, to).includes('\n'))) return undefined
  const inner = text.slice(from + 1, to - 1)
  const kept = list.items.flatMap((item, index) => {
    if (gone.has(index)) return []
    const begin = boundaryBefore(list, itemStart(opened, item), from)
    return [text.slice(begin, commaAfter(list, endOfItem(item)) ?? to - 1).trim()]
  })
  const pieces = [...kept, ...fresh.map((one) => one.flow)].join(', ')
  const pad = pieces !== '' && (inner === '' ? text[from] === '{' : /^\s/.test(inner)) ? ' ' : ''
  return [{ from: from + 1, to: to - 1, text: `${pad}${pieces}${pad}` }]
}

/** Lines with the file's line breaks, the last one ended too. */
export function joined({ newline }: OpenedTree, lines: readonly string[]): string {
  return lines.map((line) => `${line.replaceAll('\n', newline)}${newline}`).join('')
}

function appendFlow(opened: OpenedTree, list: Collection, fresh: readonly Fresh[]): Edit[] {
  const { text } = opened
  const last = list.items.at(-1)
  if (last === undefined)
    return [{ from: endOf(list) - 1, to: endOf(list) - 1, text: fresh.map((one) => one.flow).join(', ') }]
  const end = endOfItem(last)
  const comma = commaAfter(list, end)
  const start = itemStart(opened, last)
  const pad = text.slice(lineStart(text, start), start)
  if (pad.trim() !== '') return [{ from: end, to: end, text: `, ${fresh.map((one) => one.flow).join(', ')}` }]
  const line = Math.min(lineEnd(text, end), endOf(list) - 1)
  const separated = fresh.map((one) => `${pad}${one.flow}`).join(`,${opened.newline}`)
  return [
    ...(comma === undefined ? [{ from: end, to: end, text: ',' }] : []),
    { from: line, to: line, text: `${opened.newline}${separated}${comma === undefined ? '' : ','}` },
  ]
}

/** The offset of an item: its key in a map, its value in a list. */
function itemStart({ text }: OpenedTree, item: unknown): number {
  if (isNode(item)) return startOf(item)
  return typeof item === 'object' && item !== null && 'key' in item ? startOf(item.key) : text.length
}

function endOfItem(item: unknown): number {
  if (isNode(item)) return endOf(item)
  if (typeof item !== 'object' || item === null || !('key' in item) || !('value' in item)) return 0
  return Math.max(endOf(item.key), endOf(item.value))
}

function dashBefore(text: string, from: number, list: Collection): number {
  if (list.srcToken?.type !== 'block-seq') return from
  const dash = /-[^\S\n]*(?:[&!]\S+[^\S\n]*)*$/.exec(text.slice(lineStart(text, from), from))
  return dash === null ? from : lineStart(text, from) + dash.index
}

function commas(list: Collection): number[] {
  const token = list.srcToken
  if (token?.type !== 'flow-collection') return []
  return token.items.flatMap(({ start }) => start.filter(({ type }) => type === 'comma').map(({ offset }) => offset))
}

function commaAfter(list: Collection, offset: number): number | undefined {
  return commas(list).find((comma) => comma >= offset)
}

function boundaryBefore(list: Collection, offset: number, open: number): number {
  return (commas(list).findLast((comma) => comma < offset) ?? open) + 1
}

/** The value of a field in the maps of a list, to see how others write it. */
export function samplesOf(list: unknown, field: string): unknown[] {
  if (!isCollection(list)) return []
  return list.items.flatMap((item) => {
    if (!isCollection(item)) return []
    return item.items.flatMap((pair) =>
      typeof pair === 'object' && pair !== null && 'key' in pair && 'value' in pair && keyText(pair.key) === field
        ? [pair.value]
        : [],
    )
  })
}
