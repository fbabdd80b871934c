import { defined } from '../../../model/json.ts'
import type { CallAccount, EventQuery, MailEvent } from '../../../model/traffic/traffic.ts'
import type { ActivityEvent, ActivityEventName, ActivitySearch } from '../operations/mail.ts'
import { ask } from './ask.ts'

/** What can happen to a message. Source: /activity/search. */
export const EVENT_NAMES = [
  ...(['processed', 'delivered', 'soft-bounced', 'hard-bounced', 'rejected', 'spam'] as const),
  ...(['unsubscribed', 'resubscribed', 'opened', 'clicked'] as const),
] as const satisfies readonly ActivityEventName[]

/** Events in an answer at most. */
const PAGE = 1000

/** The events that fit, the latest first, a page at a time; the client keeps to 60 calls a minute. */
export async function* events(call: CallAccount, query: EventQuery): AsyncGenerator<readonly MailEvent[]> {
  const wanted = searchOf(query)
  let token: string | null = null
  do {
    const page: { readonly events: readonly ActivityEvent[]; readonly continue_token: string | null } = await ask(
      call,
      '/activity/search',
      token === null ? wanted : { ...wanted, continue_token: token },
    )
    yield page.events.map(eventOf)
    token = page.events.length === 0 || page.continue_token === '' ? null : (page.continue_token ?? null)
  } while (token !== null)
}

function searchOf({ from, until, id, sender, recipient, subject, users, events: names, headers }: EventQuery) {
  const event_types = names === undefined ? undefined : EVENT_NAMES.filter((one) => names.includes(one))
  const search: ActivitySearch = {
    start_date: from,
    limit: PAGE,
    ...defined({
      end_date: until,
      search_email_id: id,
      search_sender: sender,
      search_recipient: recipient,
      search_subject: subject,
      search_usernames: users,
      event_types,
      custom_headers: headers,
    }),
  }
  return search
}

function eventOf(row: ActivityEvent): MailEvent {
  const { email_id: id, event, date: time, byte_size: size, custom_headers: headers } = row
  return {
    id,
    event,
    time,
    ...texts({
      recipient: row.recipient,
      sender: row.from ?? row.sender,
      from: row.sender_full ?? row.sender,
      subject: row.subject,
      user: row.username,
      subaccount: row.subaccount_name,
      host: row.host,
      response: row.smtp_response,
      reason: row.reason,
      ip: row.originating_host,
    }),
    ...defined({ size, headers }),
  }
}

type Texts = Readonly<Record<string, string | undefined>>

/** What the API has nothing to say about is an empty text there. */
function texts<T extends Texts>(all: T): { readonly [N in keyof T]?: string } {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined && value !== '')) as {
    readonly [N in keyof T]?: string
  }
}
