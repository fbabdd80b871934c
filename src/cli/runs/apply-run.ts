import { kinds } from '../../apis/index.ts'
import { reportJson } from '../../engine/apply/document.ts'
import { isLate } from '../../engine/apply/read-back.ts'
import { carryOut } from '../../engine/reconcile.ts'
import type { LedgerJournal } from '../../ledger/journal/write.ts'
import { defined } from '../../model/json.ts'
import type { LedgerCommand, LedgerRun } from '../../model/ledger/record.ts'
import type { Problem } from '../../model/problem.ts'
import type { EffectiveChange } from '../../model/run/change.ts'
import type { Result } from '../../model/run/result.ts'
import { delivery } from '../delivery/destination.ts'
import { withGenerated } from '../delivery/generated.ts'
import { EXIT, Stop } from '../invocation/exit.ts'
import type { Invocation } from '../invocation/invocation.ts'
import type { Io } from '../invocation/io.ts'
import { openAudit } from '../observe/audit.ts'
import { logOf } from '../observe/log.ts'
import { watchedChange } from '../observe/telemetry.ts'
import { isText } from '../options/output-format.ts'
import { withLedgerProblems } from '../session/ledger.ts'
import { printProblems } from '../session/problems.ts'
import { openSession, type Session } from '../session/session.ts'
import type { LocatedSpec } from '../session/spec.ts'
import { ask } from '../terminal/ask.ts'
import { paint } from '../terminal/paint.ts'
import { progress } from '../terminal/progress.ts'
import { reportVerdict, resultText } from '../text/result.ts'
import { type PlanRun, preparePlan, printPlan } from './plan-run.ts'

/** The saved plan that is being applied: which, and the exit codes where it cannot be made again, or comes out another one. */
interface SavedCheck {
  readonly plan: string
  readonly wasApplied: (run: LedgerRun) => number
  readonly impossible: () => number
  readonly refuses: (prepared: PlanRun) => number | undefined
}

/** What tells the commands that apply something apart. */
interface Applying {
  readonly command: LedgerCommand
  readonly question: string
  readonly saved?: SavedCheck
  /** Looks at the plan before it is shown; stops where it is not what was asked for. */
  readonly check?: (prepared: PlanRun) => void
  /** Does what a change needs before and after, beside making it. */
  readonly around?: (change: EffectiveChange, make: (other?: EffectiveChange) => Promise<Result>) => Promise<Result>
  /** What stands in the report beside the results. */
  readonly report?: Readonly<Record<string, unknown>>
  /** Said before the plan is shown. */
  readonly preface?: string
  /** Said at the end, where anything was applied. */
  readonly afterword?: string
}

/** The second half of `apply` and `destroy`: from a sound spec to a report. */
export async function applySpec(located: LocatedSpec, invocation: Invocation, applying: Applying): Promise<number> {
  refuseUnseen(invocation)
  return await withLedgerProblems(invocation, async () => {
    const { command, saved } = applying
    const session = await openSession(located, invocation, {
      command,
      ...(saved === undefined ? {} : { plan: saved.plan }),
    })
    return await applyReached(located, session, invocation, applying).finally(session.close)
  })
}

/** Nobody agrees to a plan without a look at it. */
export function refuseUnseen({ options }: Invocation): void {
  if (isText(options) || options.autoApprove === true) return
  throw new Stop('a plan cannot be confirmed without being shown', {
    hint: `use --auto-approve with --format ${options.format}, after reviewing "plan"`,
  })
}

/** The same under a lease that is held already. */
export async function applyReached(
  located: LocatedSpec,
  session: Session,
  invocation: Invocation,
  applying: Applying,
): Promise<number> {
  const { io, options } = invocation
  const { saved, preface, question } = applying
  const before = saved && session.ledger?.records.history().find(({ run }) => run.plan === saved.plan)
  if (saved !== undefined && before !== undefined) return saved.wasApplied(before.run)
  const prepared = await preparePlan(located, session, invocation)
  if ('code' in prepared)
    return saved !== undefined && prepared.impossible === true ? saved.impossible() : prepared.code
  const { plan } = prepared
  applying.check?.(prepared)
  const stale = saved?.refuses(prepared)
  if (stale !== undefined) return stale
  const quiet = !isText(options)
  if (!quiet && preface !== undefined) io.stdout.write(preface)
  if (!quiet) printPlan(prepared, invocation)
  if (plan.waves.length === 0) {
    refuseGated(plan, invocation, applying)
    await session.ledger?.records.tidy({ changes: plan.changes, objects: plan.spec.objects })
    const code = finish({ results: [] }, invocation, applying)
    return plan.warnings.some((warning) => warning.code === 'NOTHING_MATCHED') ? EXIT.failed : code
  }
  refuseGated(plan, invocation, applying)
  const answer = options.autoApprove === true ? 'yes' : await ask(invocation, question)
  if (answer !== 'yes') {
    io.stderr.write('Nothing was written.\n')
    return answer === 'interrupted' ? EXIT.interrupted : EXIT.failed
  }
  return finish(await carry(prepared, invocation, applying), invocation, applying)
}

