import type { Position } from '../../model/position.ts'
import type { SpecFile } from '../yaml/files.ts'
import { type Places, placesIn } from '../yaml/places.ts'
import { lineStarts, placeOf } from '../yaml/positions.ts'

/** A comment that allows what a lint would find: `# mailconfig: allow CODE because …`. */
export interface Allowed {
  readonly code: string
  readonly reason: string
  /** Where the comment stands. */
  readonly at: Position
  /** The line that it is about: its own, or the next one that is more than a comment. */
  readonly line: number
}

const WORDS = /#[ \t#]*mailconfig:[ \t]*allow(?![\w-])[ \t]*([^\r\n]*)/gi
const SAID = /^([\w-]*)(?:\s+because(?:\s+(.*))?)?/s

/** Every comment of a file that allows something, whether it is complete or not. */
export function allowedIn({ name, text }: SpecFile): readonly Allowed[] {
  if (!text.includes('mailconfig:')) return []
  const found = [...text.matchAll(WORDS)]
  if (found.length === 0) return []
  const { scalars } = placesIn(text)
  const starts = lineStarts(text)
  return found.flatMap((one) => {
    if (!isComment(text, one.index, scalars)) return []
    const [, code = '', reason = ''] = SAID.exec(one[1] ?? '') ?? []
    const at = { file: name, ...placeOf(starts, one.index) }
    return [{ code, reason: reason.replace(/[\s.…]+$/, ''), at, line: lineMeant(text, starts, at) }]
  })
}

/** True for a `#` behind nothing but spaces and values; in a text it is a part of the text. */
function isComment(text: string, at: number, scalars: Places['scalars']): boolean {
  if (at > 0 && !/\s/.test(text.charAt(at - 1))) return false
  return !scalars.some(([from, to]) => from <= at && at < to)
}

function lineMeant(text: string, starts: readonly number[], { line, column }: Position): number {
  const lineAt = (number: number) => text.slice(starts[number - 1] ?? text.length, starts[number] ?? text.length)
  if (
    lineAt(line)
      .slice(0, column - 1)
      .trim() !== ''
  )
    return line
  let below = line + 1
  while (below <= starts.length && /^\s*(?:#.*)?$/s.test(lineAt(below).trim())) below += 1
  return below
}
