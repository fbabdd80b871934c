import type { EmulatorOptions } from '../../../src/apis/emulator.ts'
import { type Home, home } from '../harness.ts'

const DAY_MS = 86_400_000

/** The day so many days ago, in UTC. */
export const dayBefore = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10)

/** What a login sent on a day. */
export const mailDay = (daysAgo: number, username: string, emails: number, more: object = {}) => ({
  date: dayBefore(daysAgo),
  username,
  email_address: `${username}@shop.example`,
  emails,
  bytecount: emails * 1000,
  lastip: '203.0.113.9',
  ...more,
})

/** An account that may send from shop.example, with a past. */
export function traffic(days: readonly object[] = [], own: object = {}, options: EmulatorOptions = {}): Promise<Home> {
  return home({
    ...options,
    seed: {
      smtp2go: {
        scopes: {
          '': {
            smtpUsers: [{ username: 'printer', email_password: 'a-long-Passw0rd' }],
            domains: [{ domain: { fulldomain: 'shop.example', dkim_verified: true, rpath_verified: true } }],
            mail: { cycle_max: 1000, days },
            ...own,
          },
        },
      },
    },
  })
}

/** Sends by the API of the emulator; answers the id. */
export async function sendMail({ emulator }: Home, to: readonly string[], more: object = {}): Promise<string> {
  const mail = { sender: 'ann@shop.example', to, subject: 'Hello', text_body: 'hello', ...more }
  const answer = await fetch(`${emulator.smtp2go}/email/send`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-smtp2go-api-key': emulator.apiKey },
    body: JSON.stringify(mail),
  })
  const { data } = (await answer.json()) as { readonly data: { readonly email_id: string } }
  return data.email_id
}
