import { type Document, isAlias, isMap, isNode, isPair, isSeq, LineCounter, type Node, parseAllDocuments } from 'yaml'
import { defined } from '../../model/json.ts'
import type { Position, Source } from '../../model/position.ts'
import type { Problem } from '../../model/problem.ts'
import type { SpecFile } from './files.ts'

/** Turns sources into positions. Files are parsed for it when the first position is asked for, not before. */
type Locator = (source: Source) => Position

interface Opened {
  readonly documents: readonly Document[]
  readonly lines: LineCounter
}

/** A locator over the files of a spec. */
export function locator(files: readonly SpecFile[]): Locator {
  const texts = new Map(files.map((file) => [file.name, file.text]))
  const opened = new Map<string, Opened>()
  const open = (name: string): Opened => {
    const known = opened.get(name)
    if (known !== undefined) return known
    const lines = new LineCounter()
    const documents = parseAllDocuments(texts.get(name) ?? '', {
      lineCounter: lines,
      merge: true,
      uniqueKeys: false, // already checked, and quadratic here
      logLevel: 'silent',
    })
    const fresh = { documents: Array.isArray(documents) ? documents : [], lines }
    opened.set(name, fresh)
    return fresh
  }
  return (source) => {
    if (source.at !== undefined) return source.at
    const { documents, lines } = open(source.file)
    const document = documents[source.document]
    const offset = document === undefined ? 0 : offsetOf(document, source.path)
    const { line, col } = lines.linePos(offset)
    return { file: source.file, line: Math.max(line, 1), column: Math.max(col, 1) }
  }
}

/** The offset of the key (in a map) or the item (in a list) that a path leads to; of the last step that exists. */
function offsetOf(document: Document, path: Source['path']): number {
  let node: unknown = document.contents
  let offset = startOf(node) ?? document.range?.[0] ?? 0
  for (const step of path) {
    const here: unknown = isNode(node) && isAlias(node) ? node.resolve(document) : node
    if (isMap(here)) {
      const pair = here.items.find((item) => isPair(item) && keyText(item.key) === String(step))
      if (pair === undefined) return offset
      offset = startOf(pair.key) ?? offset
      node = pair.value
    } else if (isSeq(here) && typeof step === 'number') {
      node = here.items[step]
      offset = startOf(node) ?? offset
    } else return offset
  }
  return offset
}

function keyText(key: unknown): string {
  return isNode(key) && 'value' in key ? String(key.value) : String(key)
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? (node satisfies Node).range?.[0] : undefined
}

/** A problem with its positions filled in. */
export function locateProblem(problem: Problem, locate: Locator): Problem {
  const at = problem.at ?? (problem.source === undefined ? undefined : locate(problem.source))
  const also = problem.also
  const alsoAt =
    also === undefined ? undefined : (also.at ?? (also.source === undefined ? undefined : locate(also.source)))
  return {
    ...problem,
    ...defined({ at }),
    ...(also === undefined ? {} : { also: { ...also, ...defined({ at: alsoAt }) } }),
  }
}
