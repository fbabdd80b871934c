import { stamp } from '../call/time.ts'
import { dayOf, type MailDay } from '../state/mail.ts'
import type { EventName, MailEvent, Message } from '../state/messages.ts'
import { type Scope, suppressionKey } from '../state/scope.ts'
import type { Context } from '../state/world.ts'
import { callHooks } from './hooks.ts'

type Details = Partial<Pick<MailEvent, 'reason' | 'smtp_response' | 'host' | 'user_agent' | 'url'>>

/** Writes down that something happened to a message: in its history, in the numbers of the day, and to the webhooks. */
export function note(
  context: Context,
  scope: Scope,
  message: Message,
  event: EventName,
  recipient: string,
  details: Details = {},
): void {
  const made: MailEvent = {
    event,
    time: context.now.toISOString(),
    recipient,
    reason: '',
    smtp_response: '',
    host: '',
    user_agent: '',
    url: '',
    ...details,
  }
  message.events.push(made)
  count(dayRow(scope, message, context.now), event, message)
  callHooks(context, scope, message, made)
}

const COUNTED = {
  'soft-bounced': 'softbounces',
  'hard-bounced': 'hardbounces',
  rejected: 'rejects',
  spam: 'spam',
  unsubscribed: 'unsubscribes',
  opened: 'opens',
  clicked: 'clicks',
} as const

function count(row: MailDay, event: EventName, { size, ip }: Message): void {
  if (event === 'processed') {
    row.emails += 1
    row.bytecount += size
    row.lastip = ip
  } else if (event !== 'delivered' && event !== 'resubscribed') row[COUNTED[event]] += 1
}

/** The numbers of a login and a sender for today. */
function dayRow({ mail }: Scope, { username, envelope_from }: Message, now: Date): MailDay {
  const date = dayOf(now)
  const found = mail.days.findLast(
    (one) => one.date === date && one.username === username && one.email_address === envelope_from,
  )
  if (found !== undefined) return found
  const none = { emails: 0, bytecount: 0, softbounces: 0, hardbounces: 0, rejects: 0 }
  const made = {
    date,
    username,
    email_address: envelope_from,
    ...none,
    spam: 0,
    unsubscribes: 0,
    opens: 0,
    clicks: 0,
    lastip: '',
  }
  mail.days.push(made)
  return made
}

const WORDS = { bounce: 'hard bounce', spam: 'marked as spam', unsubscribe: 'unsubscribed' } as const

/** Stops further mail to a recipient. */
export function suppress(
  { now }: Context,
  scope: Scope,
  message: Message,
  recipient: string,
  reason: keyof typeof WORDS,
): void {
  scope.suppressions.set(suppressionKey(recipient, reason), {
    email_address: recipient,
    reason,
    block_description: WORDS[reason],
    complaint: '',
    subject: message.subject,
    timestamp: stamp(now),
  })
}
