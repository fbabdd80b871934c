import type { ResourceKind } from '../../model/kind/kind.ts'
import type { Memory } from '../../model/ledger/memory.ts'
import type { Problem } from '../../model/problem.ts'
import type { Live } from '../../model/run/live.ts'
import type { Send } from '../../model/wire.ts'

/** What a run is made with. */
export interface Run {
  readonly kinds: readonly ResourceKind[]
  readonly send: Send
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((done: number, total: number) => void) | undefined
  /** Told when a part of the run begins that can be seen from here alone. */
  readonly onPhase?: ((phase: 'plan' | 'read back') => void) | undefined
  /** What was applied before, judged with what is live: whether a record is about this account shows in the ids. */
  readonly remember?: ((live: Live) => { readonly memory: Memory; readonly warnings: readonly Problem[] }) | undefined
}
