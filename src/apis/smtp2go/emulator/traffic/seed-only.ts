import { list, need, or, text, whole } from '../../../../emulator/input/fields.ts'
import type { JsonObject } from '../../../../emulator/input/json.ts'
import { type Call, reads, writes } from '../call/operation.ts'
import { Refusal } from '../call/refusal.ts'
import { instant, midnightBefore, stamp, time } from '../call/time.ts'
import { usedInCycle } from '../state/mail.ts'

const common = { scoped: false, masterOnly: true } as const

/** Refuses where the setting says that the vendor has taken these endpoints away. */
function checkServed({ settings }: Call, path: string): void {
  if (settings.seedOnly === 'refuse')
    throw new Refusal(`There is no endpoint /v3${path} in this emulator`, 'NOT_FOUND', settings.unknownPathStatus)
}

/** Subaccounts with something of each. */
function each({ world }: Call, of: (id: string) => JsonObject) {
  return [...world.subaccounts.values()].map(({ id, name }) => ({ id, name, ...of(id) }))
}

/** What the vendor's overview names and its current description lacks; the shapes of the answers are invented. */
export const seedOnly = [
  reads(
    '/email/search',
    { start_date: time, end_date: time, email_id: or(list(text()), () => []), limit: or(whole(1, 5000), () => 100) },
    (call, input) => {
      checkServed(call, '/email/search')
      const from = input.start_date === undefined ? midnightBefore(call.now, 1) : instant(input.start_date)
      const until = input.end_date === undefined ? stamp(call.now) : instant(input.end_date)
      const found = call.scope.messages.filter(({ time: at, email_id }) => {
        const when = stamp(new Date(at))
        return when >= from && when <= until && (input.email_id.length === 0 || input.email_id.includes(email_id))
      })
      const emails = found
        .slice(0, input.limit)
        .map(({ email_id, time: at, from: sender, subject, recipients, events, username }) => {
          const status = events.at(-1)?.event ?? 'refused'
          return {
            email_id,
            email_ts: at,
            sender,
            subject,
            recipients: recipients.map(({ address }) => address),
            status,
            username,
          }
        })
      return { count: found.length, emails }
    },
    { scoped: false, limit: { calls: 20, seconds: 60 } },
  ),
  writes(
    '/subaccount/reinvite',
    { id: need(text()) },
    (call, { id }) => {
      checkServed(call, '/subaccount/reinvite')
      if (!call.world.subaccounts.has(id))
        throw new Refusal(`A subaccount matching the passed id of ${id} was not found`)
      return `Successfully invited subaccount ${id} again`
    },
    common,
  ),
  reads(
    '/subaccounts/usage',
    {},
    (call) => {
      checkServed(call, '/subaccounts/usage')
      return {
        subaccounts: each(call, (id) => {
          const one = call.world.subaccounts.get(id)
          const scope = call.world.scopes.get(id)
          const used = (one?.plan_used ?? 0) + (scope === undefined ? 0 : usedInCycle(scope.mail, call.now))
          const size = one?.plan_size ?? 0
          return { plan_size: size, plan_used: used, plan_remaining: Math.max(0, size - used) }
        }),
      }
    },
    common,
  ),
  reads(
    '/subaccount/subaccountsmsusage',
    {},
    (call) => {
      checkServed(call, '/subaccount/subaccountsmsusage')
      return {
        subaccounts: each(call, (id) => {
          const units = call.world.scopes
            .get(id)
            ?.sms.filter(({ received }) => !received)
            .reduce((sum, one) => sum + one.units, 0)
          return { sms_limit: call.world.subaccounts.get(id)?.sms_limit ?? 0, sms_used: units ?? 0 }
        }),
      }
    },
    common,
  ),
]