/** A gate that is closed ends the run before anything is written. */
function refuseGated({ gates }: PlanRun['plan'], { io, options }: Invocation, { report }: Applying): void {
  const closed = gates.filter((gate) => !gate.accepted)
  if (closed.length === 0) return
  const tokens = closed.flatMap((gate) => (gate.token === undefined ? [] : [`--accept ${gate.token}`]))
  const how =
    tokens.length === closed.length
      ? `if that is meant: ${tokens.join(' ')}`
      : 'change the spec: not every gate can be accepted'
  if (options.format === 'json')
    writeJson(io, {
      ...reportJson([]),
      ...report,
      refused: closed.map(({ number, code, reason, token }) => ({ number, code, reason, accept: token ?? null })),
    })
  throw new Stop(`refused, nothing was written: ${closed.map((gate) => `${gate.number} ${gate.code}`).join(', ')}`, {
    code: EXIT.refused,
    hint: how,
  })
}

/** What became of the changes, and the journal that has them. */
interface Carried {
  readonly results: readonly Result[]
  readonly journal?: LedgerJournal
  /** Why the audit log does not have everything. */
  readonly unaudited?: Problem
}

async function carry(
  { plan, connection, ledger }: PlanRun,
  invocation: Invocation,
  { command, saved, around = (change, make) => withGenerated(invocation.io, change, make) }: Applying,
): Promise<Carried> {
  const { io, options, watch } = invocation
  const line = progress(io)
  const log = logOf(invocation)
  const hold = { command, ...(saved === undefined ? {} : { plan: saved.plan }) }
  const journal = ledger?.records.journal(ledger.about(hold, plan.spec.hash))
  const run = () => (journal === undefined || journal.id === '' ? undefined : journal.id)
  const audit = openAudit(plan, { ...hold, run }, invocation)
  watch.phase('apply')
  log.phase('apply', { changes: plan.waves.flat().length, calls: plan.calls })
  let untried = 0
  const results = await carryOut(plan, {
    kinds,
    send: connection.send,
    signal: ledger?.lost === undefined ? io.signal : AbortSignal.any([io.signal, ledger.lost]),
    delivery: delivery(io),
    parallelism: options.parallelism,
    sleep: io.sleep,
    journal,
    onPhase: watch.phase,
    around: (change, make) => {
      const whole = () => around(change, make)
      return watch.change(watchedChange(change), () => (audit ? audit.around(change, whole) : whole()))
    },
    onResult: (result, done, total) => {
      line.clear()
      if (result.outcome === 'skipped' && io.signal.aborted) untried += 1
      else log.result(result)
      line.show(`applying ${done}/${total}`)
    },
    onProgress: (done, total) => line.show(`reading back ${done}/${total}`),
  })
  line.clear()
  if (untried > 0)
    io.stderr.write(`not tried: ${untried} ${untried === 1 ? 'change' : 'changes'}, because the run was interrupted\n`)
  const { summary } = reportJson(results)
  log.phase('applied', summary)
  const unaudited = audit?.end(results, io.signal.aborted)
  watch.results(results.map((result) => ({ ...watchedChange(result.change), ...result })))
  return {
    results,
    ...defined({ journal, unaudited }),
  }
}

function finish(
  { results, journal, unaudited }: Carried,
  invocation: Invocation,
  { report, afterword }: Applying,
): number {
  const { io, options } = invocation
  const color = paint(io.stdout, io.env, options.color)
  const run = journal === undefined || journal.id === '' ? {} : { run: journal.id }
  const told = reportJson(results)
  invocation.tell({ results: told.results, beside: { ...run, ...report } })
  if (options.format === 'json') writeJson(io, { ...told, ...run, ...report })
  else if (isText(options) && results.length > 0) {
    const late = results.filter(isLate)
    io.stdout.write(
      late.map((result) => resultText(result, color)).join('') + reportVerdict(results, color, io.signal.aborted),
    )
  }
  const unwritten = [journal?.failure, unaudited].filter((problem) => problem !== undefined)
  printProblems(invocation, unwritten)
  if (isText(options) && afterword !== undefined && results.some(({ outcome }) => outcome === 'done'))
    io.stdout.write(afterword)
  if (io.signal.aborted) return EXIT.interrupted
  const whole = unwritten.length === 0 && results.every((result) => result.outcome === 'done')
  return whole ? EXIT.ok : EXIT.partial
}

function writeJson(io: Io, value: unknown): void {
  io.stdout.write(`${JSON.stringify(value, null, 2)}\n`)
}
