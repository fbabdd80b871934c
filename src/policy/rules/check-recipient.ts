import { coveringEntry, domainOf } from '../state/addresses.ts'
import type { Policy } from '../state/policy.ts'
import type { RuleCode } from './rules.ts'
import type { Case, Finding } from './verdict.ts'

/** Whether a rule speaks about one recipient, after so many that were taken before it in the same message. */
type RecipientCheck = (by: Case, recipient: string, taken: number) => Finding | undefined

/** The rules that refuse a recipient. */
export const RECIPIENT_CHECKS: readonly (readonly [RuleCode, RecipientCheck])[] = [
  ['RECIPIENT_LIST', recipientList],
  ['LOGIN_RATE', rate],
  ['QUOTA', quota],
]

/** The rules about a recipient for whom the message was taken; the first that speaks decides. */
export const FATE_CHECKS: readonly (readonly [RuleCode, RecipientCheck])[] = [
  ['SANDBOX', sandbox],
  ['SUPPRESSED', suppressed],
  ['QUEUED', queued],
]

const DAY_MS = 86_400_000
/** A hard bounce suppresses for a week. */
const BOUNCE_MS = 7 * DAY_MS

function recipientList(by: Case, recipient: string): Finding | undefined {
  const { enabled, entries, source } = by.policy.recipients
  if (!enabled || coveringEntry(entries, recipient) !== undefined) return undefined
  return {
    because: `allowedRecipients is on and lacks ${recipient}`,
    fix: `${recipient} or ${domainOf(recipient)} in allowedRecipients.entries`,
    source,
  }
}

function rate({ policy, login }: Case, _: string, taken: number): Finding | undefined {
  if (login?.rate === undefined) return undefined
  const sent = (policy.usage.byLogin.get(login.name) ?? 0) + taken
  if (sent < login.rate.messages) return undefined
  return {
    because: `${login.name} has sent the ${login.rate.messages} messages of its rate limit`,
    fix: `a higher rate limit of ${login.name}`,
    source: login.source,
  }
}

function quota({ policy }: Case, _: string, taken: number): Finding | undefined {
  if (policy.planSize === undefined) return undefined
  const most = (policy.planSize * percentOf(policy)) / 100
  if (policy.usage.inCycle + taken < most) return undefined
  return { because: `the plan of ${policy.planSize} messages in a cycle is used up`, fix: 'a larger plan' }
}

function percentOf({ isSubaccount, facts }: Policy): number {
  if (isSubaccount) return facts.subaccountQuota
  return facts.plan === 'paid' ? 300 : 100
}

function sandbox({ login }: Case): Finding | undefined {
  if (login?.status !== 'sandbox') return undefined
  return { because: `${login.name} is in the sandbox`, fix: `status "allowed" of ${login.name}`, source: login.source }
}

function suppressed({ policy, message }: Case, recipient: string): Finding | undefined {
  const whole = recipient.toLowerCase()
  for (const name of [whole, domainOf(whole)]) {
    for (const { reason, since, source } of policy.suppressions.get(name) ?? []) {
      const isOver = reason === 'bounce' && since !== undefined && message.at - since >= BOUNCE_MS
      if (!isOver) return { because: `${name} is suppressed (${reason})`, fix: `no suppression of ${name}`, source }
    }
  }
  return undefined
}

function queued({ policy }: Case, _: string, taken: number): Finding | undefined {
  const { usage, facts, domains } = policy
  if (facts.plan === 'paid') return undefined
  const hasDomain = [...domains.values()].some(({ verified }) => verified !== 'no')
  if (facts.plan === 'new')
    return usage.ever + taken < 1000 ? undefined : { because: 'a new account sends 1,000 messages, then they wait' }
  if (usage.inDay + taken >= 200) return { because: 'a free plan sends 200 messages a day, then they wait' }
  if (hasDomain || usage.inHour + taken < 25) return undefined
  return {
    because: 'a free plan without a verified domain sends 25 messages an hour, then they wait',
    fix: 'a verified sender domain',
  }
}
