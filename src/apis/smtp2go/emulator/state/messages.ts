import {
  flag,
  list,
  need,
  nullable,
  oneOf,
  or,
  record,
  text,
  type Values,
  whole,
} from '../../../../emulator/input/fields.ts'
import { blank, many, nothing, off, texts } from '../../../../emulator/input/usual.ts'

/** What can happen to a message, in the words of the activity search. */
export const EVENTS = [
  ...(['processed', 'delivered', 'soft-bounced', 'hard-bounced', 'rejected', 'spam'] as const),
  ...(['unsubscribed', 'resubscribed', 'opened', 'clicked'] as const),
]
/** One of them. */
export type EventName = (typeof EVENTS)[number]

const eventFields = {
  event: need(oneOf(EVENTS)),
  /** ISO 8601, in UTC. */
  time: need(text()),
  recipient: need(text()),
  reason: blank,
  smtp_response: blank,
  host: blank,
  user_agent: blank,
  url: blank,
}
/** Something that happened to a message for one recipient. */
export type MailEvent = Values<typeof eventFields>

const recipientFields = {
  address: need(text()),
  /** Where it stands in the message; `bcc` where no header has it. */
  field: or(oneOf(['to', 'cc', 'bcc']), () => 'bcc' as const),
  fate: or(
    oneOf(['delivered', 'refused', 'suppressed', 'discarded', 'queued', 'delayed', 'bounced']),
    () => 'delivered' as const,
  ),
  /** The rule that decided. */
  rule: blank,
  /** When it goes on; null for one that is done, or waits for somebody. */
  due: nothing,
}
/** One recipient of a message, and what became of it. */
export type MailRecipient = Values<typeof recipientFields>

const refusalFields = { rule: need(text()), code: need(whole(200, 599)), lines: texts }

/** A message that somebody tried to send. */
export const messageFields = {
  email_id: need(text()),
  /** ISO 8601, in UTC. */
  time: need(text()),
  channel: or(oneOf(['smtp', 'api', 'ip']), () => 'smtp' as const),
  /** The SMTP user, the first 16 characters of an API key, or the address that sent without a login; empty for nobody. */
  username: blank,
  ip: blank,
  /** The same for every command about one message. */
  transaction: blank,
  envelope_from: blank,
  /** The From header as it stands there. */
  from: blank,
  subject: blank,
  recipients: many(recipientFields),
  /** The message as it was sent, a character for each byte. */
  raw: blank,
  size: or(whole(0), () => 0),
  archived: off,
  /** Whether opens and clicks are counted, and a footer is added. */
  tracked: or(record({ opens: off, clicks: off, footer: off }), () => ({ opens: false, clicks: false, footer: false })),
  refused: or(nullable(record(refusalFields)), () => null),
  /** Where it waited for its time. */
  schedule_id: nothing,
  schedule: nothing,
  events: or(list(record(eventFields)), () => []),
  seen: or(flag(), () => false),
  tags: texts,
  /** Whether somebody took it out of the inbox; the history of the account keeps it. */
  removed: off,
  /** The message that this one is an audit copy of. */
  copy_of: nothing,
}
/** What `messageFields` read. */
export type Message = Values<typeof messageFields>

/** A message that waits for its time. */
export const scheduledFields = {
  schedule_id: need(text()),
  /** ISO 8601, in UTC. */
  schedule: need(text()),
  username: blank,
  client_ip: blank,
  from: blank,
  sender: blank,
  to: texts,
  subject: blank,
  raw: blank,
}
/** What `scheduledFields` read. */
export type Scheduled = Values<typeof scheduledFields>

const tryFields = { time: need(text()), status: or(nullable(whole()), () => null), error: blank }

/** A call of a webhook: one event, tried until it is taken. */
export const hookCallFields = {
  id: need(text()),
  webhook: need(whole()),
  email_id: blank,
  event: need(text()),
  url: need(text()),
  body: blank,
  tries: or(list(record(tryFields)), () => []),
  /** When it is tried next; null when it is over. */
  next: nothing,
  taken: off,
}
/** What `hookCallFields` read. */
export type HookCall = Values<typeof hookCallFields>

/** What becomes of mail to an address that fits a pattern. */
export const outcomeFields = {
  to: need(text()),
  outcome: need(oneOf(['delivered', 'hardbounce', 'softbounce', 'spam', 'unsubscribe', 'open', 'click', 'delay'])),
}
/** What `outcomeFields` read. */
export type OutcomeRule = Values<typeof outcomeFields>

/** A text message. */
export const smsFields = {
  id: need(text()),
  time: need(text()),
  username: blank,
  sender: blank,
  destination: need(text()),
  content: blank,
  units: or(whole(1), () => 1),
  status: or(oneOf(['queued', 'submitted', 'delivered', 'failed', 'rejected']), () => 'queued' as const),
  received: off,
}
/** What `smsFields` read. */
export type Sms = Values<typeof smsFields>
