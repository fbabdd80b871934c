import { formatScope } from '../../model/address.ts'
import type { ChangeDocument, PlanDocument } from '../../model/run/plan-document.ts'
import { type Paint, printable } from '../terminal/paint.ts'

/** What a plan does in one scope. */
export interface ScopePart {
  readonly scope: string
  readonly account: string
  readonly changes: readonly ChangeDocument[]
  readonly unmanaged: readonly string[]
}

/** From more scopes than this on, those that do the same are counted and not shown one by one. */
export const MOST_SCOPES = 20

const MOST_GROUPS = 20
const MOST_NAMES = 5

/** A plan by its scopes; those with nothing to do and nothing left alone are not among them. */
export function scopesOf(plan: PlanDocument): readonly ScopePart[] {
  const parts = new Map<string, { account: string; changes: ChangeDocument[]; unmanaged: string[] }>()
  const partOf = (one: { readonly account: string; readonly subaccount: string | null }) => {
    const scope = formatScope(one)
    const part = parts.get(scope) ?? { account: one.account, changes: [], unmanaged: [] }
    parts.set(scope, part)
    return part
  }
  for (const change of plan.changes) partOf(change).changes.push(change)
  for (const one of plan.unmanaged) partOf(one).unmanaged.push(one.address)
  return [...parts].map(([scope, part]) => ({ scope, ...part }))
}

/** The changes that are shown whatever the size of a plan: deletions, and all of high risk. */
export function severe({ changes }: ScopePart): readonly ChangeDocument[] {
  return changes.filter((change) => change.action === 'delete' || change.risk.level === 'high')
}

/** Many scopes in a few lines: those that do the same stand together, most changes first. */
export function scopeTable(parts: readonly ScopePart[], color: Paint): string {
  const groups = new Map<string, ScopePart[]>()
  for (const part of parts) {
    const counts = countsOf([part])
    groups.set(counts, [...(groups.get(counts) ?? []), part])
  }
  const ranked = [...groups.values()].sort((a, b) => weight(b) - weight(a))
  const shown = ranked.slice(0, MOST_GROUPS).map((group) => groupLines(group, countsOf(group.slice(0, 1)), color))
  const rest = ranked.slice(MOST_GROUPS).flat()
  const last = rest.length === 0 ? [] : [`  ${rest.length} more scopes: ${countsOf(rest)} in all`]
  const [first] = parts
  const hint = `  Deletions and changes of high risk are shown in full. --all shows every change, --only "${printable(first?.scope ?? '')}:*" those of one scope.`
  return `${color.bold(`${parts.length} scopes`)}\n\n${[...shown, ...last, color.dim(hint)].join('\n')}\n`
}

function groupLines(group: readonly ScopePart[], counts: string, color: Paint): string {
  const names = group.slice(0, MOST_NAMES).map((part) => printable(part.scope))
  const more = group.length > MOST_NAMES ? `, and ${group.length - MOST_NAMES} more` : ''
  const head = group.length === 1 ? '1 scope' : `${group.length} scopes`
  return `  ${head}: ${counts}${group.length === 1 ? '' : ' in each'}\n${color.dim(`      ${names.join(', ')}${more}`)}`
}

function weight(group: readonly ScopePart[]): number {
  const changes = group[0]?.changes.filter((change) => change.action !== 'noop') ?? []
  return changes.length * 1_000_000 + group.length
}

function countsOf(parts: readonly ScopePart[]): string {
  const counts = new Map<string, number>()
  const add = (word: string, number: number) => counts.set(word, (counts.get(word) ?? 0) + number)
  for (const action of ['create', 'update', 'delete'])
    for (const part of parts)
      for (const change of part.changes) if (change.action === action) add(`${change.kind} to ${action}`, 1)
  for (const { unmanaged } of parts) if (unmanaged.length > 0) add('not managed', unmanaged.length)
  return [...counts].map(([word, number]) => `${number} ${word}`).join(', ')
}
