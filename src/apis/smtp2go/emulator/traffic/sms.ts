import { randomUUID } from 'node:crypto'
import { list, need, or, such, text, whole } from '../../../../emulator/input/fields.ts'
import { type Call, reads, writes } from '../call/operation.ts'
import { Refusal } from '../call/refusal.ts'
import { instant, midnightBefore, stamp, time } from '../call/time.ts'
import { shortKey } from '../mail/submit.ts'
import type { Sms } from '../state/messages.ts'

const phone = such((value) => /^\+?\d{6,15}$/.test(value), 'a phone number with its country code')
/** Characters in one unit, as documented. */
const UNIT = 160
const viewFields = { start_date: time, end_date: time, unix_start: whole(0), unix_end: whole(0), username: text() }

function within({ now }: Call, days: number, start: string | undefined, end: string | undefined) {
  const from = start === undefined ? midnightBefore(now, days) : instant(start)
  const until = end === undefined ? undefined : instant(end)
  return ({ time: at }: Sms): boolean => {
    const when = stamp(new Date(at))
    return when >= from && (until === undefined || when < until)
  }
}

const unixTime = (seconds: number | undefined): string | undefined =>
  seconds === undefined ? undefined : new Date(seconds * 1000).toISOString()

/** `/sms/*`: text messages, of which none leaves the emulator. */
export const sms = [
  writes(
    '/sms/send',
    { destination: need(list(phone)), sender: phone, content: need(text({ min: 1 })) },
    (call, { destination, sender = '', content }) => {
      if (destination.length === 0 || destination.length > 100) throw new Refusal('An SMS goes to 1 to 100 numbers')
      const units = Math.ceil(content.length / UNIT)
      const sent = destination.map((number): Sms => {
        return {
          id: randomUUID(),
          time: call.now.toISOString(),
          username: shortKey(call.key),
          sender,
          destination: number,
          content,
          units,
          status: 'queued',
          received: false,
        }
      })
      call.scope.sms.push(...sent)
      return {
        statuses: { queued: sent.length },
        total_sent: sent.length,
        messages: sent.map(({ id, destination: number, status }) => ({ destination: number, message_id: id, status })),
      }
    },
    { scoped: false },
  ),
  reads('/sms/summary', { start_date: time, end_date: time }, (call, { start_date, end_date }) => {
    const found = call.scope.sms.filter(({ received }) => !received).filter(within(call, 0, start_date, end_date))
    const units = found.reduce((sum, one) => sum + one.units, 0)
    return {
      total_messages: found.length,
      total_units: units,
      total_cost: Number((units * call.settings.smsUnitCost).toFixed(4)),
    }
  }),
  reads('/sms/view-received', viewFields, (call, input) => {
    const start = input.start_date ?? unixTime(input.unix_start)
    const found = call.scope.sms
      .filter(({ received }) => received)
      .filter(within(call, 7, start, input.end_date ?? unixTime(input.unix_end)))
      .filter(({ username }) => input.username === undefined || username === input.username)
    return {
      messages: found.map((one) => ({
        source_address: one.sender,
        destination_address: one.destination,
        timestamp: one.time,
        content: one.content,
        message_id: one.id,
        username: one.username,
      })),
      request_id: call.requestId,
    }
  }),
  reads('/sms/view-sent', { start_date: time, end_date: time, username: or(text(), () => '') }, (call, input) => {
    const found = call.scope.sms
      .filter(({ received }) => !received)
      .filter(within(call, 7, input.start_date, input.end_date))
      .filter(({ username }) => input.username === '' || username === input.username)
    return {
      messages: found.map((one) => ({
        id: one.id,
        timestamp: one.time,
        username: one.username,
        sender: one.sender === '' ? 'shared' : one.sender,
        sender_email: '',
        destination_address: one.destination,
        destination_address_country: '',
        format: 'SMS',
        status: one.status,
        content: one.content,
        units: one.units,
      })),
      request_id: call.requestId,
    }
  }),
]
