import type { Spec } from '../model/desired/spec.ts'
import type { Journal } from '../model/ledger/journal.ts'
import type { Live } from '../model/run/live.ts'
import type { Result } from '../model/run/result.ts'
import { apply } from './apply/apply.ts'
import type { ApplyOptions } from './apply/options.ts'
import { readBack } from './apply/read-back.ts'
import type { Gate, GateContext } from './gates/gate.ts'
import { type Plan, type Planned, plan } from './plan/plan.ts'
import { wantedFor } from './read/chosen.ts'
import { maskedLive } from './read/mask.ts'
import { read } from './read/read.ts'
import type { Run } from './read/run.ts'
import type { Selection } from './read/selection.ts'

/** What gates look at, before anything is read. */
export type PrepareContext = Omit<GateContext, 'spec' | 'live'> & {
  /** Looks at the world beside the accounts once they are read; answers gates of other rooms. */
  readonly survey?: ((live: Live) => Promise<NonNullable<GateContext['more']>>) | undefined
}

/** Reads what a spec is about and says what would change. Sends nothing that changes anything. */
export async function prepare(
  spec: Spec,
  run: Run,
  { survey, ...context }: PrepareContext,
  selection?: Selection,
): Promise<Planned> {
  const { wanted, trimmed } = wantedFor(spec, run.kinds, selection ?? { only: [], exclude: [] })
  const live = maskedLive(trimmed(await read(wanted, run)), spec)
  const outside = await survey?.(live)
  run.onPhase?.('plan')
  const known = run.remember?.(live)
  const more: GateContext['more'] = (...about) => [...(context.more?.(...about) ?? []), ...(outside?.(...about) ?? [])]
  const planned = plan(spec, live, run.kinds, { memory: known?.memory, ...context, more }, selection)
  if (known === undefined || known.warnings.length === 0) return planned
  if (!planned.ok) return { ...planned, problems: [...known.warnings, ...planned.problems] }
  return { ok: true, plan: { ...planned.plan, warnings: [...known.warnings, ...planned.plan.warnings] } }
}

/** The gates that nobody has accepted: with one of them nothing of a plan is done. */
export function closedGates({ gates }: Pick<Plan, 'gates'>): readonly Gate[] {
  return gates.filter((gate) => !gate.accepted)
}

/** What making a plan's changes takes. */
export type CarryOutOptions = Run &
  Omit<ApplyOptions, 'send' | 'signal'> & {
    readonly sleep: (milliseconds: number) => Promise<void>
    /** Where the changes are announced before the first call and noted after each; if it breaks, nothing new begins. */
    readonly journal?: Journal | undefined
  }

/** Makes the changes of a plan, reads back, and says what became of each. Throws before any call where a gate is closed. */
export async function carryOut(planned: Plan, run: CarryOutOptions): Promise<readonly Result[]> {
  const closed = closedGates(planned)
  if (closed.length > 0)
    throw new TypeError(
      `a gate is closed, so nothing is done: ${closed.map(({ number, code }) => `${number} ${code}`).join(', ')}`,
    )
  const { journal } = run
  if (journal === undefined) return await applied(planned, run, run)
  await journal.begin({ changes: planned.changes, objects: planned.spec.objects })
  const signal = run.signal === undefined ? journal.broken : AbortSignal.any([run.signal, journal.broken])
  let latest: readonly Result[] = []
  let ended = false
  try {
    latest = await applied(planned, run, {
      ...run,
      signal,
      onResult: (result, done, total) => {
        journal.record(result)
        run.onResult?.(result, done, total)
      },
    })
    ended = true
    return latest
  } finally {
    const whole = ended && latest.every(({ outcome }) => outcome === 'done')
    await journal.end(latest, run.signal?.aborted === true || !ended ? 'interrupted' : whole ? 'done' : 'partial')
  }
}

async function applied(planned: Plan, run: CarryOutOptions, options: ApplyOptions): Promise<readonly Result[]> {
  const results = await apply(planned, options)
  if (run.signal?.aborted === true) return results
  run.onPhase?.('read back')
  return await readBack(planned, results, { kinds: run.kinds, send: run.send, sleep: run.sleep })
}
