import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseAllDocuments,
  Scalar,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml'
import type { Path } from '../../model/position.ts'

/** A file of a spec as a syntax tree over its own text, with the ways in which it is written. */
export interface OpenedTree {
  readonly text: string
  readonly documents: readonly Document[]
  readonly lines: LineCounter
  readonly newline: '\n' | '\r\n'
  readonly quote: 'single' | 'double'
}

/** A node with what it stands in. */
export interface Standing {
  readonly node: Node
  readonly pair?: Pair | undefined
  /** The map that its key is in. */
  readonly holder?: YAMLMap | undefined
  /** Inside brackets, where other rules hold. */
  readonly inFlow: boolean
}

/** What stands at a path: the node and what holds it, or why it cannot be written over. */
export type NodePlace = ({ readonly ok: true } & Standing) | { readonly ok: false; readonly why: string }

/** Opens a text whose last line has an end; its offsets are those of the text. */
export function openText(text: string): OpenedTree {
  const lines = new LineCounter()
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    keepSourceTokens: true,
    merge: true,
    uniqueKeys: false, // already checked, and quadratic here
    logLevel: 'silent',
  })
  const list = Array.isArray(documents) ? documents : []
  let single = 0
  for (const document of list)
    visit(document, {
      Scalar(_, { type }) {
        if (type === Scalar.QUOTE_SINGLE) single += 1
        if (type === Scalar.QUOTE_DOUBLE) single -= 1
      },
    })
  const newline = /\r?\n/.exec(text)?.[0] === '\r\n' ? '\r\n' : '\n'
  return { text, documents: list, lines, newline, quote: single > 0 ? 'single' : 'double' }
}

/** Looks for what stands at a path; crossing an alias, or anything that another place shares, ends the way. */
export function placeAt(document: Document, path: Path): NodePlace {
  let node: unknown = document.contents
  let pair: Pair | undefined
  let holder: YAMLMap | undefined
  let inFlow = false
  for (const step of path) {
    const why = shared(document, node)
    if (why !== undefined) return { ok: false, why }
    inFlow ||= isCollection(node) && isFlow(node)
    if (isMap(node)) {
      holder = node
      pair = node.items.find((item) => keyText(item.key) === String(step))
      if (pair === undefined) {
        const merged = node.items.find((item) => keyText(item.key) === '<<')
        return merged === undefined
          ? { ok: false, why: `"${String(step)}" is not here` }
          : { ok: false, why: 'comes from a "<<" merge' }
      }
      node = pair.value
    } else if (isSeq(node) && typeof step === 'number') {
      pair = undefined
      holder = undefined
      node = node.items[step]
    } else return { ok: false, why: `"${String(step)}" is not here` }
  }
  const why = shared(document, node)
  if (why !== undefined || !isNode(node)) return { ok: false, why: why ?? 'has no value in the file' }
  return { ok: true, node, pair, holder, inFlow }
}

/** Why a part of a document may not be written over; undefined if it is written out here, for this place alone. */
export function blocked(document: Document, node: Node): string | undefined {
  let why: string | undefined
  visit(node, {
    Node(_, one) {
      why = shared(document, one) ?? reference(one) ?? (one.tag === undefined ? undefined : `has the tag ${one.tag}`)
      return why === undefined ? undefined : visit.BREAK
    },
  })
  return why
}

function shared(document: Document, node: unknown): string | undefined {
  if (!isNode(node)) return undefined
  if (isAlias(node)) return `is the alias *${node.source}`
  const { anchor } = node
  if (anchor === undefined || anchor === '') return undefined
  let used = false
  visit(document, {
    Alias(_, alias) {
      used = alias.source === anchor
      return used ? visit.BREAK : undefined
    },
  })
  return used ? `is shared through the anchor &${anchor}` : undefined
}

/** `$${` is a literal, everything else that begins with `${` is looked up. */
function reference(node: Node): string | undefined {
  if (!isScalar(node) || typeof node.value !== 'string') return undefined
  const found = /\$\$\{|\$\{[^}]*\}?/g
  for (const [text] of node.value.matchAll(found)) if (text !== '$${') return 'comes from a reference'
  return undefined
}

/** True if a comment stands between two offsets of the syntax tree's own tokens. */
export function hasComment(node: Node): boolean {
  let found = false
  visit(node, {
    Node(_, one) {
      found ||= Boolean(one.comment) || Boolean(one.commentBefore)
      return found ? visit.BREAK : undefined
    },
    Pair(_, pair) {
      found ||= isNode(pair.key) && (Boolean(pair.key.comment) || Boolean(pair.key.commentBefore))
      return found ? visit.BREAK : undefined
    },
  })
  return found
}

/** The offset at which a node begins, without its anchor. */
export function startOf(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0
}

/** The offset behind the last character of a node's content, without comments and blank lines that follow. */
export function endOf(node: unknown): number {
  if (!isNode(node)) return 0
  const end = node.range?.[1] ?? 0
  if (!isCollection(node) || isFlow(node)) return end
  const last = node.items.at(-1)
  if (last === undefined) return end
  if (isNode(last)) return endOf(last)
  if (!isPair(last)) return end
  const value: unknown = last.value
  return isNode(value) ? Math.max(endOf(value), endOf(last.key)) : endOf(last.key)
}

/** True for `[…]` and `{…}`. */
export function isFlow(node: YAMLMap | YAMLSeq): boolean {
  return node.srcToken?.type === 'flow-collection'
}

/** The column at which the items of a block collection begin; 0 for others. */
export function columnOf(node: unknown): number {
  const token = isNode(node) ? node.srcToken : undefined
  return token?.type === 'block-map' || token?.type === 'block-seq' ? token.indent : 0
}

/** A key as text. */
export function keyText(key: unknown): string {
  return isScalar(key) ? String(key.value) : String(key)
}

function isPair(item: unknown): item is Pair {
  return typeof item === 'object' && item !== null && 'key' in item && 'value' in item && !isNode(item)
}

/** The offset of the end of the line on which an offset is, before its line break. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset)
  if (end < 0) return text.length
  return text[end - 1] === '\r' ? end - 1 : end
}

/** The offset of the first character of the line on which an offset is. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1
}

/** The offset of the line below content that ends here. */
export function nextLine(text: string, offset: number): number {
  if (offset > 0 && text[offset - 1] === '\n') return offset // a block of text ends with its line break
  const end = text.indexOf('\n', offset)
  return end < 0 ? text.length : end + 1
}
