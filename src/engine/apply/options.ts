import type { Change, EffectiveChange } from '../../model/run/change.ts'
import type { Delivery } from '../../model/run/delivery.ts'
import type { Result } from '../../model/run/result.ts'
import type { Send } from '../../model/wire.ts'

/** What applying needs beside the plan. */
export interface ApplyOptions {
  readonly send: Send
  readonly delivery: Delivery
  /** How many changes are made at the same time. */
  readonly parallelism: number
  /** Aborted by Ctrl-C: calls in flight finish, nothing new starts. */
  readonly signal?: AbortSignal | undefined
  /** Makes one change, and does what it has to before and after; without it the change is just made. */
  readonly around?:
    | ((change: EffectiveChange, make: (other?: EffectiveChange) => Promise<Result>) => Promise<Result>)
    | undefined
  /** How secrets of an object may begin that were made before. */
  readonly ownIds?: ((change: Change) => readonly string[]) | undefined
  /** Told of each change as it ends. */
  readonly onResult?: ((result: Result, done: number, total: number) => void) | undefined
}
