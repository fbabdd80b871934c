import type { SavedPart } from '../../model/run/plan-file.ts'
import { EXIT } from '../invocation/exit.ts'
import type { Invocation } from '../invocation/invocation.ts'
import { isText } from '../options/output-format.ts'
import { withLedgerProblems } from '../session/ledger.ts'
import { reach } from '../session/session.ts'
import type { ReadySpec } from '../session/spec.ts'
import { savePlan } from './plan-file.ts'
import { documentOf, preparePlan, printPlan } from './plan-run.ts'

/** The second half of `plan`: from a sound spec to a plan that is shown, and saved where that is asked for. */
export async function planSpec(ready: ReadySpec, invocation: Invocation, mode: SavedPart['mode']): Promise<number> {
  return await withLedgerProblems(invocation, () => showPlan(ready, invocation, mode))
}

async function showPlan(ready: ReadySpec, invocation: Invocation, mode: SavedPart['mode']): Promise<number> {
  const { io, options } = invocation
  const reached = await reach(ready, invocation)
  const prepared = await preparePlan(ready, reached, invocation).finally(reached.close)
  if ('code' in prepared) return prepared.code
  if (options.format === 'json') io.stdout.write(`${JSON.stringify(documentOf(prepared, invocation), null, 2)}\n`)
  else if (isText(options)) printPlan(prepared, invocation)
  await savePlan(prepared, invocation, mode)
  const changes = prepared.plan.waves.length > 0
  return options.detailedExitcode === true && changes ? EXIT.changes : EXIT.ok
}
