import type { Gate } from '../engine/gates/gate.ts'
import type { Plan } from '../engine/plan/plan.ts'
import type { Unread } from '../engine/plan/unread.ts'
import type { Problem } from '../model/problem.ts'
import type { Result } from '../model/run/result.ts'

/** What a plan is about. */
export interface PlanRequest {
  /** Globs of addresses, with or without their scope: `smtpUsers/*`. Left out: everything. */
  readonly only?: readonly string[]
  readonly exclude?: readonly string[]
  /** Ends reading; the promise rejects with `ApiError` of the kind `cancelled`, or the plan says what is unread. */
  readonly signal?: AbortSignal
}

/** What is applied. */
export interface ApplyRequest extends PlanRequest {
  /** Tokens of gates that somebody has accepted: `G1:3f9c`, as a plan names them. */
  readonly accept?: readonly string[]
  /** Told of each change as it ends. */
  readonly onResult?: (result: Result, done: number, total: number) => void
}

/** There is no plan: what could not be read, and what the APIs cannot do. */
export interface Impossible {
  readonly outcome: 'impossible'
  readonly problems: readonly Problem[]
  readonly unread: readonly Unread[]
}

/** A plan, or why there is none. */
export type Planned = { readonly outcome: 'planned'; readonly plan: Plan } | Impossible

/** What became of an apply. `refused`: gates are closed and nothing was written. `isWhole`: every change is done and was read back. */
export type Applied =
  | {
      readonly outcome: 'applied'
      readonly plan: Plan
      readonly results: readonly Result[]
      readonly isWhole: boolean
    }
  | { readonly outcome: 'refused'; readonly plan: Plan; readonly gates: readonly Gate[] }
  | Impossible
