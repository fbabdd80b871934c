import { judge } from '../../../policy/judge.ts'
import type { Policy, SignIn } from '../../../policy/state/policy.ts'
import { Stop } from '../../invocation/exit.ts'
import type { Invocation } from '../../invocation/invocation.ts'
import { policyFor } from '../../policies/choose.ts'
import { verdictDocument } from '../../policies/verdict-text.ts'
import { openPolicies } from '../../runs/policy-run.ts'
import type { Letter } from './letter.ts'

/** What `simulate` thinks of a message in the account as it is; or why it cannot be told. */
export type Opinion = ReturnType<typeof verdictDocument> | { readonly unknown: string }

/** The credential of the account has no name that the spec knows. */
const OWN_KEY = '(the credential of the account)'

/** Asks the model of the service. Sends nothing. */
export async function opinionOn(letter: Letter, invocation: Invocation): Promise<Opinion> {
  const { options, io } = invocation
  if (options.provider !== undefined) return { unknown: 'the server of a provider has rules of its own' }
  try {
    const found = await openPolicies({ ...invocation, options: { ...options, state: 'live' } })
    if ('code' in found) return { unknown: 'the spec has problems' }
    const as: SignIn =
      options.user === undefined ? { by: 'key', name: options.key ?? OWN_KEY } : { by: 'user', name: options.user }
    const policy = policyFor({ ...found, policies: withOwnKey(found.policies) }, as, invocation)
    const { envelopeFrom: from, from: headerFrom, to } = letter
    const verdict = judge(policy, { as, from, headerFrom, to, at: io.now().getTime() })
    return verdictDocument(verdict, policy.scope, found)
  } catch (error) {
    if (error instanceof Stop) return { unknown: error.message }
    throw error
  }
}

/** Accounts, not their subaccounts, have the key that calls them. */
function withOwnKey(policies: ReadonlyMap<string, Policy>): ReadonlyMap<string, Policy> {
  return new Map(
    [...policies].map(([scope, policy]) => {
      if (policy.isSubaccount) return [scope, policy]
      const own = { name: OWN_KEY, status: 'allowed', endpoints: ['*'] } as const
      return [scope, { ...policy, keys: new Map([...policy.keys, [OWN_KEY, own]]) }]
    }),
  )
}
