import type { SavedPart } from '../../model/run/plan-file.ts'
import { EXIT } from '../io.ts'
import { withLedgerProblems } from '../ledger.ts'
import type { Invocation } from '../main.ts'
import { documentOf, preparePlan, printPlan, reach } from '../ready.ts'
import { isText } from '../report/asked.ts'
import { savePlan } from '../saved.ts'
import { openSpec, type ReadySpec } from '../spec.ts'

/** Reads live state and shows what would change. Sends nothing that changes anything. */
export async function plan(invocation: Invocation): Promise<number> {
  const ready = await openSpec(invocation)
  return 'code' in ready ? ready.code : await planSpec(ready, invocation, 'apply')
}

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
