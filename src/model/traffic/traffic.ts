import type { WireRequest } from '../wire.ts'

/** What mail of some time came to; a message to several people counts once for each. */
export interface MailCounts {
  readonly sent: number
  /** Soft and hard ones together. */
  readonly bounces: number
  /** Messages that the service took and then did not send, such as those to suppressed addresses. */
  readonly rejects: number
  readonly complaints: number
  readonly unsubscribes: number
  readonly opens: number
  readonly clicks: number
}

/** What mail can be counted by. */
export type TrafficGroup = 'user' | 'domain' | 'sender' | 'subaccount'
/** All of them. */
export const TRAFFIC_GROUPS: readonly TrafficGroup[] = ['user', 'domain', 'sender', 'subaccount']

/** The mail of one user, domain, sender or subaccount. */
export interface TrafficRow {
  readonly name: string
  readonly counts: MailCounts
  /** The address that its last message came from. */
  readonly lastIp?: string
}

/** Whole days in UTC, both included: `2026-11-01`. */
export interface Days {
  readonly first: string
  readonly last: string
}

/** The plan of an account or a subaccount in its billing cycle. */
export interface PlanUse {
  /** Messages. */
  readonly used: number
  readonly limit: number
  /** Days in UTC, both included; left out where the API does not say. */
  readonly cycle?: Days
}

/** The plan of a subaccount; text messages where the account tells of them. */
export interface SubaccountUse extends PlanUse {
  readonly name: string
  readonly sms?: { readonly used: number; readonly limit?: number }
}

/** Something that happened to a message for one recipient; what the API does not say is left out. */
export interface MailEvent {
  readonly id: string
  /** In the words of the service: `hard-bounced`. */
  readonly event: string
  /** ISO 8601, in UTC. */
  readonly time: string
  readonly recipient?: string
  readonly sender?: string
  /** The From header. */
  readonly from?: string
  readonly subject?: string
  /** The SMTP user, or the short form of the API key. */
  readonly user?: string
  readonly subaccount?: string
  readonly host?: string
  /** What the server of the recipient said. */
  readonly response?: string
  readonly reason?: string
  readonly ip?: string
  readonly size?: number
  readonly headers?: Readonly<Record<string, string>>
}

/** Which events are wanted; everything that is given has to hold. */
export interface EventQuery {
  /** ISO 8601, in UTC. */
  readonly from: string
  readonly until?: string
  readonly id?: string
  readonly sender?: string
  readonly recipient?: string
  readonly subject?: string
  readonly users?: readonly string[]
  readonly events?: readonly string[]
  /** Headers that are wanted with each event. */
  readonly headers?: readonly string[]
}

/** A message for the API to send; people are `Name <name@example.com>`. */
export interface MailToSend {
  readonly from: string
  readonly to: readonly string[]
  readonly subject?: string
  readonly text?: string
  readonly html?: string
  readonly template?: { readonly id: string; readonly data: Readonly<Record<string, unknown>> }
  /** A whole message (RFC 5322) in place of all of the above. */
  readonly raw?: Buffer
}

/** What the API said to it. */
export type SendAnswer = { readonly id: string } | { readonly refused: string }

/** How an account is called; throws `ApiError`. */
export type CallAccount = (request: WireRequest) => Promise<unknown>

/** What an API tells of the mail that was sent, and how it sends some. Every method throws `ApiError`. */
export interface ApiTraffic {
  readonly eventNames: readonly string[]
  /** Mail of some days, by what it is grouped; one call. */
  readonly history: (call: CallAccount, days: Days, by: TrafficGroup) => Promise<readonly TrafficRow[]>
  readonly plan: (call: CallAccount) => Promise<PlanUse>
  readonly subaccounts: (call: CallAccount) => Promise<readonly SubaccountUse[]>
  /** Events, the latest first, as pages come in. */
  readonly events: (call: CallAccount, query: EventQuery) => AsyncIterable<readonly MailEvent[]>
  readonly send: (call: CallAccount, mail: MailToSend) => Promise<SendAnswer>
  /** How a login stands in the numbers: the short form of a key. */
  readonly shortKey: (key: string) => string
}
