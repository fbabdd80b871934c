import type { DriftDocument, DriftedDocument } from '../../engine/drift/document.ts'
import { formatScope } from '../../model/address.ts'
import { largest } from '../../model/append.ts'
import { isRecord } from '../../model/json.ts'
import { formatPosition } from '../../model/position.ts'
import { code } from '../report/markdown-text.ts'
import { type Paint, printable } from './paint.ts'
import { inline } from './plan.ts'

type DriftedField = DriftedDocument['fields'][number]

/** Drift as people read it: by scope, each object with what happened to it and what the next apply makes of that. */
export function driftText(document: DriftDocument, color: Paint): string {
  const scopes = [...new Set(document.drift.map(formatScope))]
  const blocks = scopes.map((scope) => {
    const here = document.drift.filter((one) => formatScope(one) === scope)
    const account = document.accounts.find(({ name }) => name === here[0]?.account)
    const where = account === undefined ? '' : color.dim(` ${account.api}, ${printable(account.url)}`)
    return `${color.bold(printable(scope))}${where}\n\n${here.map((one) => block(one, color)).join('\n')}`
  })
  return [...blocks, `${verdict(document, color)}\n`].join('\n')
}

function block(one: DriftedDocument, color: Paint): string {
  const sign = { changed: color.yellow('~'), deleted: color.red('-'), made: color.green('+') }[one.what]
  const source = one.source === null ? '' : color.dim(`  ${printable(formatPosition(one.source))}`)
  const width = Math.min(
    28,
    largest(
      one.fields.map(({ path }) => path.length),
      0,
    ),
  )
  const lines = [
    `  ${sign} ${printable(one.address)}  ${color.bold(happened(one))}${source}`,
    ...one.fields.map((field) => `      ${printable(field.path).padEnd(width)}  ${between(field, color)}`),
    `      ${winner(one)}`,
  ]
  return `${lines.join('\n')}\n`
}

/** What somebody did, in words. */
export function happened({ what, reason }: DriftedDocument): string {
  if (reason === 'unknown') return { changed: 'differs', deleted: 'is not there', made: 'is not in the spec' }[what]
  return `${what} outside${reason === 'both' ? ', and in the spec' : ''}`
}

/** From what to what. Of a list only what came and went. */
function between({ applied, live, spec, reason }: DriftedField, color: Paint): string {
  const [before, after] = reason === 'unknown' || applied === null ? [live, spec] : [applied, live]
  if (!Array.isArray(before) || !Array.isArray(after))
    return `${color.red(inline(before))} ${color.dim('→')} ${color.green(inline(after))}`
  const [old, fresh] = [before.map(nameOf), after.map(nameOf)]
  const gone = old.filter((item) => !fresh.includes(item)).map((item) => color.red(`- ${item}`))
  const come = fresh.filter((item) => !old.includes(item)).map((item) => color.green(`+ ${item}`))
  const all = [...gone, ...come]
  return `${all.slice(0, 10).join(', ')}${all.length > 10 ? ` and ${all.length - 10} more` : ''}`
}

function nameOf(item: unknown): string {
  return inline(isRecord(item) ? (item['address'] ?? item) : item)
}

/** What the next apply does about it. */
export function winner(one: DriftedDocument): string {
  const { what, reason, fields } = one
  const who = reason === 'both' ? 'both changed, the spec wins' : 'the spec wins'
  if (what === 'deleted') return `${who}: the next apply makes it again`
  if (what === 'made') return `${who}: the section is authoritative, and the next apply deletes it`
  const named = fields.slice(0, 3).map((field) => `${printable(field.path)} ${becomes(field)}`)
  const more = fields.length > 3 ? ` and ${fields.length - 3} more` : ''
  return `${who}: ${named.join(', ')}${more} with the next apply`
}

function becomes({ spec, reason }: DriftedField): string {
  if (Array.isArray(spec)) return reason === 'drift' ? 'is put back' : 'becomes as the spec says'
  const value = inline(spec)
  const shown = value.length > 60 ? 'as the spec says' : value
  return reason === 'drift' ? `goes back to ${shown}` : `becomes ${shown}`
}

function verdict({ summary, accounts, drift }: DriftDocument, color: Paint): string {
  const { changed, deleted, made, unknown, unmanaged } = summary
  const loose = unmanaged === 0 ? '' : ` ${unmanaged} not managed, not compared.`
  const fresh =
    unknown === 0
      ? ''
      : ` ${unknown} ${unknown === 1 ? 'object differs and is' : 'objects differ and are'} not in the ledger yet: plan shows what, adopt takes in.`
  if (drift.length === 0) return `${color.green('No drift.')}${loose}${fresh}`
  const told = accounts.every(({ known }) => known)
  const counts = `${changed} changed, ${deleted} deleted, ${made} made`
  return `${color.bold(told ? 'Drift:' : 'Differences:')} ${counts}.${loose}${fresh}`
}

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

/** What a report has to say where nobody remembers. */
export const NOT_TOLD =
  'Without a record in the ledger an edit of the spec cannot be told from a change outside: every difference is shown.'

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
