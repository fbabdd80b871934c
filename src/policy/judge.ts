import { defined } from '../model/json.ts'
import { LOGIN_CHECKS } from './rules/check-login.ts'
import { FATE_CHECKS, RECIPIENT_CHECKS } from './rules/check-recipient.ts'
import { SENDER_CHECKS, VERIFICATION_CHECKS } from './rules/check-sender.ts'
import { type Phase, RULE_CODES, type RuleCode } from './rules/rules.ts'
import { type Case, type Failure, type Fate, failure, openCase, type Verdict } from './rules/verdict.ts'
import type { Message, Policy } from './state/policy.ts'

const PHASES: readonly Phase[] = ['auth', 'http', 'rcpt', 'data', 'taken']

/** What the service does with a message: every rule that fails, and what becomes of it for each recipient. */
export function judge(policy: Policy, message: Message): Verdict {
  const by = openCase(policy, message)
  const whole = [...LOGIN_CHECKS, ...SENDER_CHECKS, ...VERIFICATION_CHECKS].flatMap(([code, check]) => {
    const found = check(by)
    return found === undefined ? [] : [failure(code, found, by)]
  })
  const refusing: Failure[] = [...whole]
  const recipients: { address: string; fate: Fate; rule?: RuleCode }[] = []
  let accepted = 0 // at RCPT TO, whatever is said of the message later
  for (const address of message.to) {
    const own = RECIPIENT_CHECKS.flatMap(([code, check]) => {
      const found = check(by, address, accepted)
      return found === undefined ? [] : [failure(code, found, by, address)]
    })
    refusing.push(...own)
    const [first] = inOrder([...whole, ...own])
    const before = accepted
    if (first === undefined || first.phase === 'data') accepted += 1
    if (first !== undefined) {
      recipients.push({ address, fate: 'refused', rule: first.rule })
      continue
    }
    const after = fateOf(by, address, before)
    recipients.push({ address, fate: after.fate, ...defined({ rule: after.why?.rule }) })
    if (after.why !== undefined) refusing.push(after.why)
  }
  const failures = inOrder(refusing)
  const first = failures.find(({ phase }) => phase !== 'taken')
  const isRefused = recipients.every(({ fate }) => fate === 'refused') && failures.length > 0
  return {
    outcome: isRefused ? 'refused' : 'taken',
    failures,
    ...defined({ first }),
    recipients,
    assumes: by.assumes,
  }
}

const FATES: Readonly<Record<string, Fate>> = { SANDBOX: 'discarded', SUPPRESSED: 'suppressed', QUEUED: 'queued' }

function fateOf(by: Case, address: string, taken: number): { fate: Fate; why?: Failure } {
  for (const [code, check] of FATE_CHECKS) {
    const found = check(by, address, taken)
    if (found !== undefined) return { fate: FATES[code] ?? 'delivered', why: failure(code, found, by, address) }
  }
  return { fate: 'delivered' }
}

/** Failures as a client meets them: by phase, then in the order of the rules. */
function inOrder(failures: readonly Failure[]): Failure[] {
  const place = ({ phase, rule }: Failure) => PHASES.indexOf(phase) * 100 + RULE_CODES.indexOf(rule)
  return failures.toSorted((a, b) => place(a) - place(b))
}
