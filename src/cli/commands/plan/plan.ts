import type { Invocation } from '../../invocation/invocation.ts'
import { planSpec } from '../../runs/show-plan.ts'
import { openSpec } from '../../session/spec.ts'

/** Reads live state and shows what would change. Sends nothing that changes anything. */
export async function plan(invocation: Invocation): Promise<number> {
  const located = await openSpec(invocation, { lint: 'all' })
  return 'code' in located ? located.code : await planSpec(located, invocation, 'apply')
}
