import { refuseUnreviewed } from '../../ci/review.ts'
import type { Invocation } from '../../invocation/invocation.ts'
import { applySpec } from '../../runs/apply-run.ts'
import { openSpec } from '../../session/spec.ts'

/** Plans, asks, applies, reads back, reports. */
export async function apply(invocation: Invocation): Promise<number> {
  refuseUnreviewed(invocation)
  const [saved] = invocation.args
  if (saved !== undefined) return await (await import('./saved.ts')).applySaved(saved, invocation)
  const located = await openSpec(invocation, { lint: 'errors' })
  if ('code' in located) return located.code
  return await applySpec(located, invocation, { command: 'apply', question: 'Apply these changes?' })
}
