import type { ChangeDocument } from '../../model/run/plan-document.ts'
import type { Paint } from '../terminal/paint.ts'

/** Who changed an object, where it was not the spec alone: an edit of the spec is what everybody expects. */
export function reasonText({ action, reason }: ChangeDocument, color: Paint): string {
  if (reason !== 'drift' && reason !== 'both') return ''
  const what = { create: 'deleted', update: 'changed', delete: 'made', noop: 'changed' }[action]
  return color.yellow(`  ${what} outside${reason === 'both' ? ', and in the spec' : ''}`)
}

/** The lines of a field; where both changed the object, the first one says who changed this. */
export function withReason(
  change: ChangeDocument,
  { reason = 'unknown' }: ChangeDocument['fields'][number],
  lines: readonly string[],
  color: Paint,
): readonly string[] {
  const [first, ...rest] = lines
  if (change.reason !== 'both' || reason === 'unknown' || first === undefined) return lines
  const word = { drift: 'changed outside', spec: 'from the spec', both: 'both changed it' }[reason]
  return [`${first}${color.dim(`  ${word}`)}`, ...rest]
}

/** What an update does with a secret that nobody may see: another one than before, or the same once more. */
export function secretWords({ isNew }: ChangeDocument['fields'][number]): string {
  return isNew === true ? 'a new value' : 'sent again'
}
