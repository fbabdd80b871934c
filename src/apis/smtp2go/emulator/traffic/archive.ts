import { need, or, read, text, whole } from '../../../../emulator/input/fields.ts'
import type { Json, JsonObject } from '../../../../emulator/input/json.ts'
import { headerOf, readHeaders } from '../../../../emulator/mail/headers.ts'
import { type Call, reads } from '../call/operation.ts'
import { page } from '../call/pages.ts'
import { Refusal } from '../call/refusal.ts'
import { instant, midnightBefore, stamp, time } from '../call/time.ts'
import type { Message } from '../state/messages.ts'

const fields = {
  start_date: time,
  end_date: time,
  limit: or(whole(1, 5000), () => 5000),
  username: text(),
  recipient: text(),
  sender: text(),
  envelope_from: text(),
  subject: text(),
  headers: text(),
  continue_token: text(),
}

function show({
  email_id,
  envelope_from,
  from,
  recipients,
  size,
  time: sent,
  subject,
  username,
  raw,
}: Message): JsonObject {
  const head = readHeaders(Buffer.from(raw, 'latin1'))
  const attachments = [...raw.matchAll(/^content-disposition:\s*attachment[^\n]*filename="?([^";\r\n]+)/gim)].map(
    ([, name = '']) => name,
  )
  return {
    attachment_count: attachments.length,
    attachments,
    byte_count: size,
    email_id,
    envelope_from,
    headers: head.headerText,
    recipient: recipients.map(({ address }) => address).join(', '),
    sender: from,
    sent: sent.replace(/\.\d+Z$/, 'Z'),
    subject,
    to: headerOf(head, 'to') ?? '',
    url: `https://archive.example.net/${email_id}.eml`,
    username,
  }
}

function find({ scope, now }: Call, question: JsonObject): Json[] {
  const input = read(fields, question)
  const from = input.start_date === undefined ? midnightBefore(now, 0) : instant(input.start_date)
  const until = input.end_date === undefined ? undefined : instant(input.end_date)
  const has = (value: string, wanted: string | undefined) =>
    wanted === undefined || value.toLowerCase().includes(wanted.toLowerCase())
  return scope.messages
    .filter(({ archived }) => archived)
    .filter((one) => {
      const at = stamp(new Date(one.time))
      return at >= from && (until === undefined || at < until)
    })
    .filter(({ username }) => input.username === undefined || username === input.username)
    .filter(({ recipients }) => has(recipients.map(({ address }) => address).join(' '), input.recipient))
    .filter(
      (one) =>
        has(one.from, input.sender) && has(one.envelope_from, input.envelope_from) && has(one.subject, input.subject),
    )
    .map(show)
    .filter(({ headers }) => has(String(headers), input.headers))
}

/** `/archive/*`: mail of logins whose archive is on. */
export const archive = [
  reads(
    '/archive/search',
    fields,
    (call, { limit }) => {
      const { rows, total, token } = page(call, 'archive', limit, (question) => find(call, question))
      return { email_count: total, emails: rows, ...(token === null ? {} : { continue_token: token }) }
    },
    { scoped: false },
  ),
  reads(
    '/archive/email',
    { email_id: need(text()) },
    ({ scope }, { email_id }) => {
      const found = scope.messages.find((one) => one.archived && one.email_id === email_id)
      if (found === undefined)
        throw new Refusal(`An archived email matching the passed email_id of ${email_id} was not found`)
      return show(found)
    },
    { scoped: false },
  ),
]
