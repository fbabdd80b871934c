import { randomUUID } from 'node:crypto'
import type { BoxMessage, Mailbox, MailFooter } from '../../../../emulator/world/mailbox.ts'
import { note, suppress } from '../mail/events.ts'
import { react } from '../mail/outcomes.ts'
import { shortKey, submit } from '../mail/submit.ts'
import type { Sender } from '../state/entities.ts'
import type { Message } from '../state/messages.ts'
import type { Scope } from '../state/scope.ts'
import type { Context } from '../state/world.ts'

/** Where nobody wrote a footer. The wording is invented. */
const USUAL_FOOTER: MailFooter = {
  html: '<p><a href="%%UNSUBSCRIBE%%">Unsubscribe</a></p>',
  text: 'Unsubscribe: %%UNSUBSCRIBE%%',
}

/** The messages of every account, for the inbox. */
export const mailbox: Mailbox<Context> = {
  messages: (context) =>
    [...context.world.scopes.values()]
      .flatMap((scope) => scope.messages.map((message) => boxed(context, scope, message)))
      .sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0)),

  change(context, id, { seen, tags }) {
    const found = find(context, id)
    if (found === undefined) return false
    if (seen !== undefined) found.message.seen = seen
    if (tags !== undefined) found.message.tags = [...tags]
    return true
  },

  remove({ world }, ids) {
    for (const { messages } of world.scopes.values()) {
      const kept = messages.filter(({ email_id }) => ids !== undefined && !ids.includes(email_id))
      messages.splice(0, messages.length, ...kept)
    }
  },

  react(context, id, recipient, reaction, url) {
    const found = find(context, id)
    if (found === undefined || !found.message.recipients.some(({ address }) => address === recipient)) return false
    if (reaction === 'bounce') bounce(context, found.scope, found.message, recipient)
    else react(context, found.scope, found.message, recipient, reaction, url === undefined ? {} : { url })
    return true
  },

  send(context, from, to, raw) {
    const key = [...context.world.keys.values()].find(({ endpoints }) => endpoints.includes('*'))
    const scope = context.world.scopes.get(key?.subaccount_id ?? '')
    if (key === undefined || scope === undefined) return { refused: 'there is no key that may send' }
    const sent = submit(context, { key, scope, ip: '127.0.0.1', from, to, raw, transaction: randomUUID() })
    return 'message' in sent ? { id: sent.message.email_id } : { refused: sent.refused.lines.join('\n') }
  },
}

function find({ world }: Context, id: string): { scope: Scope; message: Message } | undefined {
  for (const scope of world.scopes.values()) {
    const message = scope.messages.find(({ email_id }) => email_id === id)
    if (message !== undefined) return { scope, message }
  }
  return undefined
}

/** A server may take a message and refuse it later. */
function bounce(context: Context, scope: Scope, message: Message, recipient: string): void {
  const said = '550 5.1.1 no such user here'
  note(context, scope, message, 'hard-bounced', recipient, { smtp_response: said, reason: said })
  suppress(context, scope, message, recipient, 'bounce')
  for (const one of message.recipients) if (one.address === recipient) one.fate = 'bounced'
}

function boxed({ world }: Context, scope: Scope, message: Message): BoxMessage {
  const { email_id: id, refused, tracked, username: login } = message
  return {
    id,
    time: message.time,
    account: world.subaccounts.get(scope.id)?.name ?? '',
    channel: message.channel,
    login,
    ip: message.ip,
    envelopeFrom: message.envelope_from,
    from: message.from,
    subject: message.subject,
    recipients: message.recipients.map(({ address, fate, rule }) => ({ address, fate, rule })),
    refused: refused === null ? null : { rule: refused.rule, text: refused.lines.join('\n') },
    raw: message.raw,
    size: message.size,
    seen: message.seen,
    tags: message.tags,
    events: message.events.map(({ event, time, recipient, reason, smtp_response, url, user_agent }) => ({
      event,
      time,
      recipient,
      detail: smtp_response || reason || url || user_agent,
    })),
    calls: scope.hookCalls
      .filter(({ email_id }) => email_id === id)
      .map(({ event, url, body, taken, tries }) => ({ event, url: withoutLogin(url), body, taken, tries })),
    tracked: {
      opens: tracked.opens,
      clicks: tracked.clicks,
      footer: tracked.footer ? footerOf(senderOf(world, scope, login)) : null,
    },
  }
}

function senderOf({ keys }: Context['world'], { smtpUsers, ipAuth }: Scope, login: string): Sender | undefined {
  return smtpUsers.get(login) ?? ipAuth.get(login) ?? [...keys.values()].find((key) => shortKey(key) === login)
}

function footerOf(sender: Sender | undefined): MailFooter {
  return { html: sender?.feedback_html || USUAL_FOOTER.html, text: sender?.feedback_text || USUAL_FOOTER.text }
}

/** A webhook may have a password in its URL. */
function withoutLogin(text: string): string {
  if (!URL.canParse(text)) return text
  const url = new URL(text)
  if (url.password !== '') url.password = '(secret)'
  return String(url)
}
