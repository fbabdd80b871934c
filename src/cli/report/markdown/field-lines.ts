import type { ChangeDocument } from '../../../model/run/plan-document.ts'
import { SENSITIVE } from '../../../model/secret.ts'
import type { Paint } from '../../terminal/paint.ts'
import { inline, shownFields } from '../../text/plan.ts'
import { secretWords } from '../../text/reason.ts'
import { diffLines } from '../../text/unified.ts'
import { clip } from '../content/escape.ts'

/** No field has more lines, and no line is longer. */
const MOST_LINES = 60
const LONGEST_LINE = 300

const same = (text: string) => text
const PLAIN: Paint = { red: same, green: same, yellow: same, cyan: same, bold: same, dim: same }

/** The fields of a change as the lines of a diff: `- ` for what was, `+ ` for what will be. */
export function fieldLines(change: ChangeDocument): string[] {
  return shownFields(change).flatMap((field) => {
    const lines = linesOf(change, field)
    const shown =
      lines.length > MOST_LINES ? [...lines.slice(0, MOST_LINES), `  … ${lines.length - MOST_LINES} more lines`] : lines
    return shown.map((line) => clip(line, LONGEST_LINE))
  })
}

function linesOf({ action }: ChangeDocument, field: ChangeDocument['fields'][number]): string[] {
  const { path, before, after, sensitive } = field
  if (sensitive) {
    const words = action === 'update' ? `, ${secretWords(field)}` : ''
    return [`${action === 'create' ? '+' : ' '} ${path}: ${SENSITIVE}${words}`]
  }
  if (action === 'create') return valueLines('+', path, after)
  if (action === 'delete') return valueLines('-', path, before)
  if (typeof before === 'string' && typeof after === 'string' && /\n/.test(before + after))
    return [`  ${path}:`, ...diffLines(before, after, PLAIN)]
  if (Array.isArray(before) && Array.isArray(after)) {
    const [old, fresh] = [before.map(inline), after.map(inline)]
    const [kept, known] = [new Set(fresh), new Set(old)]
    return [
      `  ${path}:`,
      ...old.filter((item) => !kept.has(item)).map((item) => `-   ${item}`),
      ...fresh.filter((item) => !known.has(item)).map((item) => `+   ${item}`),
    ]
  }
  return [
    ...(before === null ? [] : valueLines('-', path, before)),
    ...(after === null ? [] : valueLines('+', path, after)),
  ]
}

function valueLines(sign: string, path: string, value: unknown): string[] {
  if (typeof value !== 'string' || !value.includes('\n')) return [`${sign} ${path}: ${inline(value)}`]
  const lines = value.replace(/\n$/, '').split('\n')
  return [`${sign} ${path}:`, ...lines.map((line) => `${sign}   ${line}`)]
}
