import type { MailClient, MailDoor } from '../../../../emulator/world/mail.ts'
import type { Context } from '../state/world.ts'
import { type HandedIn, keepRefused, takeMessage } from './accept.ts'
import { noLogin, refusedRecipient, wrongPassword } from './rules.ts'
import { byPassword, sendingOf } from './sending.ts'

/** How the service takes mail over SMTP. */
export const mailDoor: MailDoor<Context> = {
  signIn: (context, username, password) =>
    byPassword(context, username, password) === undefined ? wrongPassword : undefined,

  recipient(context, client, envelope, recipient) {
    const sending = sendingOf(context, client.login, client.ip)
    const why =
      sending === undefined ? noLogin : refusedRecipient(context, sending, envelope.from, recipient, envelope.to.length)
    if (why === undefined) return undefined
    keepRefused(context, sending ?? stranger(context, client), handedIn(client, envelope), recipient, why)
    return why
  },

  take(context, client, envelope, raw) {
    const sending = sendingOf(context, client.login, client.ip)
    if (sending === undefined) return noLogin
    return takeMessage(context, sending, handedIn(client, envelope), raw).refused ?? undefined
  },
}

function handedIn({ transaction }: MailClient, { from, to }: Omit<HandedIn, 'transaction'>): HandedIn {
  return { from, to, transaction }
}

/** Mail of nobody is kept with the master account. */
function stranger({ world, settings }: Context, { ip }: MailClient) {
  const scope = world.scopes.get('')
  if (scope === undefined) throw new Error('there is no master account')
  return { scope, channel: 'smtp' as const, name: '', ip: settings.clientAddress ?? ip }
}
