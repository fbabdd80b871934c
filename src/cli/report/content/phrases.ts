import { formatScope, qualify, type Scope } from '../../../model/address.ts'
import type { Reason } from '../../../model/kind/difference.ts'
import type { ChangeDocument, PlanDocument } from '../../../model/run/plan-document.ts'
import type { RunRecord } from './record.ts'

/** "1 change", "2 changes". */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en-US')} ${number === 1 ? one : many}`
}

/** Why it differs, where that is worth a word: a file that changed is what everybody expects. */
export function reasonWords(reason: Reason): string | undefined {
  switch (reason) {
    case 'drift':
      return 'drift: changed outside the spec'
    case 'both':
      return 'changed in the spec and outside'
    case 'spec':
    case 'unknown':
      return undefined
  }
}

/** What is special about a change, in a few words. */
export function notesOf({ action, verb, source, renamedFrom, reason, risk }: ChangeDocument): string[] {
  const notes = [
    action === 'delete' && verb !== undefined ? verb : undefined,
    action === 'delete' && source === null ? 'not in the spec' : undefined,
    action === 'update' && verb === 'reopen' ? 'opened again' : undefined,
    renamedFrom === undefined ? undefined : `renamed from "${renamedFrom}"`,
    reasonWords(reason),
    risk.level === 'low' ? undefined : `${risk.level} risk`,
  ]
  return notes.filter((note) => note !== undefined)
}

/** How an object is called in a report: with its scope where there is more than one. */
export function namer(
  plan: Pick<PlanDocument, 'changes' | 'unmanaged'>,
): (one: Scope & { readonly address: string }) => string {
  const scopes = new Set([...plan.changes, ...plan.unmanaged].map(formatScope))
  return (one) => (scopes.size > 1 ? qualify(one, one.address) : one.address)
}

/** How many of each: "1 to create, 2 to update". */
function countsOf({ summary }: PlanDocument): string {
  const { create, update, delete: gone } = summary
  const parts = [
    [create, 'create'],
    [update, 'update'],
    [gone, 'delete'],
  ] as const
  return parts
    .filter(([number]) => number > 0)
    .map(([number, word]) => `${number.toLocaleString('en-US')} to ${word}`)
    .join(', ')
}

/** True where there is nothing to do. */
export function isEmpty({ summary }: PlanDocument): boolean {
  return summary.create + summary.update + summary.delete === 0
}

/** How a run came out, in one line without a full stop. */
export function outcomeOf(told: RunRecord): string {
  const { results, plan, error } = told
  const errors = told.problems.filter((problem) => problem.severity === 'error' || told.strict).length
  if (results !== undefined && results.length > 0) {
    const done = results.filter((one) => one.outcome === 'done').length
    const parts = (['failed', 'unknown', 'skipped'] as const).flatMap((outcome) => {
      const number = results.filter((one) => one.outcome === outcome).length
      return number === 0 ? [] : [`${number} ${outcome === 'skipped' ? 'not tried' : outcome}`]
    })
    return [`${done} of ${count(results.length, 'change')} done`, ...parts].join(', ')
  }
  if (errors > 0) return count(errors, 'problem')
  if (told.drift !== undefined) return driftWords(told.drift.drift.length)
  if (plan !== undefined && !isEmpty(plan)) return countsOf(plan)
  if (error !== undefined) return 'failed'
  return plan === undefined ? 'no problem found' : 'nothing to do'
}

/** How many objects are not as they were left. */
function driftWords(number: number): string {
  return number === 0 ? 'no drift' : `${count(number, 'object')} changed outside the spec`
}

/** About how long it takes. */
export function timeWords(seconds: number): string {
  if (seconds < 1) return 'under a second'
  return seconds < 90 ? `about ${Math.ceil(seconds)} s` : `about ${Math.ceil(seconds / 60)} min`
}
