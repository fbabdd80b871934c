import { isCollection, isMap, isScalar, isSeq, Scalar, type YAMLMap, type YAMLSeq } from 'yaml'
import { append } from '../../model/append.ts'
import { isRecord, sorted } from '../../model/json.ts'
import type { Field } from '../../model/kind/field.ts'
import { canonical } from '../../model/value/canonical.ts'
import type { Edit } from './edits.ts'
import { appendItems, type Fresh, removeItems, rewriteFlow } from './items.ts'
import {
  blocked,
  columnOf,
  endOf,
  hasComment,
  keyText,
  lineEnd,
  type OpenedTree,
  type Standing,
  startOf,
} from './tree.ts'
import { blockText, type FlowStyle, flowText, linesOf, lineText, pairLines, type Style } from './write.ts'

/** The edits that bring a live value in, or why it cannot be. */
type Changed = { readonly ok: true; readonly edits: readonly Edit[] } | { readonly ok: false; readonly why: string }

/** What a value is changed with beside its place. */
interface Around {
  readonly opened: OpenedTree
  readonly document: Parameters<typeof blocked>[0]
  readonly style: Style
}

const NOTHING = 'the live object has no value there, and a spec has no word for that'
const COMMENTS = 'holds comments that would be lost'

/** Brings a live value in where another one stands; `desired` is what the file's value means. */
export function changeValue(
  around: Around,
  standing: Standing,
  field: Field | undefined,
  desired: unknown,
  live: unknown,
): Changed {
  const { node } = standing
  if (live === undefined || live === null) return no(NOTHING)
  if (isSeq(node) && Array.isArray(live) && Array.isArray(desired) && desired.length === node.items.length) {
    if (field === undefined || field.type === 'list') return changeInOrder(around, standing, node, desired, live)
    return changeSet(around, standing, node, 'items' in field ? field.items : undefined, desired, live)
  }
  if (isMap(node) && isRecord(live) && isRecord(desired) && (field === undefined || field.type === 'record'))
    return changeMap(around, standing, node, desired, live)
  const why = blocked(around.document, node)
  if (why !== undefined) return no(why)
  if (isScalar(node) && typeof live !== 'object') return changeScalar(around, standing, node, live)
  return replaceWhole(around, standing, live)
}

function no(why: string): Changed {
  return { ok: false, why }
}

function yes(edits: readonly Edit[] | undefined): Changed {
  return edits === undefined ? no('is written in a way that cannot be changed in part') : { ok: true, edits }
}

function all(parts: readonly Changed[]): Changed {
  const edits: Edit[] = []
  for (const part of parts) {
    if (!part.ok) return part
    append(edits, part.edits)
  }
  return { ok: true, edits }
}

