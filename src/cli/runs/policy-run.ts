import { kinds } from '../../apis/index.ts'
import { read } from '../../engine/read/read.ts'
import { everything } from '../../engine/read/wanted.ts'
import { formatScope } from '../../model/address.ts'
import type { Position, Source } from '../../model/position.ts'
import type { Live, LiveScope } from '../../model/run/live.ts'
import { POLICY_KINDS } from '../../policy/state/from-objects.ts'
import type { Invocation } from '../invocation/invocation.ts'
import { declaredPolicies, livePolicies, type Policies, policiesAfter } from '../policies/policies.ts'
import { openSession, type Session } from '../session/session.ts'
import { type LocatedSpec, openSpec, readSpec } from '../session/spec.ts'
import { runComparison } from './compare-run.ts'

/** Who may send, as it is wanted or as it is. */
export interface PolicyRun {
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
    const whole = withOthers(live, await readOthers(located, live, session, invocation))
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

/** What decides who may send and the spec does not name; what the key may not read stays unknown. */
async function readOthers(
  { spec }: LocatedSpec,
  live: Live,
  { connection }: Session,
  { io }: Invocation,
): Promise<Live> {
  const wanted = spec.scopes.flatMap(({ scope }) => {
    const api = spec.accounts.get(scope.account)?.api
    const known = live.get(formatScope(scope))?.collections
    const missing = kinds.filter(
      ({ name, api: { name: of } }) => POLICY_KINDS.includes(name) && of === api && known?.has(name) !== true,
    )
    return everything([scope], missing)
  })
  return wanted.length === 0 ? new Map() : await read(wanted, { kinds, send: connection.send, signal: io.signal })
}

function withOthers(live: Live, others: Live): Live {
  const names = new Set([...live.keys(), ...others.keys()])
  return new Map(
    [...names].map((name): [string, LiveScope] => {
      const [a, b] = [live.get(name), others.get(name)]
      return [
        name,
        { id: a?.id ?? b?.id, collections: new Map([...(b?.collections ?? []), ...(a?.collections ?? [])]) },
      ]
    }),
  )
}
