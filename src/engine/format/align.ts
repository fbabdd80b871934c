import { LineCounter, Parser } from 'yaml'
import { largest } from '../../model/append.ts'

/** Lines longer than this do not push the comments of their neighbours to the right. */
const LONGEST = 60

/** Puts comments behind neighbouring lines below each other. */
export function align(text: string): string {
  const lines = text.split('\n')
  const ends = new Map<number, number>()
  for (const offset of remarks(text)) {
    const line = text.slice(0, offset.at).split('\n').length - 1
    ends.set(line, offset.at - text.lastIndexOf('\n', offset.at - 1) - 1)
  }
  const contents = new Map(
    [...ends].map(([line, column]) => [line, (lines[line] ?? '').slice(0, column).trimEnd().length] as const),
  )
  const isLong = (line: number) => (contents.get(line) ?? LONGEST) >= LONGEST
  for (let from = 0; from < lines.length; from++) {
    if (isLong(from)) continue
    let to = from
    while (!isLong(to + 1)) to += 1
    const group = Array.from({ length: to - from + 1 }, (_, at) => from + at)
    const column = largest(group.map((line) => contents.get(line) ?? 0)) + 1
    for (const line of group) {
      const row = lines[line] ?? ''
      lines[line] = `${row.slice(0, contents.get(line)).padEnd(column)}${row.slice(ends.get(line))}`
    }
    from = to
  }
  return lines.join('\n')
}

/** The comments that stand behind something on their line. */
function remarks(text: string): { readonly at: number }[] {
  return commentsIn(text).filter(({ at }) => text.slice(text.lastIndexOf('\n', at - 1) + 1, at).trim() !== '')
}

/** Takes the spaces inside the brackets of lists away; maps keep theirs. */
export function tighten(text: string): string {
  const cuts = [
    ...tokensIn(text, 'flow-seq-start').map(({ at }) => [at + 1, at + 1 + spaces(text.slice(at + 1))] as const),
    ...tokensIn(text, 'flow-seq-end').map(({ at }) => [at - spaces(text.charAt(at - 1)), at] as const),
  ].sort(([a], [b]) => a - b)
  let result = ''
  let from = 0
  for (const [start, end] of cuts) {
    result += text.slice(from, Math.max(from, start))
    from = Math.max(from, end)
  }
  return result + text.slice(from)
}

function spaces(text: string): number {
  return /^ ?/.exec(text)?.[0].length ?? 0
}

/** Every comment of a YAML text, with its offset. */
export function commentsIn(text: string): { readonly at: number; readonly source: string }[] {
  return tokensIn(text, 'comment')
}

function tokensIn(text: string, type: string): { readonly at: number; readonly source: string }[] {
  const found: { at: number; source: string }[] = []
  const look = (token: unknown): void => {
    if (Array.isArray(token)) for (const part of token) look(part)
    else if (typeof token === 'object' && token !== null) {
      if ('type' in token && token.type === type && 'offset' in token && 'source' in token)
        found.push({ at: Number(token.offset), source: String(token.source).trim() })
      else for (const part of Object.values(token)) look(part)
    }
  }
  for (const token of new Parser(new LineCounter().addNewLine).parse(text)) look(token)
  return found
}
