import { EXIT } from '../io.ts'
import type { Invocation } from '../main.ts'
import { documentOf, preparePlan, printPlan } from '../ready.ts'
import { openSpec } from '../spec.ts'

/** Reads live state and shows what would change. Sends nothing that changes anything. */
export async function plan(invocation: Invocation): Promise<number> {
  const { io, options } = invocation
  const ready = await openSpec(invocation)
  if ('code' in ready) return ready.code
  const prepared = await preparePlan(ready, invocation)
  if ('code' in prepared) return prepared.code
  await prepared.connection.close()
  if (options.format === 'json') io.stdout.write(`${JSON.stringify(documentOf(prepared, invocation), null, 2)}\n`)
  else printPlan(prepared, invocation)
  const changes = prepared.plan.waves.length > 0
  return options.detailedExitcode === true && changes ? EXIT.changes : EXIT.ok
}
