import type { Change } from './change.ts'

/** What became of a change. */
export type Outcome = 'done' | 'failed' | 'skipped' | 'unknown'

/** One change and what became of it. */
export interface Result {
  readonly change: Change
  readonly outcome: Outcome
  /** The API's id of what was made or changed, where an answer or a look showed it. */
  readonly id?: string
  readonly error?: { readonly message: string; readonly code?: string; readonly hint?: string }
  /** Something the user should know although it is done. */
  readonly note?: string
  /** Of a change that is not wholly done: the part that took effect, and how many of its calls that were. */
  readonly applied?: {
    readonly change: Exclude<Change, { readonly action: 'noop' }>
    readonly calls: number
    readonly of: number
  }
}
