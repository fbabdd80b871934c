import { defined } from '../../../model/json.ts'
import type { CallAccount, EventQuery, MailEvent } from '../../../model/traffic/traffic.ts'
import { typed } from '../client/typed.ts'
import type { ActivityEvent, ActivityEventName, ActivityPage, ActivitySearch } from '../operations/mail.ts'

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
    const question: ActivitySearch = token === null ? wanted : { ...wanted, continue_token: token }
    const page: ActivityPage = await typed(call).call('/activity/search', question)
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
    ...defined({
      recipient: said(row.recipient),
      sender: said(row.from) ?? said(row.sender),
      from: said(row.sender_full) ?? said(row.sender),
      subject: said(row.subject),
      user: said(row.username),
      subaccount: said(row.subaccount_name),
      host: said(row.host),
      response: said(row.smtp_response),
      reason: said(row.reason),
      ip: said(row.originating_host),
      size,
      headers,
    }),
  }
}

/** What the API has nothing to say about is an empty text there. */
function said(text: string | undefined): string | undefined {
  return text === '' ? undefined : text
}
