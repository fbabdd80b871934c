import { Invalid, need, text } from '../../../../emulator/input/fields.ts'
import type { JsonObject } from '../../../../emulator/input/json.ts'
import { entropy, randomText } from '../../../../emulator/input/password.ts'
import { type Call, reads, writes } from '../call/operation.ts'
import { Refusal } from '../call/refusal.ts'
import type { SmtpUser } from '../state/entities.ts'
import type { Settings } from '../state/settings.ts'
import { applySender, plainSender, senderInput, showPlainSender, showSender } from './sender.ts'

const newName = need(text({ pattern: /^[A-Za-z0-9._@-]{5,100}$/, wanted: '5 to 100 of the characters A-Za-z0-9._-@' }))
const name = need(text())
const password = text({ secret: true })

function show(user: SmtpUser, { settings }: { settings: Settings }): JsonObject {
  const passwords = { omit: undefined, echo: user.email_password, mask: '********' }
  return {
    username: user.username,
    email_password: passwords[settings.smtpPasswordReadback],
    ...showSender(user, settings),
    click_tracking_enabled: settings.clickTrackingReadable ? user.click_tracking_enabled : undefined,
  }
}

function find({ scope }: Call, username: string): SmtpUser {
  const user = scope.smtpUsers.get(username)
  if (!user) throw new Refusal(`An SMTP user matching the passed username of ${username} was not found`)
  return user
}

function choosePassword(sent: string | undefined, settings: Settings, kept: string | undefined): string {
  if (sent === undefined && kept !== undefined) return kept
  if (sent === undefined || sent === '') return randomText(24)
  if (entropy(sent) >= (settings.minPasswordEntropy ?? 0)) return sent
  const message = `The field 'email_password' is too weak, it needs an entropy of at least ${settings.minPasswordEntropy} bits`
  throw new Invalid('email_password', message)
}

/** `/users/smtp/*` */
export const smtpUsers = [
  reads('/users/smtp/view', { username: text() }, (call, { username }) => {
    const users = [...call.scope.smtpUsers.values()].filter((user) => user.username.includes(username ?? ''))
    return {
      results: users.map((user) => show(user, call)),
      default_ratelimit_value: 0,
      default_ratelimit_period: 'unlimited',
    }
  }),
  writes(
    '/users/smtp/add',
    { username: newName, email_password: password, feedback_domain: text(), ...senderInput },
    (call, { username, email_password, ...input }) => {
      const chosen = choosePassword(email_password, call.settings, undefined)
      if (call.scope.smtpUsers.has(username)) {
        throw new Refusal(`An SMTP user matching the passed username of ${username} already exists`)
      }
      const user = { username, email_password: chosen, ...applySender(plainSender(), input) }
      call.scope.smtpUsers.set(username, user)
      return { results: [show(user, call)] }
    },
  ),
  writes(
    '/users/smtp/edit',
    { username: name, email_password: password, feedback_domain: text(), ...senderInput },
    (call, { username, email_password, ...input }) => {
      const kept = call.settings.postEditPassword === 'keep' ? find(call, username).email_password : undefined
      find(call, username)
      const chosen = choosePassword(email_password, call.settings, kept)
      const user = { username, email_password: chosen, ...applySender(plainSender(), input) }
      call.scope.smtpUsers.set(username, user)
      return { results: [show(user, call)] }
    },
  ),
  writes(
    '/users/smtp/edit',
    { username: name, email_password: password, ...senderInput },
    (call, { username, email_password, ...input }) => {
      const old = find(call, username)
      const chosen = choosePassword(email_password, call.settings, old.email_password)
      const user = { ...applySender(old, input), username, email_password: chosen }
      call.scope.smtpUsers.set(username, user)
      return [{ username, ...showPlainSender(user, call.settings) }]
    },
    { method: 'PATCH' },
  ),
  writes('/users/smtp/remove', { username: name }, (call, { username }) => {
    const user = find(call, username)
    call.scope.smtpUsers.delete(username)
    return { results: [show(user, call)] }
  }),
]
