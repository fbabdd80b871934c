import { planJson } from '../../engine/render.ts'
import { EXIT } from '../io.ts'
import type { Invocation } from '../main.ts'
import { preparePlan, printPlan } from '../ready.ts'
import { openSpec } from '../spec.ts'
import { VERSION } from '../version.ts'

/** Reads live state and shows what would change. Sends nothing that changes anything. */
export async function plan(invocation: Invocation): Promise<number> {
  const { io, options } = invocation
  const ready = await openSpec(invocation)
  if ('code' in ready) return ready.code
  const prepared = await preparePlan(ready, invocation)
  if ('code' in prepared) return prepared.code
  await prepared.connection.close()
  if (options.format === 'json') {
    const locate = await ready.locate()
    const all = options.all === true
    io.stdout.write(`${JSON.stringify(planJson(prepared.plan, { version: VERSION, locate, all }), null, 2)}\n`)
  } else printPlan(prepared, invocation)
  const changes = prepared.plan.waves.length > 0
  return options.detailedExitcode === true && changes ? EXIT.changes : EXIT.ok
}
