import { defined } from '../../model/json.ts'
import type { ApplyDocument } from '../../model/run/apply-document.ts'
import { FORMAT_VERSION } from '../../model/run/plan-document.ts'
import type { Result } from '../../model/run/result.ts'

/** The report of an apply as JSON (`schemas/apply.schema.json`). */
export function reportJson(results: readonly Result[]): ApplyDocument {
  const count = (outcome: Result['outcome']) => results.filter((result) => result.outcome === outcome).length
  return {
    formatVersion: FORMAT_VERSION,
    results: results.flatMap(({ change: { action, address, scope }, outcome, error, note, applied }) => {
      if (action === 'noop') return []
      const calls = applied === undefined ? undefined : { calls: applied.calls, of: applied.of }
      const { account, subaccount } = scope
      return [{ address, account, subaccount, action, outcome, ...defined({ error, note, applied: calls }) }]
    }),
    summary: { done: count('done'), failed: count('failed'), skipped: count('skipped'), unknown: count('unknown') },
  }
}
