import { LineCounter, parseAllDocuments } from 'yaml'
import type { Problem } from '../model/problem.ts'
import type { SpecFile } from './files.ts'

interface Reason {
  readonly reason: string
  readonly mark?: { readonly line: number; readonly column: number } | undefined
}

/** Every reason why a file is no YAML, with both places of a repeated key. `cause` stands if this parser sees none. */
export function explain(file: SpecFile, cause: Reason): Problem[] {
  const lines = new LineCounter()
  const problems: Problem[] = []
  for (const document of documentsOf(file.text, lines)) {
    for (const error of document.errors) {
      const [start] = error.linePos ?? [{ line: 1, col: 1 }]
      const at = { file: file.name, line: start.line, column: start.col }
      const first = error.code === 'DUPLICATE_KEY' ? firstKey(file.text, error.pos[0], lines) : undefined
      problems.push({
        code: error.code === 'DUPLICATE_KEY' ? 'DUPLICATE_YAML_KEY' : 'BAD_YAML',
        message: first === undefined ? plain(error.message) : `the key "${first.key}" stands here twice`,
        at,
        ...(first === undefined
          ? {}
          : { also: { message: 'first here', at: { file: file.name, line: first.line, column: first.column } } }),
      })
    }
  }
  if (problems.length > 0) return problems
  const mark = cause.mark
  const at = { file: file.name, line: (mark?.line ?? 0) + 1, column: (mark?.column ?? 0) + 1 }
  return [{ code: 'BAD_YAML', message: plain(cause.reason), at }]
}

function documentsOf(text: string, lines: LineCounter) {
  try {
    const documents = parseAllDocuments(text, {
      lineCounter: lines,
      merge: true,
      prettyErrors: true,
      logLevel: 'silent',
    })
    return Array.isArray(documents) ? documents : []
  } catch {
    return [] // too deep for this parser: the first one's message stands
  }
}

/** The first line of a parser's message, in our style. */
function plain(message: string): string {
  const first = (message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '')
  const short = first.replace(/[.:]$/, '').replace(/(alias|tag)( ["'!<]| ?: ).*$/, '$1') // what stands there may be a secret; the frame shows the line, and masks it
  return short.charAt(0).toLowerCase() + short.slice(1)
}

/** Where the same key stood first: the nearest one above with the same indentation and no shallower line between. */
function firstKey(text: string, offset: number, lines: LineCounter) {
  const { line, col } = lines.linePos(offset)
  const rows = text.split('\n')
  const key = /^("[^"]*"|'[^']*'|[^:]+?)\s*:/.exec((rows[line - 1] ?? '').slice(col - 1))?.[1]
  if (key === undefined) return undefined
  for (let at = line - 2; at >= 0; at--) {
    const row = rows[at] ?? ''
    if (row.slice(col - 1).startsWith(`${key}:`) && /^[\s-]*$/.test(row.slice(0, col - 1)))
      return { key, line: at + 1, column: col }
  }
  return undefined
}
