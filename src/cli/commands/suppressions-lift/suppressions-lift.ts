import { serviceSuppressions, suppression, suppressionName } from '../../../apis/smtp2go/kinds/suppression.ts'
import { compose } from '../../../engine/assemble/compose.ts'
import type { Scope } from '../../../model/address.ts'
import type { DesiredObject } from '../../../model/desired/object.ts'
import { canonicalText } from '../../../model/value/canonical.ts'
import { refuseUnreviewed } from '../../ci/review.ts'
import { Stop } from '../../invocation/exit.ts'
import type { Invocation } from '../../invocation/invocation.ts'
import { SERVICE_REASONS } from '../../options/suppression-reasons.ts'
import { applySpec } from '../../runs/apply-run.ts'
import type { PlanRun } from '../../runs/plan-run.ts'
import { chosenAccounts } from '../../session/environment.ts'
import { type LocatedSpec, openSpec } from '../../session/spec.ts'

/** Takes away what the service itself has against an address, after a plan and a gate like any other. No spec says it and no ledger keeps it. */
export async function liftSuppressions(invocation: Invocation): Promise<number> {
  const { args, options } = invocation
  refuseUnreviewed(invocation)
  const address = canonicalText('sender', args[0] ?? '')
  if (address === undefined) throw new Stop(`"${args[0] ?? ''}" is neither an e-mail address nor a domain`)
  const located = await openSpec(invocation)
  if ('code' in located) return located.code
  const scope = scopeOf(located, invocation)
  const reasons = options.reason.length === 0 ? SERVICE_REASONS : options.reason
  const kind = serviceSuppressions(address, reasons)
  const objects = reasons.map((reason): DesiredObject => {
    const key = suppressionName(address, reason)
    const source = { file: '(command line)', document: 0, path: [] }
    return { kind, scope, key, address: `${kind.name}/${key}`, values: {}, state: 'absent', protect: false, source }
  })
  const lifted: LocatedSpec = {
    spec: compose(located.spec.accounts, objects, located.spec.hash),
    warnings: [],
    isPart: true,
    locate: async () => (source) => ({ file: source.file, line: 1, column: 1 }),
  }
  const alone = { ...invocation, options: { ...options, ledger: 'none', only: [], exclude: [] } }
  return await applySpec(lifted, alone, {
    command: 'lift',
    question: `Let mail to ${address} go out again?`,
    check: (prepared) => refuseNothing(prepared, address, reasons),
  })
}

/** The one account that is meant, and the subaccount in it. */
function scopeOf({ spec }: LocatedSpec, { options }: Invocation): Scope {
  const able = chosenAccounts([...spec.accounts.values()], options).filter(({ api }) => api === suppression.api.name)
  const [only, second] = able
  if (only === undefined) throw new Stop('the spec has no account with suppressions')
  if (second !== undefined)
    throw new Stop('the spec has several accounts', {
      hint: `choose one with --account: ${able.map(({ name }) => name).join(', ')}`,
    })
  return { account: only.name, subaccount: options.subaccount ?? null }
}

function refuseNothing({ plan }: PlanRun, address: string, reasons: readonly string[]): void {
  if (plan.changes.some(({ action }) => action === 'delete')) return
  throw new Stop(`${address} is not suppressed for ${reasons.join(', ').replace(/, (?=[^,]*$)/, ' or ')}`, {
    hint: 'a manual suppression is removed in the spec, with state: absent',
  })
}
