import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { isRecord } from '../../../../../src/model/json.ts'
import { type Bench, bench } from '../../../../emulator/harness.ts'

/** An account that may send from shop.example. */
export const scope = {
  smtpUsers: [{ username: 'printer', email_password: 'a-long-Passw0rd' }],
  domains: [{ domain: { fulldomain: 'shop.example', dkim_verified: true, rpath_verified: true } }],
}

/** An emulator that takes mail, at a time of its own. */
export const mailBench = (own: object = {}, settings: object = {}): Promise<Bench> =>
  bench({ smtpPort: 0, seed: { smtp2go: { scopes: { '': { ...scope, ...own } } } }, settings })

/** Mail of the API. */
export const draft = (more: object = {}) => ({
  sender: 'Ann <ann@shop.example>',
  to: ['bob@example.net'],
  subject: 'Hello',
  text_body: 'hello',
  ...more,
})

/** Messages that the emulator keeps. */
export function messages(emulator: Bench): Record<string, unknown>[] {
  const state = emulator.state()
  const smtp2go = isRecord(state) && isRecord(state['smtp2go']) ? state['smtp2go'] : {}
  const scopes = isRecord(smtp2go['scopes']) ? Object.values(smtp2go['scopes']) : []
  return scopes.flatMap((one) =>
    isRecord(one) && Array.isArray(one['messages']) ? one['messages'].filter(isRecord) : [],
  )
}

/** What happened to a message: `event recipient`. */
export function eventsOf(message: Record<string, unknown> | undefined): string[] {
  const events = Array.isArray(message?.['events']) ? message['events'].filter(isRecord) : []
  return events.map(({ event, recipient }) => `${String(event)} ${String(recipient)}`)
}

/** Sends over SMTP; answers what the server said last. */
export async function smtp(
  emulator: Bench,
  {
    from,
    to,
    user = 'printer',
    pass = 'a-long-Passw0rd',
    raw = `From: ${from}\r\nSubject: x\r\n\r\nhello\r\n`,
  }: { from: string; to: string[]; user?: string; pass?: string; raw?: string },
): Promise<string> {
  const [host = '', port = ''] = (emulator.smtp ?? '').split(':')
  const connection = new SMTPConnection({ host, port: Number(port), tls: { rejectUnauthorized: false } })
  connection.on('error', () => undefined)
  const said = (error: unknown) => (isRecord(error) ? String(error['response']).replaceAll('\r', '') : String(error))
  try {
    await new Promise<void>((resolve, reject) => connection.connect((error) => (error ? reject(error) : resolve())))
    const refused = await new Promise<string | undefined>((resolve) =>
      connection.login({ credentials: { user, pass } }, (error) => resolve(error ? said(error) : undefined)),
    )
    if (refused !== undefined) return refused
    return await new Promise((resolve) =>
      connection.send({ from, to }, raw, (error, info) => resolve(error ? said(error) : String(info?.response))),
    )
  } finally {
    connection.quit()
  }
}
