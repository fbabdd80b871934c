import { isIP } from 'node:net'
import type { Source } from '../../model/position.ts'
import type { Login, Message, Policy } from '../state/policy.ts'
import { type Phase, type RuleCode, replyLines, replyText, ruleOf, type Subject } from './rules.ts'

/** One rule that a message breaks. */
export interface Failure {
  readonly rule: RuleCode
  readonly phase: Phase
  /** What the client sees; empty where the message is taken. */
  readonly text: string
  /** Why, in the words of the spec. */
  readonly because: string
  /** What would have to be there instead. */
  readonly fix?: string
  readonly source?: Source
  /** Set where the rule speaks of one recipient alone. */
  readonly recipient?: string
}

/** What becomes of a message for one recipient. */
export type Fate = 'delivered' | 'refused' | 'suppressed' | 'discarded' | 'queued'

/** Something that was taken for granted. */
interface Assumption {
  readonly what: string
  readonly source?: Source
}

/** What the service does with a message. */
export interface Verdict {
  /** `taken` where it is taken for one recipient at least. */
  readonly outcome: 'taken' | 'refused'
  /** Every rule that fails, in the order of the rules. */
  readonly failures: readonly Failure[]
  /** The one whose text a client sees first; undefined where no text refuses. */
  readonly first?: Failure
  readonly recipients: readonly { readonly address: string; readonly fate: Fate; readonly rule?: RuleCode }[]
  readonly assumes: readonly Assumption[]
}

/** A message on its way through the rules. */
export interface Case {
  readonly policy: Policy
  readonly message: Message
  /** Who sends; undefined where nobody of that name may. */
  readonly login?: Login
  /** Addresses in the From header and the envelope, in lower case; the envelope's is empty for a bounce. */
  readonly header: string
  readonly envelope: string
  readonly assumes: Assumption[]
}

/** What a check finds: the rule is added by who asks. */
export interface Finding {
  readonly because: string
  readonly fix?: string
  readonly source?: Source | undefined
  readonly about?: Subject
}

/** Opens a case; finds who signs in. */
export function openCase(policy: Policy, message: Message): Case {
  const login = signedIn(policy, message)
  const envelope = message.from.toLowerCase()
  return {
    policy,
    message,
    ...(login === undefined ? {} : { login }),
    header: (message.headerFrom ?? message.from).toLowerCase(),
    envelope,
    assumes: [],
  }
}

function signedIn(policy: Policy, { as, ip }: Message): Login | undefined {
  switch (as.by) {
    case 'user':
      return as.isWrong ? undefined : policy.users.get(as.name)
    case 'key':
      return policy.keys.get(as.name)
    case 'ip':
      return ip === undefined || isIP(ip) === 0 ? undefined : policy.addresses.get(ip)
  }
}

/** A failure out of what a check found. */
export function failure(
  code: RuleCode,
  { about = {}, source, ...found }: Finding,
  by: Case,
  recipient?: string,
): Failure {
  const { phase, call } = ruleOf(code)
  const isCall = by.message.as.by === 'key'
  const subject = { sender: by.message.from, ...about, ...(recipient === undefined ? {} : { recipient }) }
  const text = isCall ? (call ?? replyLines(code, subject).join('\n')) : replyText(code, subject)
  return {
    rule: code,
    phase: isCall && call !== undefined ? 'auth' : phase,
    text: phase === 'taken' ? '' : text,
    ...found,
    ...(source === undefined ? {} : { source }),
    ...(recipient === undefined ? {} : { recipient }),
  }
}
