import type { DesiredObject } from '../desired/object.ts'
import type { Change } from '../run/change.ts'
import type { Result } from '../run/result.ts'

/** Where a run says what it is about to do, and what became of it. */
export interface Journal {
  /** Announces the changes; rejects if that cannot be written, and then nothing may be applied. */
  begin(plan: { readonly changes: readonly Change[]; readonly objects: readonly DesiredObject[] }): Promise<void>
  /** Takes a result down; it is written at the latest a moment later. */
  record(result: Result): void
  /** Aborted when the ledger can be written no more: what is under way ends, nothing new begins. */
  readonly broken: AbortSignal
  /** Writes what became of everything; never rejects, for the run is over. */
  end(results: readonly Result[], state: 'done' | 'partial' | 'interrupted'): Promise<void>
}
