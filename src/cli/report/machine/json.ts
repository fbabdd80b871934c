import { FORMAT_VERSION } from '../../../model/run/plan-document.ts'
import { allProblems, type RunRecord } from '../content/record.ts'

/** What `--format json` prints: the report of an apply, or a plan, or problems. */
export function jsonReport(told: RunRecord): string {
  return `${JSON.stringify(contents(told), null, 2)}\n`
}

function contents(told: RunRecord): unknown {
  const { plan, error, drift } = told
  if (drift !== undefined && error === undefined) return drift
  const closed = (plan?.gates ?? []).filter((gate) => !gate.accepted)
  const isRefused = error !== undefined && closed.length > 0 && ['apply', 'destroy'].includes(told.command)
  const results = told.results ?? (isRefused ? [] : undefined)
  if (results !== undefined) {
    const count = (outcome: string) => results.filter((one) => one.outcome === outcome).length
    const summary = {
      done: count('done'),
      failed: count('failed'),
      skipped: count('skipped'),
      unknown: count('unknown'),
    }
    const refused = closed.map(({ number, code, reason, accept }) => ({ number, code, reason, accept }))
    return { formatVersion: FORMAT_VERSION, results, summary, ...told.beside, ...(isRefused ? { refused } : {}) }
  }
  const problems = allProblems(told)
  const isBroken = error !== undefined || problems.some((problem) => problem.severity === 'error' || told.strict)
  if (plan !== undefined && !isBroken) return plan
  return { formatVersion: FORMAT_VERSION, valid: !isBroken, problems }
}
