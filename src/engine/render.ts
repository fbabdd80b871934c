import type { Position, Source } from '../model/position.ts'
import { formatPosition } from '../model/position.ts'
import type { Problem } from '../model/problem.ts'
import type { Change } from '../model/run/change.ts'
import {
  type ChangeDocument,
  FORMAT_VERSION,
  type PlanDocument,
  type ProblemDocument,
} from '../model/run/plan-document.ts'
import type { Result } from '../model/run/result.ts'
import type { Plan } from './plan.ts'
import { riskOf } from './risk.ts'
import { stepsOf } from './steps.ts'

/** How many changes of each sort a plan has. */
export type Summary = PlanDocument['summary']

/** Counts a plan's changes. */
export function summarise(plan: Plan): Summary {
  const count = (action: Change['action']) => plan.changes.filter((change) => change.action === action).length
  return {
    create: count('create'),
    update: count('update'),
    delete: count('delete'),
    noop: count('noop'),
    unmanaged: plan.unmanaged.length,
    calls: plan.calls,
  }
}

/** A plan as data (`schemas/plan.schema.json`); no secret is in it. */
export function planJson(
  plan: Plan,
  options: { readonly version: string; readonly locate: (source: Source) => Position; readonly all?: boolean },
): PlanDocument {
  const changes = options.all === true ? plan.changes : plan.changes.filter((change) => change.action !== 'noop')
  return {
    formatVersion: FORMAT_VERSION,
    mailconfig: options.version,
    specHash: plan.spec.hash,
    accounts: [...plan.spec.accounts.values()].map(({ name, api, url }) => ({ name, api, url })),
    changes: changes.map((change) => changeJson(change, plan, options.locate)),
    unmanaged: plan.unmanaged.map(({ scope, address }) => ({ address, ...scope })),
    summary: summarise(plan),
    gates: plan.gates.map(({ number, code, reason, addresses, token, accepted }) => ({
      number,
      code,
      reason,
      addresses,
      accept: token ?? null,
      accepted,
    })),
    warnings: plan.warnings.map((problem) => problemJson(problem, options.locate)),
  }
}

function changeJson(change: Change, plan: Plan, locate: (source: Source) => Position): ChangeDocument {
  const { kind } = change
  const from = change.action === 'update' && kind.singleton === undefined ? change.live.key : change.key
  const verb = verbOf(change)
  return {
    address: change.address,
    account: change.scope.account,
    subaccount: change.scope.subaccount,
    kind: kind.name,
    key: change.key,
    action: change.action,
    reason: change.reason ?? 'unknown',
    fields:
      change.action === 'noop'
        ? []
        : change.fields.map(({ path, before, after, sensitive, isNew, reason }) => ({
            path,
            before: before ?? null,
            after: after ?? null,
            sensitive,
            ...(isNew === undefined ? {} : { isNew }),
            ...(reason === undefined ? {} : { reason }),
          })),
    source: change.desired === undefined ? null : locate(change.desired.source),
    risk: riskOf(change, plan.gates),
    calls: stepsOf(change).length,
    ...(from === change.key ? {} : { renamedFrom: from }),
    ...(verb === undefined ? {} : { verb }),
  }
}

function verbOf(change: Change): string | undefined {
  if (change.action === 'delete') return change.kind.deleteVerb
  return change.action === 'update' && change.live.dormant ? 'reopen' : undefined
}

/** A problem as JSON. */
export function problemJson(problem: Problem, locate?: (source: Source) => Position): ProblemDocument {
  const at = problem.at ?? (problem.source === undefined ? undefined : locate?.(problem.source))
  const also = problem.also?.at ?? (problem.also?.source === undefined ? undefined : locate?.(problem.also.source))
  return {
    code: problem.code,
    severity: problem.severity ?? 'error',
    message: problem.message,
    ...(problem.hint === undefined ? {} : { hint: problem.hint }),
    ...(at === undefined ? {} : { at }),
    ...(also === undefined ? {} : { also }),
  }
}

/** A problem's one line: `file:line:col CODE message`. */
export function problemLine(problem: Problem): string {
  const place = problem.at === undefined ? '' : `${formatPosition(problem.at)} `
  return `${place}${problem.code} ${problem.message}`
}

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
      ...(error === undefined ? {} : { error }),
      ...(note === undefined ? {} : { note }),
      ...(applied === undefined ? {} : { applied: { calls: applied.calls, of: applied.of } }),
    })),
    summary: { done: count('done'), failed: count('failed'), skipped: count('skipped'), unknown: count('unknown') },
  }
}
