import { randomUUID } from 'node:crypto'
import type { BoxLogin, BoxMessage, Mailbox, MailFooter } from '../../../../emulator/world/mailbox.ts'
import { note, suppress } from '../mail/events.ts'
import { react } from '../mail/outcomes.ts'
import { shortKey, submit } from '../mail/submit.ts'
import type { Sender } from '../state/entities.ts'
import type { HookCall, Message } from '../state/messages.ts'
import type { Scope } from '../state/scope.ts'
import type { Context } from '../state/world.ts'

/** Where nobody wrote a footer. The wording is invented. */
const USUAL_FOOTER: MailFooter = {
  html: '<p><a href="%%UNSUBSCRIBE%%">Unsubscribe</a></p>',
  text: 'Unsubscribe: %%UNSUBSCRIBE%%',
}

/** The messages of every account, for the inbox. */
export const mailbox: Mailbox<Context> = {
  messages(context) {
    const found = [...context.world.scopes.values()].flatMap((scope) => {
      const calls = new Map<string, HookCall[]>()
      for (const one of scope.hookCalls) calls.set(one.email_id, [...(calls.get(one.email_id) ?? []), one])
      return scope.messages.flatMap((one) =>
        one.removed ? [] : [boxed(context, scope, one, calls.get(one.email_id) ?? [])],
      )
    })
    return found.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0))
  },

  find(context, id) {
    const found = find(context, id)
    if (found === undefined) return undefined
    const calls = found.scope.hookCalls.filter(({ email_id }) => email_id === id)
    return boxed(context, found.scope, found.message, calls)
  },

  logins({ world }) {
    const inScopes = [...world.scopes.values()].flatMap((scope): BoxLogin[] => {
      const account = accountOf(world, scope.id)
      return [
        ...[...scope.smtpUsers.keys()].map((login) => ({ channel: 'smtp', login, account })),
        ...[...scope.ipAuth.keys()].map((login) => ({ channel: 'ip', login, account })),
      ]
    })
    const keys = [...world.keys.values()].map((key) => ({
      channel: 'api',
      login: shortKey(key),
      account: accountOf(world, key.subaccount_id),
    }))
    return [...inScopes, ...keys]
  },

  change(context, id, { seen, tags }) {
    const found = find(context, id)
    if (found === undefined) return false
    if (seen !== undefined) found.message.seen = seen
    if (tags !== undefined) found.message.tags = [...tags]
    return true
  },

  remove({ world }, ids) {
    const gone = ids === undefined ? undefined : new Set(ids)
    for (const { messages } of world.scopes.values())
      for (const one of messages) one.removed ||= gone?.has(one.email_id) ?? true
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
    const message = scope.messages.find(({ email_id, removed }) => email_id === id && !removed)
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

function boxed({ world }: Context, scope: Scope, message: Message, calls: readonly HookCall[]): BoxMessage {
  const { refused, tracked, username: login } = message
  return {
    id: message.email_id,
    time: message.time,
    account: accountOf(world, scope.id),
    channel: message.channel,
    login,
    ip: message.ip,
    envelopeFrom: message.envelope_from,
    from: message.from,
    subject: message.subject,
    recipients: message.recipients.map(({ address, field, fate, rule }) => ({ address, field, fate, rule })),
    refused: refused === null ? null : { rule: refused.rule, code: refused.code, text: refused.lines.join('\n') },
    raw: message.raw,
    size: message.size,
    seen: message.seen,
    tags: message.tags,
    copyOf: message.copy_of,
    events: message.events.map(({ event, time, recipient, reason, smtp_response, url, user_agent }) => ({
      event,
      time,
      recipient,
      detail: smtp_response || reason || url || user_agent,
    })),
    calls: calls.map(({ event, url, body, taken, next, tries }) => ({
      event,
      url: withoutPassword(url),
      body,
      taken,
      next,
      tries,
    })),
    tracked: {
      opens: tracked.opens,
      clicks: tracked.clicks,
      footer: tracked.footer ? footerOf(senderOf(world, scope, login)) : null,
    },
  }
}

function accountOf({ subaccounts }: Context['world'], id: string): string {
  return subaccounts.get(id)?.name ?? ''
}

function senderOf({ keys }: Context['world'], { smtpUsers, ipAuth }: Scope, login: string): Sender | undefined {
  return smtpUsers.get(login) ?? ipAuth.get(login) ?? [...keys.values()].find((key) => shortKey(key) === login)
}

function footerOf(sender: Sender | undefined): MailFooter {
  return { html: sender?.feedback_html || USUAL_FOOTER.html, text: sender?.feedback_text || USUAL_FOOTER.text }
}

/** A webhook may have a password in its URL. */
function withoutPassword(text: string): string {
  if (!URL.canParse(text)) return text
  const url = new URL(text)
  if (url.password !== '') url.password = '(secret)'
  return String(url)
}
