import { flag, list, oneOf, or, read, text, whole } from '../../../../emulator/input/fields.ts'
import type { Json, JsonObject } from '../../../../emulator/input/json.ts'
import { addressesIn, headerOf, readHeaders } from '../../../../emulator/mail/headers.ts'
import { type Call, reads } from '../call/operation.ts'
import { page } from '../call/pages.ts'
import { Refusal } from '../call/refusal.ts'
import { instant, midnightBefore, stamp, time } from '../call/time.ts'
import { EVENTS, type MailEvent, type Message } from '../state/messages.ts'
import type { Scope } from '../state/scope.ts'

const operator = or(oneOf(['contains', 'equals', 'starts_with', 'ends_with']), () => 'contains' as const)
type Operator = 'contains' | 'equals' | 'starts_with' | 'ends_with'

const fields = {
  start_date: time,
  end_date: time,
  search: text(),
  search_email_id: text(),
  search_subject: text(),
  search_subject_op: operator,
  search_sender: text(),
  search_sender_op: operator,
  search_recipient: text(),
  search_recipient_op: operator,
  search_usernames: list(text()),
  subaccounts: list(text()),
  limit: or(whole(1, 1000), () => 100),
  continue_token: text(),
  only_latest: or(flag(), () => false),
  only_latest_by_sent: or(flag(), () => false),
  event_types: list(oneOf(EVENTS)),
  include_headers: or(flag(), () => false),
  custom_headers: or(list(text()), () => []),
  region: oneOf(['us', 'eu', 'au']),
}

interface Found {
  readonly scope: Scope
  readonly message: Message
  readonly event: MailEvent
}

/** The accounts that are searched: that of the key and, for a master key, all of its subaccounts, or those that are named. */
function searched({ world, scope, key, settings }: Call, ids: readonly string[] | undefined): Scope[] {
  if (ids === undefined) return key.subaccount_id === '' ? [...world.scopes.values()] : [scope]
  return ids.map((id) => {
    const found = key.subaccount_id === '' || id === key.subaccount_id ? world.scopes.get(id) : undefined
    if (found !== undefined) return found
    const message = `A subaccount matching the passed value of ${id} was not found`
    throw new Refusal(message, 'API_EXCEPTION', settings.unknownSubaccountStatus)
  })
}

function fits(value: string, wanted: string | undefined, how: Operator): boolean {
  if (wanted === undefined || wanted === '') return true
  const [a, b] = [value.toLowerCase(), wanted.toLowerCase()]
  switch (how) {
    case 'contains':
      return a.includes(b)
    case 'equals':
      return a === b
    case 'starts_with':
      return a.startsWith(b)
    case 'ends_with':
      return a.endsWith(b)
  }
}

function find(call: Call, question: JsonObject): Found[] {
  const input = read(fields, question)
  const from = input.start_date === undefined ? midnightBefore(call.now, 0) : instant(input.start_date)
  const until = input.end_date === undefined ? stamp(call.now) : instant(input.end_date)
  const words = (input.search ?? '').split('|').map((one) => one.trim())
  const found = searched(call, input.subaccounts).flatMap((scope) =>
    scope.messages
      .filter((message) => isWanted(message))
      .flatMap((message) => message.events.filter(isEventWanted).map((event) => ({ scope, message, event }))),
  )
  return latest(found, input.only_latest || input.only_latest_by_sent)
    .reverse() // the last of those of one time comes first, too
    .sort((a, b) => (a.event.time < b.event.time ? 1 : a.event.time > b.event.time ? -1 : 0))

  function isWanted(message: Message): boolean {
    const { email_id, subject, username, recipients } = message
    const sender = `${message.from} ${message.envelope_from}`
    const all = [subject, sender, ...recipients.map(({ address }) => address)]
    return (
      (input.search_email_id === undefined || email_id === input.search_email_id) &&
      (input.search_usernames === undefined || input.search_usernames.includes(username)) &&
      fits(subject, input.search_subject, input.search_subject_op) &&
      fits(
        input.search_sender_op === 'contains' ? sender : message.envelope_from,
        input.search_sender,
        input.search_sender_op,
      ) &&
      words.some((word) => all.some((one) => fits(one, word, 'contains')))
    )
  }

  function isEventWanted({ event, time: at, recipient }: MailEvent): boolean {
    const when = stamp(new Date(at))
    if (when < from || when > until) return false
    if (input.event_types !== undefined && !input.event_types.includes(event)) return false
    return fits(recipient, input.search_recipient, input.search_recipient_op)
  }
}

function latest(found: readonly Found[], only: boolean): Found[] {
  if (!only) return [...found]
  const last = new Map<string, Found>()
  for (const one of found) last.set(one.message.email_id, one)
  return [...last.values()]
}

function show(call: Call, question: JsonObject, { scope, message, event }: Found): Json {
  const { include_headers, custom_headers } = read(fields, question)
  const head = readHeaders(Buffer.from(message.raw, 'latin1'))
  const header = (name: string) => headerOf(head, name) ?? ''
  const isOpened = event.event === 'opened' || event.event === 'clicked'
  return {
    from: message.envelope_from,
    recipient: event.recipient,
    subaccount_name: scope.id === '' ? 'Master account' : (call.world.subaccounts.get(scope.id)?.name ?? scope.id),
    email_id: message.email_id,
    date: event.time.replace(/\.\d+Z$/, 'Z'),
    event: event.event,
    recipients: message.recipients.map(({ address }) => address),
    subject: message.subject,
    username: message.username,
    reply_to: header('reply-to'),
    sender: addressesIn(message.from)[0]?.address ?? message.envelope_from,
    sender_full: message.from,
    to: header('to'),
    cc: header('cc'),
    bcc: '',
    smtp_response: event.smtp_response,
    reason: event.reason,
    host: event.host,
    originating_host: event.event === 'processed' ? message.ip : '',
    error: '',
    email_client: isOpened ? { user_agent: event.user_agent } : {},
    metadata: event.event === 'clicked' ? { url: event.url } : {},
    outbound_ip: '',
    byte_size: message.size,
    headers: include_headers ? head.headerText : '',
    custom_headers: Object.fromEntries(custom_headers.map((name) => [name, header(name)])),
    ...(event.event === 'processed' ? { delivery_attempts: attempts(message, event.recipient) } : {}),
  }
}

function attempts({ events }: Message, recipient: string): Json[] {
  return events
    .filter((one) => one.recipient === recipient && one.smtp_response !== '')
    .map(({ time: smtptime, host, smtp_response }) => ({ smtptime, host, smtpresponse: smtp_response }))
}

/** `/activity/search`: what happened to mail, the latest first. */
export const activity = [
  reads(
    '/activity/search',
    fields,
    (call, { limit }) => {
      const { rows, total, token } = page(call, 'activity', limit, (question) =>
        find(call, question).map((one) => show(call, question, one)),
      )
      return { events: rows, total_events: total, continue_token: token ?? '' }
    },
    { scoped: false, limit: { calls: 60, seconds: 60 } },
  ),
]
