import type { SavedPart } from '../../model/run/plan-file.ts'
import { EXIT } from '../invocation/exit.ts'
import type { Invocation } from '../invocation/invocation.ts'
import { isText } from '../options/output-format.ts'
import { withLedgerProblems } from '../session/ledger.ts'
import { openSession } from '../session/session.ts'
import type { LocatedSpec } from '../session/spec.ts'
import { savePlan } from './plan-file.ts'
import { planDocumentOf, preparePlan, printPlan } from './plan-run.ts'

/** The second half of `plan`: from a sound spec to a plan that is shown, and saved where that is asked for. */
export async function planSpec(located: LocatedSpec, invocation: Invocation, mode: SavedPart['mode']): Promise<number> {
  return await withLedgerProblems(invocation, () => showPlan(located, invocation, mode))
}

async function showPlan(located: LocatedSpec, invocation: Invocation, mode: SavedPart['mode']): Promise<number> {
  const { io, options } = invocation
  const session = await openSession(located, invocation)
  const prepared = await preparePlan(located, session, invocation).finally(session.close)
  if ('code' in prepared) return prepared.code
  if (options.format === 'json') io.stdout.write(`${JSON.stringify(planDocumentOf(prepared, invocation), null, 2)}\n`)
  else if (isText(options)) printPlan(prepared, invocation)
  await savePlan(prepared, invocation, mode)
  const changes = prepared.plan.waves.length > 0
  return options.detailedExitcode === true && changes ? EXIT.changes : EXIT.ok
}
