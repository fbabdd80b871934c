import { randomUUID } from 'node:crypto'
import { flag, list, need, or, read, record, text, whole } from '../../../../emulator/input/fields.ts'
import type { Json, JsonObject } from '../../../../emulator/input/json.ts'
import { addressesIn, firstAddress, headerOf, readHeaders } from '../../../../emulator/mail/headers.ts'
import { type Call, reads, writes } from '../call/operation.ts'
import { Refusal } from '../call/refusal.ts'
import { instant, time } from '../call/time.ts'
import { note } from '../mail/events.ts'
import { failureText, shortKey, submit } from '../mail/submit.ts'
import { draftFields, type ReadyMail, readyMail } from './draft.ts'

const own = { scoped: false } as const
const fastaccept = or(flag(), () => false)
/** Mail can be put off for three days. */
const LATEST_MS = 3 * 86_400_000
const MOST_SCHEDULED = 50_000
const MOST_IN_BATCH = 1000

/** Sends, or puts into the queue; answers what the call says about it. */
function sendOrSchedule(call: Call, mail: ReadyMail, schedule: string | undefined, fast: boolean): JsonObject {
  if (schedule !== undefined)
    return { succeeded: 1, failed: 0, failures: [], email_id: '', schedule_id: putOff(call, mail, schedule) }
  const { key, scope, ip } = call
  const sent = submit(call, { key, scope, ip, ...mail, transaction: randomUUID() })
  if (fast) return { email_id: acceptedId(call, sent) }
  if ('message' in sent) return { succeeded: 1, failed: 0, failures: [], email_id: sent.message.email_id }
  return { succeeded: 0, failed: 1, failures: [failureText(sent.refused)], email_id: '' }
}

/** The id that is answered before anything is looked at; a refusal shows as an event alone. */
function acceptedId(call: Call, sent: ReturnType<typeof submit>): string {
  if ('message' in sent) return sent.message.email_id
  const message = call.scope.messages.at(-1)
  if (message === undefined) return ''
  for (const { address } of message.recipients)
    note(call, call.scope, message, 'rejected', address, { reason: failureText(sent.refused) })
  return message.email_id
}

function putOff(call: Call, { from, to, raw, subject }: ReadyMail, schedule: string): string {
  const { scope, key, ip, now } = call
  const at = Date.parse(`${instant(schedule).replace(' ', 'T')}Z`)
  if (at <= now.getTime() || at > now.getTime() + LATEST_MS)
    throw new Refusal(
      "The field 'schedule' has to be in the future and within the next 3 days",
      'NON_VALIDATING_IN_PAYLOAD',
      400,
      'schedule',
    )
  if (scope.scheduled.length >= MOST_SCHEDULED)
    throw new Refusal(`A maximum of ${MOST_SCHEDULED} emails can be scheduled`)
  const schedule_id = randomUUID()
  const sender = headerOf(readHeaders(raw), 'from') ?? from
  scope.scheduled.push({
    schedule_id,
    schedule: new Date(at).toISOString(),
    username: shortKey(key),
    client_ip: ip,
    from,
    sender,
    to: [...to],
    subject,
    raw: raw.toString('latin1'),
  })
  return schedule_id
}

/** A message that came as MIME, with its recipients from its headers. */
function mimeMail(encoded: string): ReadyMail {
  const raw = Buffer.from(encoded, 'base64')
  const head = readHeaders(raw)
  const from = firstAddress(headerOf(head, 'from'))
  const to = ['to', 'cc', 'bcc'].flatMap((name) => addressesIn(headerOf(head, name)).map(({ address }) => address))
  if (from === '' || to.length === 0) {
    const message = "The field 'mime_email' was expecting a MIME message with From and To"
    throw new Refusal(message, 'NON_VALIDATING_IN_PAYLOAD', 400, 'mime_email')
  }
  return { from, to, raw: withoutBcc(raw), subject: headerOf(head, 'subject') ?? '' }
}

function withoutBcc(raw: Buffer): Buffer {
  const { bodyAt } = readHeaders(raw)
  const head = raw
    .subarray(0, bodyAt)
    .toString('latin1')
    .replace(/^bcc:.*\r?\n(?:[ \t].*\r?\n)*/gim, '')
  return Buffer.concat([Buffer.from(head, 'latin1'), raw.subarray(bodyAt)])
}

const searchFields = {
  schedule_id: text(),
  search_subject: text(),
  search_recipient: text(),
  search_sender: text(),
  limit: or(whole(1), () => 1000),
  page: or(whole(1), () => 1),
}

/** `/email/*`: what sends. */
export const emails = [
  writes(
    '/email/send',
    { ...draftFields, fastaccept },
    async (call, { fastaccept: fast, ...input }) =>
      sendOrSchedule(call, await readyMail(call, input), input.schedule, fast),
    own,
  ),
  writes(
    '/email/mime',
    { mime_email: need(text({ min: 1 })), schedule: time, fastaccept },
    (call, input) => sendOrSchedule(call, mimeMail(input.mime_email), input.schedule, input.fastaccept),
    own,
  ),
  writes(
    '/email/batch',
    { emails: need(list(record({}))) },
    async (call) => {
      const drafts = readDrafts(call)
      const answers: Json[] = []
      for (const draft of drafts) {
        const { email_id, schedule_id } = sendOrSchedule(call, await readyMail(call, draft), draft.schedule, false)
        answers.push(schedule_id === undefined ? { email_id } : { schedule_id })
      }
      return answers
    },
    own,
  ),
  reads(
    '/email/scheduled/search',
    searchFields,
    ({ scope }, input) => {
      const has = (value: string, wanted: string | undefined) =>
        wanted === undefined || value.toLowerCase().includes(wanted.toLowerCase())
      const found = scope.scheduled.filter(
        (one) =>
          (input.schedule_id === undefined || one.schedule_id === input.schedule_id) &&
          has(one.subject, input.search_subject) &&
          has(one.sender, input.search_sender) &&
          has(one.to.join(','), input.search_recipient),
      )
      const from = (input.page - 1) * input.limit
      return found.slice(from, from + input.limit).map(({ schedule_id, schedule, sender, subject, to, client_ip }) => {
        return {
          schedule_id,
          schedule: schedule.replace(/\.\d+Z$/, 'Z'),
          sender,
          subject,
          recipients: to.join(', '),
          client_ip,
        }
      })
    },
    own,
  ),
  writes(
    '/email/scheduled/remove',
    { schedule_id: need(text()) },
    ({ scope }, { schedule_id }) => {
      const at = scope.scheduled.findIndex((one) => one.schedule_id === schedule_id)
      if (at < 0) throw new Refusal(`A scheduled email matching the passed schedule_id of ${schedule_id} was not found`)
      scope.scheduled.splice(at, 1)
      return `Successfully removed scheduled email '${schedule_id}'`
    },
    own,
  ),
]

function readDrafts({ body }: Call) {
  const given = body['emails']
  const drafts = Array.isArray(given) ? given : []
  if (drafts.length > MOST_IN_BATCH) throw new Refusal(`A maximum of ${MOST_IN_BATCH} emails can be sent in a batch`)
  return drafts.map((one: JsonObject) => read(draftFields, one))
}
