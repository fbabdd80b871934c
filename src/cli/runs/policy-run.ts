import { formatScope, type Scope } from '../../model/address.ts'
import type { Position, Source } from '../../model/position.ts'
import type { Invocation } from '../invocation/invocation.ts'
import { declaredPolicies, livePolicies, type Policies, policiesAfter } from '../policies/policies.ts'
import { openSession } from '../session/session.ts'
import { type LocatedSpec, openSpec, readSpec } from '../session/spec.ts'
import { runComparison } from './compare-run.ts'
import { readOthers, withOthers } from './others.ts'

/** Who may send, as it is wanted or as it is. */
interface PolicyRun {
  readonly policies: Policies
  /** Nothing was read: what the files do not say is unknown. */
  readonly isOffline: boolean
  readonly located: LocatedSpec
  readonly locate: (source: Source) => Position
}

/**
 * The policies of a spec. The wanted state is what the accounts will be once the spec is applied; where their credentials are not
 * there, it is the spec alone. Answers an exit code where there is none.
 */
export async function openPolicies(invocation: Invocation): Promise<PolicyRun | { readonly code: number }> {
  const isLive = invocation.options.state === 'live'
  const loaded = isLive ? undefined : await readSpec(invocation)
  if (loaded?.ok === false) {
    const alone = await openSpec(invocation, { formOnly: true })
    if ('code' in alone) return alone
    return { policies: declaredPolicies(alone.spec), isOffline: true, located: alone, locate: await alone.locate() }
  }
  const located = await openSpec(invocation)
  if ('code' in located) return located
  const session = await openSession(located, invocation)
  try {
    const compared = await runComparison(located, session, invocation)
    if ('code' in compared) return compared
    const { live, changes } = compared.found
    const isRead = (scope: Scope, kind: string) => live.get(formatScope(scope))?.collections.has(kind) === true
    const others = await readOthers(located.spec, isRead, session.connection, invocation)
    const whole = withOthers(live, others)
    return {
      policies: isLive ? livePolicies(whole) : policiesAfter(whole, changes, 'trusting'),
      isOffline: false,
      located,
      locate: compared.locate,
    }
  } finally {
    await session.close()
  }
}
