import { defined } from '../../model/json.ts'
import { FORMAT_VERSION } from '../../model/run/plan-document.ts'
import type { Result } from '../../model/run/result.ts'

/** The report of an apply as JSON (`schemas/apply.schema.json`). */
export function reportJson(results: readonly Result[]) {
  const count = (outcome: Result['outcome']) => results.filter((result) => result.outcome === outcome).length
  return {
    formatVersion: FORMAT_VERSION,
    results: results.map(({ change, outcome, error, note, applied }) => ({
      address: change.address,
      account: change.scope.account,
      subaccount: change.scope.subaccount,
      action: change.action,
      outcome,
      ...defined({ error, note }),
      ...(applied === undefined ? {} : { applied: { calls: applied.calls, of: applied.of } }),
    })),
    summary: { done: count('done'), failed: count('failed'), skipped: count('skipped'), unknown: count('unknown') },
  }
}
