import { createHash, randomBytes } from 'node:crypto'
import { addressesIn, firstAddress, headerOf, readHeaders } from '../../../../emulator/mail/headers.ts'
import type { Outgoing, OutgoingResult } from '../../../../emulator/world/mail.ts'
import type { Webhook } from '../state/entities.ts'
import type { HookCall, MailEvent, Message } from '../state/messages.ts'
import type { Scope } from '../state/scope.ts'
import type { Context } from '../state/world.ts'

/** What a webhook asks for, by what happens. */
const ASKED = {
  processed: 'processed',
  delivered: 'delivered',
  'soft-bounced': 'bounce',
  'hard-bounced': 'bounce',
  rejected: 'reject',
  spam: 'spam',
  unsubscribed: 'unsubscribe',
  resubscribed: 'resubscribe',
  opened: 'open',
  clicked: 'click',
} as const satisfies Record<MailEvent['event'], string>

/** Names that one library saw in place of the documented ones. */
const SEEN: Readonly<Record<string, string>> = {
  open: 'opened',
  click: 'clicked',
  spam: 'spam_complaint',
  unsubscribe: 'unsubscribed',
}

/** Puts one call for each webhook that asked for an event into the queue. */
export function callHooks(context: Context, scope: Scope, message: Message, event: MailEvent): void {
  const asked = ASKED[event.event]
  for (const hook of scope.webhooks.values()) {
    if (hook.disabled === true || !hook.events.includes(asked) || !isAbout(hook, message, context)) continue
    const name = context.settings.webhookEventNames === 'seen' ? (SEEN[asked] ?? asked) : asked
    const fields = payload(name, hook, message, event)
    const call: HookCall = {
      id: randomBytes(16).toString('hex'),
      webhook: hook.id,
      email_id: message.email_id,
      event: name,
      url: hook.url,
      body: hook.output_format === 'json' ? JSON.stringify(fields) : new URLSearchParams(fields).toString(),
      tries: [],
      next: context.now.toISOString(),
      taken: false,
    }
    scope.hookCalls.push(call)
    context.world.waiting.calls.add({ scope, call })
    const over = context.settings.keptMessages === null ? 0 : scope.hookCalls.length - context.settings.keptMessages
    if (over > 0) scope.hookCalls.splice(0, over)
  }
}

/** Whether a webhook wants mail of this login: its list has SMTP users, whole API keys and addresses. */
function isAbout({ usernames }: Webhook, { username, ip, channel }: Message, { world }: Context): boolean {
  if (usernames.length === 0) return true
  const known = [username, ...(channel === 'ip' ? [ip] : [])]
  const keys = [...world.keys.keys()].filter((key) => channel === 'api' && key.startsWith(username))
  return usernames.some((one) => known.includes(one) || keys.includes(one))
}

function payload(name: string, hook: Webhook, message: Message, event: MailEvent): Record<string, string> {
  const raw = readHeaders(Buffer.from(message.raw, 'latin1'))
  const messageId = headerOf(raw, 'message-id') ?? ''
  const [from] = addressesIn(message.from)
  const wanted = hook.headers.flatMap((header) => {
    const value = headerOf(raw, header)
    return value === undefined ? [] : [[header, value] as const]
  })
  return {
    event: name,
    time: event.time.replace(/\.\d+Z$/, 'Z'),
    sendtime: message.time.replace(/\.(\d{3})Z$/, '.$1000+00:00'),
    sender: message.envelope_from,
    from: message.from,
    from_address: firstAddress(message.from),
    from_name: from?.name ?? '',
    auth: message.username,
    email_id: message.email_id,
    id: createHash('md5').update(`${message.email_id} ${event.recipient} ${event.event} ${event.time}`).digest('hex'),
    'message-id': messageId,
    'Message-Id': messageId,
    subject: message.subject,
    Subject: message.subject,
    ...more(message, event),
    ...Object.fromEntries(wanted),
  }
}

