import { isRecord } from '../../model/json.ts'
import type { DriftedDocument } from '../../model/run/drift-document.ts'
import { type Paint, printable } from '../terminal/paint.ts'
import { inline } from './plan.ts'

/** A field of a drifted object. */
export type DriftedField = DriftedDocument['fields'][number]

/** What happened to an object, in a word. */
export function happened({ what, reason }: DriftedDocument): string {
  if (reason === 'unknown') return { changed: 'differs', deleted: 'is not there', made: 'is not in the spec' }[what]
  return `${what} outside${reason === 'both' ? ', and in the spec' : ''}`
}

/** What a field was and is. */
export function between({ applied, live, spec, reason }: DriftedField, color: Paint): string {
  const [before, after] = reason === 'unknown' || applied === null ? [live, spec] : [applied, live]
  if (!Array.isArray(before) || !Array.isArray(after))
    return `${color.red(inline(before))} ${color.dim('→')} ${color.green(inline(after))}`
  const [old, fresh] = [before.map(nameOf), after.map(nameOf)]
  const gone = old.filter((item) => !fresh.includes(item)).map((item) => color.red(`- ${item}`))
  const come = fresh.filter((item) => !old.includes(item)).map((item) => color.green(`+ ${item}`))
  const all = [...gone, ...come]
  return `${all.slice(0, 10).join(', ')}${all.length > 10 ? ` and ${all.length - 10} more` : ''}`
}

/** How a drifted object is called, with its scope where there is more than one. */
function nameOf(item: unknown): string {
  return inline(isRecord(item) ? (item['address'] ?? item) : item)
}

/** Which side the next apply leaves. */
export function winner(one: DriftedDocument): string {
  const { what, reason, fields } = one
  const who = reason === 'both' ? 'both changed, the spec wins' : 'the spec wins'
  if (what === 'deleted') return `${who}: the next apply makes it again`
  if (what === 'made') return `${who}: the section is authoritative, and the next apply deletes it`
  const named = fields.slice(0, 3).map((field) => `${printable(field.path)} ${becomes(field)}`)
  const more = fields.length > 3 ? ` and ${fields.length - 3} more` : ''
  return `${who}: ${named.join(', ')}${more} with the next apply`
}

/** What the next apply makes of a field. */
function becomes({ spec, reason }: DriftedField): string {
  if (Array.isArray(spec)) return reason === 'drift' ? 'is put back' : 'becomes as the spec says'
  const value = inline(spec)
  const shown = value.length > 60 ? 'as the spec says' : value
  return reason === 'drift' ? `goes back to ${shown}` : `becomes ${shown}`
}

/** What a report has to say where nobody remembers. */
export const NOT_TOLD =
  'Without a record in the ledger an edit of the spec cannot be told from a change outside: every difference is shown.'
