import { type Document, parseAllDocuments, visit } from 'yaml'
import { sorted } from '../../model/json.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import type { Problem } from '../../model/problem.ts'
import { explainYamlError } from '../yaml/errors.ts'
import type { SpecFile } from '../yaml/files.ts'
import { parse } from '../yaml/parse.ts'
import { align, commentsIn, tighten } from './align.ts'
import { arrange } from './arrange.ts'
import { tidy } from './tidy.ts'

/** A file in its usual form, or what is wrong with its YAML. */
type Formatted =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly problems: readonly Problem[] }

/** Formats a file of a spec: order, indentation, quotes. What it means, and every comment, stays. */
export async function format(file: SpecFile, kinds: readonly ResourceKind[]): Promise<Formatted> {
  const parsed = await parse(file)
  if (!parsed.ok) return parsed
  const plain = file.text.replaceAll('\r\n', '\n')
  if (!parseable(plain)) return { ok: false, problems: explainYamlError(file, { reason: 'this cannot be read' }) }
  const meaning = JSON.stringify(sorted(parsed.documents))
  const comments = commentsIn(plain)
    .map(({ source }) => source)
    .sort()
    .join('\n')
  for (const isOrdered of [true, false]) {
    const text = write(plain, isOrdered ? kinds : [])
    if (text === undefined) continue
    const again = await parse({ ...file, text })
    if (!again.ok || JSON.stringify(sorted(again.documents)) !== meaning) continue // an anchor that stands twice was meant elsewhere
    const kept = commentsIn(text).map(({ source }) => source)
    if (kept.sort().join('\n') !== comments) continue
    return { ok: true, text: /\r\n/.test(file.text) ? text.replaceAll('\n', '\r\n') : text }
  }
  return {
    ok: false,
    problems: [
      {
        code: 'CANNOT_FORMAT',
        message: 'formatting would change the meaning of the file or lose a comment',
        hint: 'please report it with a file that reproduces it, without secrets',
        at: { file: file.name, line: 1, column: 1 },
      },
    ],
  }
}

function documentsOf(text: string) {
  const documents = parseAllDocuments(text, { merge: true, uniqueKeys: false, logLevel: 'silent' })
  return Array.isArray(documents) ? documents : []
}

function parseable(text: string): boolean {
  return documentsOf(text).every(({ errors }) => errors.length === 0)
}

/** The formatted text; undefined where an alias would stand before its anchor. */
function write(text: string, kinds: readonly ResourceKind[]): string | undefined {
  const documents = documentsOf(text)
  if (documents.length === 0) return text // nothing, or comments alone
  const parts = documents.map((document) => {
    if (kinds.length > 0) arrange(document, kinds)
    tidy(document)
    if (!isInOrder(document)) return undefined
    return document.toString({ lineWidth: 0, singleQuote: false })
  })
  if (parts.includes(undefined)) return undefined
  return align(tighten(parts.join(''))).replace(/^\s*\n/, '')
}

function isInOrder(document: Document): boolean {
  const anchors = new Set<string>()
  let inOrder = true
  visit(document, {
    Alias(_, { source }) {
      if (!anchors.has(source)) inOrder = false
    },
    Value(_, { anchor }) {
      if (anchor !== undefined) anchors.add(anchor)
    },
  })
  return inOrder
}
