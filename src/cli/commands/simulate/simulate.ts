import { defined } from '../../../model/json.ts'
import { judge } from '../../../policy/judge.ts'
import type { Verdict } from '../../../policy/rules/verdict.ts'
import type { Message } from '../../../policy/state/policy.ts'
import { EXIT } from '../../invocation/exit.ts'
import type { Invocation } from '../../invocation/invocation.ts'
import { chosenSignIn, policyFor } from '../../policies/choose.ts'
import { verdictDocument, verdictText } from '../../policies/verdict-text.ts'
import { openPolicies } from '../../runs/policy-run.ts'
import { paint } from '../../terminal/paint.ts'

/** Says what the service would do with a message. Sends nothing; exit 2 if somebody would not get it, 1 if it cannot be told. */
export async function simulate(invocation: Invocation): Promise<number> {
  const { io, options } = invocation
  const as = chosenSignIn(invocation)
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
