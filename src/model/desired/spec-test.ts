import type { Scope } from '../address.ts'
import type { Source } from '../position.ts'

/** The names of the rules by which the service takes or refuses a message, in the order in which a client meets them. */
export const SENDING_RULES = [
  ...(['CREDENTIALS', 'API_IP_NOT_LISTED', 'NO_PERMISSION', 'NO_LOGIN', 'ACCOUNT_CLOSED', 'LOGIN_BLOCKED'] as const),
  ...(['IP_BLOCKED', 'IP_NOT_LISTED', 'BLANK_SENDER', 'SENDER_DOMAIN_MISSING', 'SENDER_LIST'] as const),
  ...(['RECIPIENT_LIST', 'LOGIN_RATE', 'QUOTA', 'SENDER_UNVERIFIED', 'SUPPRESSED', 'SANDBOX', 'QUEUED'] as const),
]
/** One of them. */
export type SendingRule = (typeof SENDING_RULES)[number]

/** What a test may expect: the message is delivered to all, refused, taken for a suppressed recipient, or thrown away by the sandbox. */
export const EXPECTATIONS = ['accepted', 'refused', 'suppressed', 'discarded'] as const
/** One of them. */
export type Expectation = (typeof EXPECTATIONS)[number]

/** A sentence of a spec about who may send, which has to hold; texts may be globs, and all combinations count. */
export interface SpecTest {
  readonly name: string
  readonly scope: Scope
  /** `smtpUsers/billing-app`; none: a login that may send. */
  readonly as: readonly string[]
  /** Envelope senders; none: one that may send. */
  readonly from: readonly string[]
  readonly headerFrom: readonly string[]
  /** Addresses and networks of clients; none: one that every list has. */
  readonly ip: readonly string[]
  /** None: a recipient whom nothing keeps from getting mail. */
  readonly to: readonly string[]
  readonly expect: Expectation
  readonly rule?: SendingRule
  readonly source: Source
}
