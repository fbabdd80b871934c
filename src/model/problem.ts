import type { Position, Source } from './position.ts'

/** Something the user can fix: what, where, and what to do. */
export interface Problem {
  readonly code: string
  /** Lower case, one sentence, no full stop, the user's own words quoted. */
  readonly message: string
  readonly hint?: string
  readonly severity?: 'error' | 'warning'
  /** Where the value stands, as a source that `locate` turns into a position. */
  readonly source?: Source
  readonly at?: Position
  /** The second place, where there are two (a key declared twice). */
  readonly also?: { readonly message: string; readonly source?: Source; readonly at?: Position }
}

/** True for a problem that stops the run. */
export function isError(problem: Problem): boolean {
  return problem.severity !== 'warning'
}
