import { refuseUnreviewed } from '../../ci/review.ts'
import type { Invocation } from '../../invocation/invocation.ts'
import { applySpec } from '../../runs/apply-run.ts'
import { planSpec } from '../../runs/show-plan.ts'
import { tombstones } from '../../runs/tombstones.ts'
import { openSpec } from '../../session/spec.ts'

/** Deletes what the spec names, and nothing else, after the same plan and gates. */
export async function destroy(invocation: Invocation): Promise<number> {
  if (invocation.options.out === undefined) refuseUnreviewed(invocation)
  const located = await openSpec(invocation)
  if ('code' in located) return located.code
  const { objects } = located.spec
  const lasting = objects.filter((object) => object.kind.calls.delete === undefined)
  if (lasting.length > 0)
    invocation.io.stderr.write(
      `Left as they are, for the API cannot delete them: ${lasting.map((object) => object.address).join(', ')}\n`,
    )
  const gone = { ...located, spec: tombstones(located.spec) }
  if (invocation.options.out !== undefined) return await planSpec(gone, invocation, 'destroy')
  return await applySpec(gone, invocation, { command: 'destroy', question: 'Delete these objects?' })
}
