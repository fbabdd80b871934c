import type { Plan } from '../../engine/plan/plan.ts'
import type { SendingDocument } from '../../model/run/plan-document.ts'

/** What a plan changes about who may send, by scope. Nothing is loaded where a plan changes nothing about it. */
export async function sendingOf({
  changes,
  live,
}: Pick<Plan, 'changes' | 'live'>): Promise<readonly SendingDocument[]> {
  if (!changes.some(({ action, kind }) => action !== 'noop' && kind.api.takesMail === true)) return []
  const [{ livePolicies, policiesAfter }, { sendingChange }, { emptyPolicy }] = await Promise.all([
    import('./policies.ts'),
    import('../../policy/possible.ts'),
    import('../../policy/state/policy.ts'),
  ])
  const before = livePolicies(live)
  return [...policiesAfter(live, changes, 'exact')].flatMap(([scope, policy]) => {
    const change = sendingChange(before.get(scope) ?? emptyPolicy(scope), policy)
    return change === undefined ? [] : [{ scope, ...change }]
  })
}
