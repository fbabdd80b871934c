import type { Result } from '../model/change.ts'
import type { ResourceKind } from '../model/kind.ts'
import type { Spec } from '../model/spec.ts'
import type { Send } from '../model/wire.ts'
import { type ApplyOptions, apply } from './apply.ts'
import type { GateContext } from './gate.ts'
import { type Plan, type Planned, plan, type Selection } from './plan.ts'
import { prove } from './prove.ts'
import { read } from './read.ts'
import { wantedBy } from './want.ts'

/** What a run is made with. */
export interface Run {
  readonly kinds: readonly ResourceKind[]
  readonly send: Send
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

/** Reads what a spec is about and says what would change. Sends nothing that changes anything. */
export async function prepare(
  spec: Spec,
  run: Run,
  context: Omit<GateContext, 'spec' | 'live'>,
  selection?: Selection,
): Promise<Planned> {
  const live = await read(wantedBy(spec, run.kinds), run)
  return plan(spec, live, run.kinds, context, selection)
}

/** Makes the changes of a plan, reads back, and says what became of each. */
export async function carryOut(
  ready: Plan,
  run: Run & Omit<ApplyOptions, 'send' | 'signal'> & { readonly sleep: (milliseconds: number) => Promise<void> },
): Promise<readonly Result[]> {
  const results = await apply(ready, run)
  if (run.signal?.aborted === true) return results
  return await prove(ready, results, { kinds: run.kinds, send: run.send, sleep: run.sleep })
}
