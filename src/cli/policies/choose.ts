import type { Policy, SignIn } from '../../policy/state/policy.ts'
import { Stop } from '../invocation/exit.ts'
import type { Invocation } from '../invocation/invocation.ts'
import type { Policies } from './policies.ts'

/** Who sends, as the options say it. Throws `Stop` unless exactly one does. */
export function chosenSignIn({ options: { user, key, ipAuth } }: Pick<Invocation, 'options'>): SignIn {
  const given = [user, key, ipAuth].filter((one) => one !== undefined)
  if (given.length !== 1)
    throw new Stop('say who sends: one of --user, --key and --ip-auth', {
      hint: '--user billing-app, for an SMTP user',
    })
  if (user !== undefined) return { by: 'user', name: user }
  return key === undefined ? { by: 'ip' } : { by: 'key', name: key }
}

/** The account that is meant: the one that is named, else the only one that has this login. Throws `Stop`. */
export function policyFor(
  { policies, isOffline }: { readonly policies: Policies; readonly isOffline: boolean },
  as: SignIn,
  { options }: Pick<Invocation, 'options'>,
): Policy {
  const named = [...policies.values()].filter(({ scope }) => isNamed(scope, options))
  if (named.length === 0)
    throw new Stop('the spec has no such account or subaccount', { hint: `it has: ${[...policies.keys()].join(', ')}` })
  const able = as.by === 'ip' ? named : named.filter((one) => (as.by === 'user' ? one.users : one.keys).has(as.name))
  const [only, second] = able
  if (second !== undefined)
    throw new Stop(`it cannot be told who sends: ${able.map(({ scope }) => scope).join(', ')} could`, {
      hint: 'choose one with --account, and with --subaccount for one of its subaccounts',
    })
  if (only !== undefined) return only
  const name = as.by === 'ip' ? '' : as.name
  if (isOffline)
    throw new Stop(`it cannot be told: the spec declares no "${name}", and the account was not asked`, {
      hint: 'set its credential, or give a recording with --emulator=FILE',
    })
  const [first] = named
  if (first === undefined || named.length > 1)
    throw new Stop(`no account has "${name}"`, { hint: `looked in: ${named.map(({ scope }) => scope).join(', ')}` })
  return first
}

function isNamed(scope: string, { account, subaccount }: Invocation['options']): boolean {
  const [main = '', inner] = scope.split(/\/(.*)/s)
  return (account.length === 0 || account.includes(main)) && (subaccount === undefined || inner === subaccount)
}
