import { SENDING_RULES, type SendingRule } from '../../model/desired/spec-test.ts'

/** Where a claim about the service comes from: its own pages, an answer that somebody captured, or us. */
type Evidence = 'documented' | 'seen live' | 'invented'

/** When a rule speaks: at AUTH, at the HTTP call, at RCPT TO, at the end of DATA, or after the message was taken. */
export type Phase = 'auth' | 'http' | 'rcpt' | 'data' | 'taken'

/** One rule of the service about who may send. */
interface Rule {
  readonly phase: Phase
  /** When it speaks, as the rest of a sentence. */
  readonly when: string
  /** The lines that a client sees; `{sender}`, `{domain}` and `{recipient}` stand for those of the message. None where the message is taken. */
  readonly reply: readonly string[]
  /** The SMTP code, or the HTTP status of a call. */
  readonly status?: number
  /** The words where mail is sent by API and the rule speaks before the message is read. */
  readonly call?: string
  readonly evidence: Evidence
  /** What of it nobody has seen: such a part is a setting of the emulator, or a guess that its page names. */
  readonly invented?: string
}

const NOT_ALLOWED = ["that SMTP username's account is not allowed to send"]

/**
 * The rules of the service in the order in which a client meets them. A message is taken where none of them refuses it: their order only decides
 * which text is seen first. Sources: the vendor's support pages on sending errors, IP allow lists, allowed senders and sending limits; logs that users published.
 */