function changeScalar({ opened, style }: Around, { holder, inFlow }: Standing, node: Scalar, live: unknown): Changed {
  const { text, newline, quote } = opened
  const [from, to] = [startOf(node), endOf(node)]
  const put = (made: string): Changed => ({ ok: true, edits: [{ from, to, text: made.replaceAll('\n', newline) }] })
  const column = columnOf(holder)
  const isBlock = node.srcToken?.type === 'block-scalar'
  const remark = isBlock ? (/^\S*(\s+#.*)?$/.exec(text.slice(from, lineEnd(text, from)))?.[1] ?? '') : ''
  const isLong = typeof live === 'string' && live.includes('\n')
  const alone = text.slice(to, lineEnd(text, to)).trim() === '' && text.slice(0, from).endsWith(' ')
  const block =
    typeof live === 'string' && holder !== undefined && !inFlow && (isBlock || (isLong && alone && !isQuoted(node)))
      ? blockText(live, column, style.step, remark)
      : undefined
  if (block !== undefined) return put(isBlock ? block : block.replace(/\n$/, ''))
  const line = lineText(live, { inFlow, quote, type: node.type })
  if (isBlock) return put(`${line}${remark}\n`)
  return put(text[from - 1] === ':' ? ` ${line}` : line)
}

function isQuoted({ type }: Scalar): boolean {
  return type === Scalar.QUOTE_DOUBLE || type === Scalar.QUOTE_SINGLE
}

/** Values without order: what is in both stays as it is written. */
function changeSet(
  around: Around,
  standing: Standing,
  node: YAMLSeq,
  item: Field | undefined,
  desired: readonly unknown[],
  live: readonly unknown[],
): Changed {
  const keyOf = (value: unknown) => JSON.stringify(item === undefined ? sorted(value) : canonical(item, value))
  const there = new Set(live.map(keyOf))
  const named = new Set(desired.map(keyOf))
  const gone = new Set(desired.flatMap((value, at) => (there.has(keyOf(value)) ? [] : [at])))
  for (const at of gone) {
    const one = node.items[at]
    const why = isCollection(one) || isScalar(one) ? blocked(around.document, one) : 'is the alias of another place'
    if (why !== undefined) return no(why)
  }
  const added = live.filter((value) => !named.has(keyOf(value)))
  return changeItems(
    around,
    standing,
    node,
    gone,
    added.map((value) => freshItem(around, node, value)),
    live,
  )
}

/** Values in order: each is compared with the one in its place. */
function changeInOrder(
  around: Around,
  standing: Standing,
  node: YAMLSeq,
  desired: readonly unknown[],
  live: readonly unknown[],
): Changed {
  if (live.length !== desired.length) {
    const why = blocked(around.document, node)
    return why === undefined ? replaceWhole(around, standing, live) : no(why)
  }
  return all(
    desired.flatMap((value, at) => {
      if (JSON.stringify(sorted(value)) === JSON.stringify(sorted(live[at]))) return []
      return [changeInner(around, standing, node.items[at], undefined, value, live[at])]
    }),
  )
}

/** A map of anything: key by key. */
function changeMap(
  around: Around,
  standing: Standing,
  node: YAMLMap,
  desired: Readonly<Record<string, unknown>>,
  live: Readonly<Record<string, unknown>>,
): Changed {
  const gone = new Set<number>()
  const parts: Changed[] = []
  for (const [at, { key, value }] of node.items.entries()) {
    const name = keyText(key)
    if (name === '<<') return no('comes from a "<<" merge')
    if (!(name in live)) {
      const why = isCollection(value) || isScalar(value) ? blocked(around.document, value) : 'is an alias'
      if (why !== undefined) return no(why)
      if (isCollection(value) && hasComment(value)) return no(COMMENTS)
      gone.add(at)
    } else if (JSON.stringify(sorted(desired[name])) !== JSON.stringify(sorted(live[name])))
      parts.push(changeInner(around, standing, value, { key, holder: node }, desired[name], live[name]))
  }
  const added = Object.entries(live).filter(([name]) => !(name in desired))
  if (gone.size > 0 && parts.length > 0 && node.srcToken?.type === 'flow-collection')
    return replaceWhole(around, standing, live)
  const fresh = added.map(([name, value]) => ({
    lines: pairLines(name, value, around.style),
    flow: flowText({ [name]: value }, { ...flowStyle(around, node), padded: false }).slice(1, -1),
  }))
  if (gone.size === 0 && fresh.length === 0) return all(parts)
  if (parts.length > 0 && node.srcToken?.type === 'flow-collection') return replaceWhole(around, standing, live)
  return all([...parts, changeItems(around, standing, node, gone, fresh, live)])
}

function changeInner(
  around: Around,
  { inFlow, node }: Standing,
  value: unknown,
  pair: { readonly key: unknown; readonly holder: YAMLMap } | undefined,
  desired: unknown,
  live: unknown,
): Changed {
  if (!isScalar(value) && !isCollection(value)) return no('is an alias')
  const brackets = inFlow || (isCollection(node) && node.srcToken?.type === 'flow-collection')
  const place = { node: value, inFlow: brackets }
  return live === null
    ? changeScalarTo(around, place, live)
    : changeValue(
        around,
        { ...place, ...(pair === undefined ? {} : { holder: pair.holder }) },
        undefined,
        desired,
        live,
      )
}

/** `null` is a value like others inside a map of anything. */
function changeScalarTo(around: Around, place: Standing, live: null): Changed {
  const why = blocked(around.document, place.node)
  if (why !== undefined) return no(why)
  return isScalar(place.node) ? changeScalar(around, place, place.node, live) : no(NOTHING)
}

function changeItems(
  around: Around,
  standing: Standing,
  node: YAMLMap | YAMLSeq,
  gone: ReadonlySet<number>,
  fresh: readonly Fresh[],
  live: unknown,
): Changed {
  const { opened } = around
  if (gone.size === 0) return yes(appendItems(opened, node, fresh))
  if (gone.size === node.items.length && fresh.length === 0) return replaceWhole(around, standing, live)
  const line = rewriteFlow(opened, node, gone, fresh)
  if (line !== undefined) return yes(line)
  const isFlow = node.srcToken?.type === 'flow-collection'
  const removed = isFlow && fresh.length > 0 ? undefined : removeItems(opened, node, gone)
  if (removed === undefined) return yes(rewriteFlow(opened, node, gone, fresh, true))
  return yes([...removed, ...appendItems(opened, node, fresh)])
}

/** Another form, such as `off` where there was a map: only where no comment is lost. */
function replaceWhole(around: Around, { node, pair, inFlow }: Standing, live: unknown): Changed {
  const why = blocked(around.document, node)
  if (why !== undefined) return no(why)
  if (hasComment(node)) return no(COMMENTS)
  const { text, quote } = around.opened
  const made =
    typeof live === 'object'
      ? flowText(live, flowStyle(around, node))
      : lineText(live, { inFlow, quote, type: undefined })
  const isBlock = isCollection(node) && node.srcToken?.type !== 'flow-collection'
  if (!isBlock) return { ok: true, edits: [{ from: startOf(node), to: endOf(node), text: made }] }
  if (pair === undefined) return no('is written in a way that cannot be changed in part')
  const colon = text.indexOf(':', endOf(pair.key)) + 1
  const between = text.slice(colon, startOf(node))
  if (!/^\s*(?:\n|\s)*$/.test(between)) return no(COMMENTS)
  const end = endOf(node)
  return { ok: true, edits: [{ from: colon, to: text[end - 1] === '\n' ? end - 1 : end, text: ` ${made}` }] }
}

/** A new item of a list, as its neighbours are written. */
export function freshItem(around: Around, list: YAMLSeq, value: unknown): Fresh {
  const sample = list.items.at(-1)
  const asFlow = isCollection(sample) && sample.srcToken?.type === 'flow-collection'
  const flow = isRecord(value) || Array.isArray(value) ? flowText(value, flowStyle(around, sample)) : ''
  const type = isScalar(sample) && isQuoted(sample) ? sample.type : undefined
  const plain = (inFlow: boolean) => lineText(value, { inFlow, quote: around.opened.quote, type })
  if (flow === '') return { flow: plain(true), lines: [`- ${plain(false)}`] }
  if (asFlow) return { flow, lines: [`- ${flow}`] }
  const [first = '', ...rest] = linesOf(value, around.style)
  const gap = gapOf(list)
  return {
    flow,
    lines: [`-${' '.repeat(gap)}${first}`, ...rest.map((line) => (line === '' ? '' : ' '.repeat(gap + 1) + line))],
  }
}

/** The spaces between a dash and what it begins. */
function gapOf(list: YAMLSeq): number {
  const last = list.items.at(-1)
  const inside = columnOf(last) - columnOf(list) - 1
  return inside >= 1 && inside <= 8 ? inside : 1
}

function flowStyle({ opened }: Around, sample: unknown): FlowStyle {
  const first: unknown = isMap(sample) ? sample.items[0]?.key : undefined
  const text = isCollection(sample) ? opened.text.slice(startOf(sample), endOf(sample)) : ''
  return {
    quote: opened.quote,
    json: isScalar(first) && first.type === Scalar.QUOTE_DOUBLE,
    padded: !/^\{\S/.test(text),
  }
}
