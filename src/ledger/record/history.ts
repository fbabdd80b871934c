import { randomUUID } from 'node:crypto'
import { LEDGER_FORMAT, type LedgerChange, type LedgerRecord, type LedgerRun } from '../../model/ledger/record.ts'

/** How much of the history is kept: so many runs, and so many characters; older runs lose their values first. */
export interface Keep {
  readonly runs: number
  readonly characters: number
}

/** How much history a record keeps unless somebody says otherwise. */
export const KEEP: Keep = { runs: 50, characters: 4_000_000 }

/** The record of an account that has none. */
export function newRecord(account: LedgerRecord['account']): LedgerRecord {
  return { format: LEDGER_FORMAT, lineage: randomUUID(), serial: 0, account, marks: [], entries: {}, history: [] }
}

/** True for a change whose outcome is not known yet. */
export function isOpen({ outcome }: LedgerChange): boolean {
  return outcome === 'pending' || outcome === 'unknown'
}

/** A history within its bounds: old runs lose their values first, then go; one with open ends stays whole. */
export function boundHistory(history: readonly LedgerRun[], keep: Keep = KEEP): readonly LedgerRun[] {
  const kept: LedgerRun[] = []
  let room = keep.characters
  for (const [at, run] of history.toReversed().entries()) {
    const open = run.state === 'running' || run.changes.some(isOpen)
    if (at >= keep.runs && !open) continue
    const size = JSON.stringify(run).length
    room -= size
    kept.push(room >= 0 || open || at === 0 ? run : trimmed(run))
  }
  return kept.reverse()
}

function trimmed(run: LedgerRun): LedgerRun {
  const changes = run.changes.map(({ before: _before, after: _after, secrets: _secrets, ...change }) => change)
  return { ...run, changes, trimmed: true }
}