/** What only some events have. */
function more({ recipients, ip }: Message, event: MailEvent): Record<string, string> {
  const { recipient: rcpt, host, smtp_response: text, user_agent, url } = event
  switch (event.event) {
    case 'processed':
      return { recipients: recipients.map(({ address }) => address).join(','), srchost: ip }
    case 'delivered':
      return { rcpt, host, context: 'Unavailable', message: text }
    case 'soft-bounced':
      return { rcpt, bounce: 'soft', host, context: `RCPT TO:<${rcpt}>`, message: text }
    case 'hard-bounced':
      return { rcpt, bounce: 'hard', host, context: `RCPT TO:<${rcpt}>`, message: text }
    case 'rejected':
      return { rcpt, message: event.reason }
    case 'opened':
      return { rcpt, 'user-agent': user_agent }
    case 'clicked':
      return { rcpt, 'user-agent': user_agent, click_url: url, link: url }
    case 'spam':
    case 'unsubscribed':
    case 'resubscribed':
      return { rcpt }
  }
}

/** Ten seconds, as documented. */
const TIMEOUT_MS = 10_000
const LOOPBACK = ['127.0.0.1', '[::1]', 'localhost']

/** When the next call is due, in milliseconds. */
export function nextCall({ world }: Context): number | undefined {
  let least: number | undefined
  for (const { call } of world.waiting.calls)
    if (call.next !== null) least = Math.min(least ?? Number.POSITIVE_INFINITY, Date.parse(call.next))
  return least
}

/** The calls that are due; one to anywhere but this machine is not made, and its try says so. */
export function dueCalls({ world, now }: Context): Outgoing[] {
  const { calls } = world.waiting
  return [...calls].flatMap((waiting) => {
    const { scope, call } = waiting
    if (call.next === null || Date.parse(call.next) > now.getTime()) return []
    const hook = scope.webhooks.get(call.webhook)
    const url = URL.canParse(call.url) ? new URL(call.url) : undefined
    if (hook !== undefined && url !== undefined && LOOPBACK.includes(url.hostname)) {
      call.next = new Date(now.getTime() + TIMEOUT_MS).toISOString() // while it is under way
      return [outgoing(call, hook, url)]
    }
    const error = hook === undefined ? 'the webhook was removed' : 'not called: the emulator calls this machine alone'
    call.tries.push({ time: now.toISOString(), status: null, error })
    call.next = null
    calls.delete(waiting)
    return []
  })
}

function outgoing(call: HookCall, hook: Webhook, url: URL): Outgoing {
  const { username, password } = url
  const basic = username === '' ? undefined : `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  url.username = ''
  url.password = ''
  const type = hook.output_format === 'json' ? 'application/json' : 'application/x-www-form-urlencoded'
  return {
    id: call.id,
    url: String(url),
    timeoutMs: TIMEOUT_MS,
    body: call.body,
    headers: {
      'content-type': type,
      ...(basic === undefined ? {} : { authorization: basicAuth(basic) }),
      ...authorization(hook),
      ...Object.fromEntries((hook.custom_headers ?? []).map(({ header, value }) => [header.toLowerCase(), value])),
    },
  }
}

function authorization({ auth_header_type: type, auth_header_value: value }: Webhook): Record<string, string> {
  if (type === 'bearer') return { authorization: `Bearer ${value}` }
  if (type === 'basic') return { authorization: value.includes(':') ? basicAuth(value) : `Basic ${value}` }
  return {}
}

const basicAuth = (pair: string): string => `Basic ${Buffer.from(pair).toString('base64')}`

/** Writes down how a call went; one that was not taken is tried again. */
export function callDone({ world, settings, now }: Context, { id }: Outgoing, result: OutgoingResult): void {
  const { calls } = world.waiting
  for (const waiting of calls) {
    const { call } = waiting
    if (call.id !== id) continue
    const status = 'status' in result ? result.status : null
    call.tries.push({ time: now.toISOString(), status, error: 'error' in result ? result.error : '' })
    call.taken = status !== null && status >= 200 && status < 300
    const again = !call.taken && call.tries.length < (settings.webhookTries ?? Number.POSITIVE_INFINITY)
    const wait = (settings.webhookRetryMinutes ?? 84) * 60_000
    call.next = again ? new Date(now.getTime() + wait).toISOString() : null
    if (call.next === null) calls.delete(waiting)
    return
  }
}
