import { defined } from '../../model/json.ts'
import type { Position, Source } from '../../model/position.ts'
import type { Change } from '../../model/run/change.ts'
import {
  type ChangeDocument,
  FORMAT_VERSION,
  type PlanDocument,
  type SendingDocument,
} from '../../model/run/plan-document.ts'
import { stepsOf } from '../wire/calls.ts'
import type { Plan } from './plan.ts'
import { problemJson } from './problem-document.ts'
import { riskOf } from './risk.ts'

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
  options: {
    readonly version: string
    readonly locate: (source: Source) => Position
    readonly all?: boolean
    readonly sending?: readonly SendingDocument[]
    readonly sentOf?: (change: Change) => number | undefined
  },
): PlanDocument {
  const changes = options.all === true ? plan.changes : plan.changes.filter((change) => change.action !== 'noop')
  return {
    formatVersion: FORMAT_VERSION,
    mailconfig: options.version,
    specHash: plan.spec.hash,
    accounts: [...plan.spec.accounts.values()].map(({ name, api, url }) => ({ name, api, url })),
    changes: changes.map((change) => changeJson(change, plan, options)),
    unmanaged: plan.unmanaged.map(({ scope, address }) => ({ address, ...scope })),
    summary: summarise(plan),
    ...(options.sending === undefined || options.sending.length === 0 ? {} : { sending: options.sending }),
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

function changeJson(
  change: Change,
  plan: Plan,
  {
    locate,
    sentOf,
  }: { readonly locate: (source: Source) => Position; readonly sentOf?: (change: Change) => number | undefined },
): ChangeDocument {
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
            ...defined({ isNew, reason }),
          })),
    source: change.desired === undefined ? null : locate(change.desired.source),
    risk: riskOf(change, plan.gates),
    calls: stepsOf(change).length,
    ...defined({ sent: sentOf?.(change) }),
    ...(from === change.key ? {} : { renamedFrom: from }),
    ...defined({ verb }),
  }
}

function verbOf(change: Change): string | undefined {
  if (change.action === 'delete') return change.kind.deleteVerb
  return change.action === 'update' && change.live.dormant ? 'reopen' : undefined
}
