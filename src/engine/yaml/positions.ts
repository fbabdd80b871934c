import { defined } from '../../model/json.ts'
import type { Path, Position, Source } from '../../model/position.ts'
import type { Problem } from '../../model/problem.ts'
import type { SpecFile } from './files.ts'
import { type Place, type Places, placesIn } from './places.ts'

/** Turns sources into positions. Files are parsed for it when the first position is asked for, not before. */
type Locator = (source: Source) => Position

interface Opened extends Places {
  /** The offset at which each line begins. */
  readonly lines: readonly number[]
}

/** A locator over the files of a spec. */
export function locator(files: readonly SpecFile[]): Locator {
  const texts = new Map(files.map((file) => [file.name, file.text]))
  const opened = new Map<string, Opened>()
  const open = (name: string): Opened => {
    const known = opened.get(name)
    if (known !== undefined) return known
    const text = texts.get(name) ?? ''
    const fresh = { ...placesIn(text), lines: lineStarts(text) }
    opened.set(name, fresh)
    return fresh
  }
  return (source) => {
    if (source.at !== undefined) return source.at
    const { documents, lines } = open(source.file)
    const document = documents[source.document]
    return { file: source.file, ...placeOf(lines, document === undefined ? 0 : offsetOf(document, source.path)) }
  }
}

/** The offset of the key (in a map) or the item (in a list) that a path leads to; of the last step that exists. */
function offsetOf(document: Place, path: Path): number {
  let here = document
  let offset = document.at
  for (const step of path) {
    if (here.sort === 'map') {
      const pair = here.pairs.find(({ key }) => key === String(step))
      if (pair === undefined) return offset
      offset = pair.at
      here = pair.value
    } else if (here.sort === 'list' && typeof step === 'number') {
      const item = here.items[step]
      if (item === undefined) return offset
      offset = item.at
      here = item
    } else return offset
  }
  return offset
}

/** The offset at which each line of a text begins. */
export function lineStarts(text: string): readonly number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

/** The line and column of an offset; both count from 1. */
export function placeOf(lines: readonly number[], offset: number): { readonly line: number; readonly column: number } {
  let [low, high] = [0, lines.length - 1]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((lines[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return { line: low + 1, column: offset - (lines[low] ?? 0) + 1 }
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
