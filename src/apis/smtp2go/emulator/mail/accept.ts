import { randomBytes } from 'node:crypto'
import {
  addressesIn,
  decodeWords,
  firstAddress,
  headerOf,
  type RawMessage,
  readHeaders,
} from '../../../../emulator/mail/headers.ts'
import type { Envelope } from '../../../../emulator/world/mail.ts'
import type { MailRecipient, Message } from '../state/messages.ts'
import { type Scope, suppressionKey } from '../state/scope.ts'
import type { Context } from '../state/world.ts'
import { note } from './events.ts'
import { taken, waitsFor } from './limits.ts'
import { deliver } from './outcomes.ts'
import { domainPart, type RuleRefusal, refusedContent } from './rules.ts'
import type { Sending } from './sending.ts'

/** An id of the form that answers have: `1w4x2g-FnQW0hPru7M-NRRC`. */
function newEmailId(): string {
  const part = (length: number) => randomBytes(length).toString('base64url').replace(/[-_]/g, 'x').slice(0, length)
  return `1${part(5)}-${part(11)}-${part(4)}`
}

/** Where a message goes, and which one it is. */
export interface HandedIn extends Envelope {
  readonly transaction: string
}

/** Takes a message, or refuses it for what is in it; it is kept either way. */
export function takeMessage(context: Context, sending: Sending, envelope: HandedIn, raw: Buffer): Message {
  const head = readHeaders(raw)
  const why = refusedContent(context, sending, envelope.from, firstAddress(headerOf(head, 'from')))
  const message = keep(context, sending.scope, build(context, sending, envelope, raw, head, why))
  if (why !== undefined) return message
  process(context, sending, message)
  sendAuditCopies(context, sending, message)
  return message
}

/**
 * The copies for the audit addresses of a login. They go out from its sandbox, too, and each counts as a mail of the plan. Source: the vendor's pages about
 * e-mail auditing and the sandbox; that they are messages of their own, neither tracked nor archived, is invented.
 */
function sendAuditCopies(context: Context, { scope, settings }: Sending, message: Message): void {
  for (const address of (settings.audit_email ?? '').split(',').map((one) => one.trim())) {
    if (address === '') continue
    const recipient: MailRecipient = { address, field: 'bcc', fate: 'delivered', rule: '', due: null }
    const copy = keep(context, scope, {
      ...message,
      email_id: newEmailId(),
      recipients: [recipient],
      archived: false,
      tracked: { opens: false, clicks: false, footer: false },
      events: [],
      seen: false,
      tags: [],
      copy_of: message.email_id,
    })
    note(context, scope, copy, 'processed', address)
    deliver(context, scope, copy, recipient)
  }
}

/** Keeps a recipient who was refused before there was a message, so that people see it. */
export function keepRefused(
  context: Context,
  origin: Origin,
  handedIn: HandedIn,
  address: string,
  why: RuleRefusal,
): void {
  const recipient: MailRecipient = { address, field: 'bcc', fate: 'refused', rule: why.rule, due: null }
  const last = origin.scope.messages.at(-1)
  if (last !== undefined && last.transaction === handedIn.transaction && last.refused !== null) {
    last.recipients.push(recipient)
    return
  }
  const none = Buffer.alloc(0)
  const empty = build(context, origin, { ...handedIn, to: [] }, none, readHeaders(none), why)
  keep(context, origin.scope, { ...empty, recipients: [recipient] })
}

/** Recipients of the same message who were refused before; they are with it from now on. */
function refusedBefore({ messages }: Scope, { transaction }: HandedIn): MailRecipient[] {
  const last = messages.at(-1)
  if (last === undefined || last.transaction !== transaction || last.refused === null) return []
  messages.pop()
  return last.recipients
}

type Origin = Pick<Sending, 'scope' | 'channel' | 'name' | 'ip'> & { readonly settings?: Sending['settings'] }

