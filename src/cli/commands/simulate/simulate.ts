import { defined } from '../../../model/json.ts'
import { judge } from '../../../policy/judge.ts'
import type { Verdict } from '../../../policy/rules/verdict.ts'
import type { Message, Policy, SignIn } from '../../../policy/state/policy.ts'
import { EXIT, Stop } from '../../invocation/exit.ts'
import type { Invocation } from '../../invocation/invocation.ts'
import { openPolicies, type PolicyRun } from '../../runs/policy-run.ts'
import { paint } from '../../terminal/paint.ts'
import { verdictDocument, verdictText } from './verdict-text.ts'

/** Says what the service would do with a message. Sends nothing; exit 2 if somebody would not get it, 1 if it cannot be told. */
export async function simulate(invocation: Invocation): Promise<number> {
  const { io, options } = invocation
  const as = signIn(invocation)
  const found = await openPolicies(invocation)
  if ('code' in found) return found.code
  const policy = policyFor(found, as, invocation)
  const message: Message = {
    as,
    from: options.from ?? '',
    to: options.to,
    at: io.now().getTime(),
    ...defined({ ip: options.ip, headerFrom: options.headerFrom }),
  }
  const verdict = judge(policy, message)
  const document = verdictDocument(verdict, policy.scope, found)
  if (options.format === 'json') io.stdout.write(`${JSON.stringify(document, null, 2)}\n`)
  else io.stdout.write(verdictText(document, paint(io.stdout, io.env, options.color)))
  return exitCode(verdict)
}

function exitCode({ outcome, recipients }: Verdict): number {
  return outcome === 'taken' && recipients.every(({ fate }) => fate === 'delivered') ? EXIT.ok : EXIT.changes
}

function signIn({ options: { user, key, ipAuth } }: Invocation): SignIn {
  const given = [user, key, ipAuth].filter((one) => one !== undefined)
  if (given.length !== 1)
    throw new Stop('say who sends: one of --user, --key and --ip-auth', {
      hint: '--user billing-app, for an SMTP user',
    })
  if (user !== undefined) return { by: 'user', name: user }
  return key === undefined ? { by: 'ip' } : { by: 'key', name: key }
}

/** The account that is meant: the one that is named, else the only one that has this login. */
function policyFor({ policies, isOffline }: PolicyRun, as: SignIn, { options }: Invocation): Policy {
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
