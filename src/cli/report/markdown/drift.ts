import { formatScope } from '../../../model/address.ts'
import type { DriftDocument } from '../../../model/run/drift-document.ts'
import type { Paint } from '../../terminal/paint.ts'
import { between, type DriftedField, happened, NOT_TOLD, winner } from '../../text/drift-words.ts'
import { code } from './inline.ts'

/** Drift as Markdown, for an issue or a comment: never longer than `size`. */
export function driftMarkdown(document: DriftDocument, size: number): string {
  const { drift, summary, accounts } = document
  const title = accounts.every(({ known }) => known) ? 'Drift' : 'Differences'
  const notes = [
    ...(accounts.every(({ known }) => known) ? [] : [`${NOT_TOLD}\n`]),
    ...(summary.unknown === 0 ? [] : [`${summary.unknown} that differ are not in the ledger yet.\n`]),
    ...(summary.unmanaged === 0 ? [] : [`${summary.unmanaged} not managed, not compared.\n`]),
  ]
  if (drift.length === 0) return [`## No ${title.toLowerCase()}\n`, ...notes].join('\n')
  const head = `## ${title}: ${drift.length}\n\n| Object | What happened | Fields | Next apply |\n| --- | --- | --- | --- |\n`
  const foot = `\n${notes.join('\n')}`
  let left = size - head.length - foot.length - 100
  const rows: string[] = []
  for (const one of drift) {
    const fields = one.fields.map((field) => `${cell(field.path)}: ${cell(clipped(plainBetween(field)))}`).join('<br>')
    const row = `| ${cell(`${formatScope(one)}:${one.address}`)} | ${happened(one)} | ${fields} | ${cell(winner(one))} |\n`
    left -= row.length
    if (left < 0) break
    rows.push(row)
  }
  const rest = drift.length === rows.length ? '' : `\n… and ${drift.length - rows.length} more.\n`
  return `${head}${rows.join('')}${rest}${foot}`
}

function clipped(text: string): string {
  return text.length > 200 ? `${text.slice(0, 199)}…` : text
}

const PLAIN: Paint = { red: same, green: same, yellow: same, cyan: same, bold: same, dim: same }

function same(text: string): string {
  return text
}

function plainBetween(field: DriftedField): string {
  return between(field, PLAIN)
}

/** A text as code in a cell of a table: nothing of it is Markdown, HTML, a link or a mention. */
function cell(text: string): string {
  return code(text).replaceAll('|', '\\|')
}