function build(
  { now }: Context,
  { scope, channel, name, ip, settings }: Origin,
  { from, to, transaction }: HandedIn,
  raw: Buffer,
  head: RawMessage,
  why: RuleRefusal | undefined,
): Message {
  const field = (address: string): MailRecipient['field'] => {
    const has = (header: string) =>
      addressesIn(headerOf(head, header)).some((one) => one.address.toLowerCase() === address.toLowerCase())
    return has('to') ? 'to' : has('cc') ? 'cc' : 'bcc'
  }
  const recipients: MailRecipient[] = [
    ...to.map((address) => ({
      address,
      field: field(address),
      fate: why === undefined ? ('delivered' as const) : ('refused' as const),
      rule: why?.rule ?? '',
      due: null,
    })),
    ...refusedBefore(scope, { from, to, transaction }).map((one) => ({ ...one, field: field(one.address) })),
  ]
  return {
    email_id: newEmailId(),
    time: now.toISOString(),
    channel,
    username: name,
    ip,
    transaction,
    envelope_from: from.toLowerCase(),
    from: decodeWords(headerOf(head, 'from') ?? from),
    subject: decodeWords(headerOf(head, 'subject') ?? ''),
    recipients,
    raw: raw.toString('latin1'),
    size: raw.length,
    archived: settings?.archive_enabled === true && why === undefined,
    tracked: {
      opens: settings?.open_tracking_enabled ?? false,
      clicks: settings?.click_tracking_enabled ?? false,
      footer: settings?.feedback_enabled ?? false,
    },
    refused: why === undefined ? null : { rule: why.rule, code: why.code, lines: [...why.lines] },
    schedule_id: null,
    schedule: null,
    events: [],
    seen: false,
    tags: [],
    removed: false,
    copy_of: null,
  }
}

function keep({ settings }: Context, scope: Scope, message: Message): Message {
  scope.messages.push(message)
  const over = settings.keptMessages === null ? 0 : scope.messages.length - settings.keptMessages
  if (over > 0) scope.messages.splice(0, over)
  return message
}

function process(context: Context, { scope, settings }: Sending, message: Message): void {
  const going = taken(message)
  for (const [before, recipient] of going.entries()) {
    const wait = waitsFor(context, scope, message, before)
    const reason = suppressionOf(context, scope, recipient.address)
    if (settings.status === 'sandbox') settle(recipient, 'discarded', 'SANDBOX')
    else if (reason !== undefined) settle(recipient, 'suppressed', 'SUPPRESSED')
    else if (wait !== undefined) {
      settle(recipient, 'queued', 'QUEUED', wait.due)
      if (wait.due !== null) context.world.waiting.mail.add({ scope, message, recipient })
    }
  }
  for (const recipient of going) {
    note(context, scope, message, 'processed', recipient.address)
    const { address, fate } = recipient
    if (fate === 'discarded') note(context, scope, message, 'rejected', address, { reason: 'sandbox' })
    else if (fate === 'suppressed')
      note(context, scope, message, 'rejected', address, {
        reason: `suppressed (${suppressionOf(context, scope, address) ?? ''})`,
      })
    else if (fate === 'delivered') deliver(context, scope, message, recipient)
  }
}

function settle(recipient: MailRecipient, fate: MailRecipient['fate'], rule: string, due: string | null = null): void {
  recipient.fate = fate
  recipient.rule = rule
  recipient.due = due
}

const WEEK_MS = 7 * 86_400_000

/** Why an address gets no mail: a bounce for a week, anything else until it is removed. */
function suppressionOf({ now }: Context, { suppressions }: Scope, recipient: string): string | undefined {
  for (const name of [recipient, domainPart(recipient)]) {
    for (const reason of ['manual', 'spam', 'unsubscribe', 'compliance', 'bounce']) {
      const found = suppressions.get(suppressionKey(name, reason))
      if (found === undefined) continue
      const age = now.getTime() - Date.parse(`${found.timestamp.replace(' ', 'T')}Z`)
      if (reason !== 'bounce' || age < WEEK_MS) return reason
    }
  }
  return undefined
}
