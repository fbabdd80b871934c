import type { ForSubaccount } from './senders.ts'

/** What a mail can do that a webhook tells. Unknown names are dropped by the API silently. */
export type MailEvent = 'delivered' | 'unsubscribe' | 'spam' | 'bounce' | 'processed' | 'reject' | 'click' | 'open'

/** What a short message can do that a webhook tells. */
export type SmsEvent = 'delivered' | 'failed' | 'rejected' | 'sending' | 'submitted'

/** What a webhook tells and how. Source: /webhook/add. */
export type WebhookSettings = ForSubaccount & {
  readonly events?: readonly MailEvent[]
  readonly sms_events?: readonly SmsEvent[]
  /** Names of mail headers to pass on. */
  readonly headers?: readonly string[]
  /** SMTP users, whole API keys or addresses; all if left out. */
  readonly usernames?: readonly string[]
  readonly output_format?: 'form' | 'json'
  readonly auth_header_type?: '' | 'bearer' | 'basic'
  readonly auth_header_value?: string
}

/** A webhook as the API shows it; examples have `headers` and `usernames` as plain text. */
export type Webhook = {
  readonly id: number
  readonly url: string
  readonly events: readonly string[]
  readonly sms_events?: readonly string[]
  readonly headers?: readonly string[] | string
  readonly usernames?: readonly string[] | string
  readonly output_format?: 'form' | 'json'
  readonly auth_header_type?: string
  readonly auth_header_value?: string
}
