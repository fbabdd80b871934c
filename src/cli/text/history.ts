import type { WholeRun } from '../../ledger/runs/whole-runs.ts'
import { largest } from '../../model/append.ts'
import { entryAddress, type LedgerChange } from '../../model/ledger/record.ts'
import { type Paint, printable } from '../terminal/paint.ts'
import { inline } from './plan.ts'

/** A commit in seven letters, and the mark of files that were not in it. */
function shortCommit(commit: string): string {
  return `${commit.slice(0, 7)}${commit.endsWith('+') ? '+' : ''}`
}

/** What the text of a history is made with. */
interface HistoryText {
  readonly color: Paint
  /** Accounts that somebody is at work on. */
  readonly busy: ReadonlySet<string>
}

/** How many changes of each sort a run made. */
export function outcomeCountsOf(changes: readonly LedgerChange[]) {
  const count = (action: LedgerChange['action']) =>
    changes.filter((change) => change.action === action && change.outcome === 'done').length
  return {
    create: count('create'),
    update: count('update'),
    delete: count('delete'),
    adopt: count('adopt'),
    other: changes.filter(({ outcome }) => outcome !== 'done').length,
  }
}

/** The runs of a ledger, one line for each. */
export function runsText(runs: readonly WholeRun[], where: string, text: HistoryText): string {
  if (runs.length === 0) return `No runs are in ${printable(where)}.\n`
  const rows = runs.map((run) => [
    run.id,
    when(run.startedAt),
    run.command,
    stateOf(run, text.busy),
    countsText(run.changes),
    run.by,
    run.commit === undefined ? '-' : shortCommit(run.commit),
    run.accounts.join(', '),
  ])
  const head = 'RUN, WHEN (UTC), COMMAND, RESULT, CHANGES, WHO, COMMIT, ACCOUNT'.split(', ')
  const widths = head.map((title, at) =>
    largest(
      rows.map((row) => (row[at] ?? '').length),
      title.length,
    ),
  )
  const line = (row: readonly string[]) =>
    row
      .map((part, at) => printable(part).padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd()
  return `${[text.color.dim(line(head)), ...rows.map(line)].join('\n')}\n`
}

/** One run in detail. */
export function runText(run: WholeRun, { color, busy }: HistoryText): string {
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['command', run.command],
    ['result', stateOf(run, busy)],
    ['began', when(run.startedAt)],
    ['ended', run.endedAt === undefined ? undefined : when(run.endedAt)],
    ['by', run.by],
    ['see', run.url],
    ['commit', run.commit],
    ['spec', run.specHash],
    ['plan', run.plan],
    ['mailconfig', run.mailconfig],
    ['accounts', run.accounts.join(', ')],
  ]
  const head = facts.flatMap(([name, value]) =>
    value === undefined ? [] : [`  ${color.dim(name.padEnd(10))}  ${printable(value)}`],
  )
  const trimmed =
    run.trimmed === true ? [color.dim('  Its values are no longer kept, so it cannot be undone.'), ''] : []
  const changes = run.changes.flatMap((change) => [...changeLines(change, run, color), ''])
  return `${[color.bold(`Run ${printable(run.id)}`), ...head, '', ...trimmed, ...changes, countsText(run.changes)].join('\n')}\n`
}

const SIGNS = { create: '+', update: '~', delete: '-', adopt: '=' } as const

function changeLines(change: WholeRun['changes'][number], { accounts }: WholeRun, color: Paint): string[] {
  const { action, outcome, before = {}, after = {}, renamedFrom, secrets, members } = change
  const account = accounts.length > 1 ? `${change.account}: ` : ''
  const sign = { create: color.green, update: color.yellow, delete: color.red, adopt: color.cyan }[action](
    SIGNS[action],
  )
  const result = outcome === 'done' ? '' : color.red(`  ${outcome === 'pending' ? 'not known yet' : outcome}`)
  const from = renamedFrom === undefined ? '' : color.yellow(`  renamed from ${printable(renamedFrom)}`)
  const head = `  ${sign} ${printable(account + entryAddress(change.subaccount, change.address))}${from}${result}`
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  const width = Math.min(
    28,
    largest(
      names.map((name) => name.length),
      0,
    ),
  )
  const fields = names.map((name) => {
    const [old, fresh] = [inline(before[name]), inline(after[name])]
    const text =
      action === 'update'
        ? `${color.red(old)} ${color.dim('→')} ${color.green(fresh)}`
        : action === 'delete'
          ? old
          : fresh
    return `      ${printable(name).padEnd(width)}  ${text}`
  })
  const sent = Object.keys(secrets ?? {}).map((path) => `      ${printable(path)}  (sensitive)`)
  const parts = [
    ...(members?.added ?? []).map((member) => color.green(`      + ${printable(member)}`)),
    ...(members?.removed ?? []).map((member) => color.red(`      - ${printable(member)}`)),
  ]
  return [head, ...(members === undefined ? fields : parts), ...sent]
}

function countsText(changes: readonly LedgerChange[]): string {
  const { create, update, delete: gone, adopt, other } = outcomeCountsOf(changes)
  const parts = [
    ...(create + update + gone > 0 || adopt + other === 0 ? [`+${create} ~${update} -${gone}`] : []),
    ...(adopt > 0 ? [`=${adopt}`] : []),
    ...(other > 0 ? [`${other} not done`] : []),
  ]
  return parts.join(', ')
}

function stateOf({ state, accounts }: WholeRun, busy: ReadonlySet<string>): string {
  if (state !== 'running') return state
  return accounts.some((account) => busy.has(account)) ? 'at work' : 'did not end'
}

/** Without the milliseconds. */
function when(text: string): string {
  return text.replace(/T/, ' ').replace(/(?:\.\d+)?Z$/, '')
}
