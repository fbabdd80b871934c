import type { LedgerChange, LedgerRun } from '../../model/ledger/record.ts'

/** A run of the history, and whose. */
export interface PastRun {
  readonly account: string
  readonly run: LedgerRun
}

/** One run over all its accounts. */
export interface WholeRun extends Omit<LedgerRun, 'changes'> {
  readonly accounts: readonly string[]
  readonly changes: readonly (LedgerChange & { readonly account: string })[]
}

/** Runs that several accounts remember are one; the latest first. */
export function wholeRuns(past: readonly PastRun[]): WholeRun[] {
  const runs = new Map<string, WholeRun>()
  for (const { account, run } of past) {
    const known = runs.get(run.id)
    const changes = run.changes.map((change) => ({ account, ...change }))
    runs.set(
      run.id,
      known === undefined
        ? { ...run, accounts: [account], changes }
        : {
            ...known,
            ...worse(known, run),
            accounts: [...known.accounts, account],
            changes: [...known.changes, ...changes],
          },
    )
  }
  return [...runs.values()].map((run) => ({ ...run, accounts: [...run.accounts].sort() }))
}

const ORDER: readonly LedgerRun['state'][] = ['running', 'interrupted', 'partial', 'done']

/** Of two endings the one that is not done. */
function worse(one: WholeRun, other: LedgerRun): Partial<LedgerRun> {
  return ORDER.indexOf(other.state) < ORDER.indexOf(one.state) ? { state: other.state } : {}
}
