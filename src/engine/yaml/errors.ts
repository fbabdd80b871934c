import { LineCounter, parseAllDocuments } from 'yaml'
import type { Problem } from '../../model/problem.ts'
import type { SpecFile } from './files.ts'

interface YamlFault {
  readonly reason: string
  readonly mark?: { readonly line: number; readonly column: number } | undefined
}

/** Every reason why a file is not YAML, with both places of a repeated key. `cause` stands if this parser sees none. */
export function explainYamlError(file: SpecFile, cause: YamlFault): Problem[] {
  const bare = unquotedReference(file)
  if (bare !== undefined) return [bare]
  const lines = new LineCounter()
  const problems: Problem[] = []
  for (const document of documentsOf(file.text, lines)) {
    for (const error of document.errors) {
      const [start] = error.linePos ?? [{ line: 1, col: 1 }]
      const at = { file: file.name, line: start.line, column: start.col }
      const first = error.code === 'DUPLICATE_KEY' ? firstKey(file.text, error.pos[0], lines) : undefined
      problems.push({
        code: error.code === 'DUPLICATE_KEY' ? 'DUPLICATE_YAML_KEY' : 'BAD_YAML',
        message: first === undefined ? plain(error.message) : `the key "${first.key}" is listed twice`,
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

/** A reference between brackets without quotes: its own braces would begin a map, and everything behind it would look wrong. */
function unquotedReference({ name, text }: SpecFile): Problem | undefined {
  const rows = text.split('\n')
  for (const [at, row] of rows.entries()) {
    const plain = row
      .replace(/"(?:[^"\\]|\\.)*"|'[^']*'/g, (quoted) => '_'.repeat(quoted.length))
      .replace(/(^|\s)#.*$/, '$1')
    const found = /[[{,:]\s*(\$\{[^}]*\}?)/.exec(plain)
    const before = found === null ? '' : plain.slice(0, found.index + 1)
    if (found === null || !isInsideBrackets(before, rows.slice(Math.max(0, at - 50), at))) continue
    const column = found.index + found[0].length - (found[1]?.length ?? 0) + 1
    return {
      code: 'BAD_YAML',
      message: 'a reference in brackets needs quotes',
      hint: 'write it in quotes: "${env:NAME}"',
      at: { file: name, line: at + 1, column },
    }
  }
  return undefined
}

function isInsideBrackets(before: string, above: readonly string[]): boolean {
  const text = `${above.map((row) => row.replace(/\$\{[^}]*\}/g, '').replace(/"(?:[^"\\]|\\.)*"|'[^']*'/g, '')).join('\n')}\n${before}`
  let depth = 0
  for (const character of text) {
    if (character === '{' || character === '[') depth += 1
    else if (character === '}' || character === ']') depth = Math.max(0, depth - 1)
  }
  return depth > 0
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
