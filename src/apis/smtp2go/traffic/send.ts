import { defined } from '../../../model/json.ts'
import type { CallAccount, MailToSend, SendAnswer } from '../../../model/traffic/traffic.ts'
import { typed } from '../client/typed.ts'
import type { MailSent } from '../operations/mail.ts'

/** Sends a message by the API, never with `fastaccept`: the answer then says nothing of a refusal. Source: /email/send, /email/mime. */
export async function send(call: CallAccount, mail: MailToSend): Promise<SendAnswer> {
  const { raw } = mail
  const sent: MailSent =
    raw === undefined
      ? await typed(call).call('/email/send', draftOf(mail))
      : await typed(call).call('/email/mime', { mime_email: raw.toString('base64') })
  if (sent.failed === undefined || sent.failed === 0) return { id: sent.email_id }
  return { refused: (sent.failures ?? []).join('; ') || 'the API refused it, and did not say why' }
}

function draftOf({ from: sender, to, subject, text, html, template }: MailToSend) {
  return {
    sender,
    to,
    ...defined({ subject, text_body: text, html_body: html, template_id: template?.id, template_data: template?.data }),
  }
}
