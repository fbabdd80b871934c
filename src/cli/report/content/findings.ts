import { qualify } from '../../../model/address.ts'
import { defined } from '../../../model/json.ts'
import type { Position } from '../../../model/position.ts'
import type { GateDocument, PlanDocument } from '../../../model/run/plan-document.ts'
import { visible } from './escape.ts'
import { allProblems, type RunRecord } from './record.ts'

/** Something that a reader should look at: a problem, a warning or a gate. */
export interface ReportFinding {
  readonly code: string
  readonly level: 'error' | 'warning' | 'note'
  readonly message: string
  readonly hint?: string
  readonly at?: Position
  readonly also?: Position
}

/** The code of what is no problem of the spec. */
export const DRIFT = 'drift'

const ORDER = { error: 0, warning: 1, note: 2 } as const

/** What a run found, the worst first. A gate stands where the spec names its first object. */
export function findingsOf(told: RunRecord): ReportFinding[] {
  const problems = allProblems(told).map(({ code, severity, message, hint, at, also }): ReportFinding => {
    const more = { ...defined({ hint, at }) }
    const level = severity === 'error' || told.strict ? 'error' : 'warning'
    return { code, level, message, ...more, ...defined({ also }) }
  })
  const { plan } = told
  const gates = plan === undefined ? [] : plan.gates.map((gate) => gateFinding(gate, plan))
  return [...problems, ...gates, ...drifted(told)].sort((one, other) => ORDER[one.level] - ORDER[other.level])
}

/** What was changed outside the spec, where the spec names it. */
function drifted({ drift }: RunRecord): ReportFinding[] {
  return (drift?.drift ?? []).map((one) => ({
    code: DRIFT,
    level: 'warning',
    message: `${qualify(one, one.address)} was ${one.what} outside the spec`,
    ...(one.source === null ? {} : { at: one.source }),
  }))
}

function gateFinding(
  { number, code, reason, addresses, accept, accepted }: GateDocument,
  plan: PlanDocument,
): ReportFinding {
  const named = new Set(addresses)
  const first = plan.changes.find((change) => change.source !== null && named.has(qualify(change, change.address)))
  const hint = accept === null ? 'change the spec: nobody can accept it' : `to accept it: --accept ${accept}`
  return {
    code,
    level: accepted ? 'note' : 'error',
    message: `${number} ${accepted ? 'is accepted' : 'stops here'}: ${reason}`,
    ...(accepted ? {} : { hint }),
    ...(first?.source == null ? {} : { at: first.source }),
  }
}

/** A message with what to do, each on one line. */
export function sentences({ message, hint }: Pick<ReportFinding, 'message' | 'hint'>): string {
  return [message, ...(hint === undefined ? [] : [hint])].map(visible).join('\n')
}