const RULES = {
  CREDENTIALS: {
    phase: 'auth',
    when: 'no SMTP user has that name and password',
    status: 535,
    reply: ['Incorrect authentication data'],
    evidence: 'documented',
  },
  API_IP_NOT_LISTED: {
    phase: 'http',
    when: 'the IP allow list of type `api` is on and lacks the address of the caller',
    status: 403,
    reply: ["This request is coming from an IP address that isn't in the IP allow list"],
    evidence: 'documented',
    invented: 'the status (`ipListStatus`)',
  },
  NO_PERMISSION: {
    phase: 'http',
    when: 'the endpoints of the API key do not cover `/email/send`',
    status: 400,
    reply: ['You do not have permission to access this API endpoint'],
    evidence: 'documented',
  },
  NO_LOGIN: {
    phase: 'rcpt',
    when: 'the client has not signed in, and its address has no IP authentication',
    status: 550,
    reply: ['Relay access denied - please authenticate'],
    evidence: 'documented',
  },
  ACCOUNT_CLOSED: {
    phase: 'rcpt',
    when: 'the subaccount is closed or suspended',
    status: 550,
    reply: NOT_ALLOWED,
    evidence: 'documented',
  },
  LOGIN_BLOCKED: {
    phase: 'rcpt',
    when: 'the status of the SMTP user or the API key is `blocked`',
    status: 550,
    reply: NOT_ALLOWED,
    call: 'This API key is blocked',
    evidence: 'documented',
    invented: 'that a blocked API key is refused before its message is read (`blockedKeyStatus`)',
  },
  IP_BLOCKED: {
    phase: 'rcpt',
    when: 'the status of the IP authentication is `blocked`',
    status: 550,
    reply: ['that IP address is not allowed to send'],
    evidence: 'seen live',
  },
  IP_NOT_LISTED: {
    phase: 'rcpt',
    when: 'the IP allow list of type `smtp` is on and lacks the address of the client',
    status: 550,
    reply: ['that IP address on this account is not allowed to send'],
    evidence: 'documented',
  },
  BLANK_SENDER: {
    phase: 'rcpt',
    when: 'the envelope sender is empty and the account does not allow that',
    status: 550,
    reply: ['to send email from a blank sender, enable blank senders'],
    evidence: 'seen live',
    invented: 'how an account allows it: the API has no such field (`blankSenders`)',
  },
  SENDER_DOMAIN_MISSING: {
    phase: 'rcpt',
    when: 'the domain of the envelope sender has neither an MX record nor an address',
    status: 550,
    reply: ['Verification failed for <{sender}>', 'Unrouteable address', 'domain verify fail <{sender}>'],
    evidence: 'seen live',
    invented: 'the code; what is published is known only where `publishedDns` lists names',
  },
  SENDER_LIST: {
    phase: 'rcpt',
    when: 'the list of allowed senders is in the mode `allow` and lacks the envelope sender and its domain, or in the mode `block` and has one of them',
    status: 550,
    reply: [
      "that SMTP sender is not on your allowed list, You can adjust your list on the 'Restrict Senders' page at https://app.smtp2go.com/",
    ],
    evidence: 'documented',
    invented: 'the name and address of the page, and that it is said at RCPT TO',
  },
  RECIPIENT_LIST: {
    phase: 'rcpt',
    when: 'the list of allowed recipients is on and lacks the recipient and its domain; said for each recipient',
    status: 550,
    reply: ['that recipient <{recipient}> is not on your allowed list'],
    evidence: 'documented',
    invented: 'the wording and the phase',
  },
  LOGIN_RATE: {
    phase: 'rcpt',
    when: 'the SMTP user or API key has sent as many messages in its period as its own rate limit allows',
    status: 451,
    reply: ['that SMTP username has reached its rate limit, try again later'],
    evidence: 'documented',
    invented: 'the code and the wording, and that each recipient counts as one message',
  },
  QUOTA: {
    phase: 'rcpt',
    when: 'the plan is used up: at 100 % of a free plan, at 300 % of a paid one',
    status: 550,
    reply: ['that account has used up its plan for this billing cycle'],
    evidence: 'documented',
    invented: 'the code and the wording (`plan`, `subaccountQuotaPercent`)',
  },
  SENDER_UNVERIFIED: {
    phase: 'data',
    when: 'no verified sender domain (own, or delegated by the master account) and no verified single sender covers the From header, or the envelope sender; not in the modes `allow` and `block` of allowed senders',
    status: 550,
    reply: [
      'From header sender domain not verified ({domain})',
      'On your Sending > Verified Senders page',
      'verify the sender domain or email to be allowed to send.',
    ],
    evidence: 'seen live',
    invented:
      'whether a verified domain covers its subdomains (`verifiedCoversSubdomains`); the first line where only the envelope sender is not covered',
  },
  SUPPRESSED: {
    phase: 'taken',
    when: 'the recipient or its domain is suppressed: after a hard bounce for 7 days, else until it is removed',
    reply: [],
    evidence: 'documented',
    invented: 'that the message is taken first',
  },
  SANDBOX: {
    phase: 'taken',
    when: 'the status of the SMTP user, API key or IP authentication is `sandbox`',
    reply: [],
    evidence: 'documented',
  },
  QUEUED: {
    phase: 'taken',
    when: 'a free plan has sent 200 messages in a day, or 25 in an hour without a verified sender domain, or a new account 1,000',
    reply: [],
    evidence: 'documented',
    invented: 'that the day and the hour are the last 24 hours and 60 minutes',
  },
} as const satisfies Readonly<Record<SendingRule, Rule>>

/** The name of a rule. */
export type RuleCode = SendingRule

/** The names of all rules, in their order. */
export const RULE_CODES: readonly RuleCode[] = SENDING_RULES

/** A rule by its name. */
export function ruleOf(code: RuleCode): Rule {
  return RULES[code]
}

/** What a rule's words are about. */
export interface Subject {
  readonly sender?: string
  readonly domain?: string
  readonly recipient?: string
}

/** The lines of a rule's reply for one message, without its code. */
export function replyLines(code: RuleCode, about: Subject): readonly string[] {
  const words: Readonly<Record<string, string | undefined>> = { ...about }
  return ruleOf(code).reply.map((line) => line.replace(/\{(\w+)\}/g, (_, name: string) => words[name] ?? ''))
}

/** A reply as a client sees it: each line with its code, all but the last with a hyphen. */
export function replyText(code: RuleCode, about: Subject): string {
  const { status } = ruleOf(code)
  const lines = replyLines(code, about)
  return lines.map((line, at) => `${status}${at < lines.length - 1 ? '-' : ' '}${line}`).join('\n')
}
