import { intervalSeconds } from '../../../../emulator/input/interval.ts'
import { usedInCycle } from '../state/mail.ts'
import type { MailRecipient, Message } from '../state/messages.ts'
import type { Scope } from '../state/scope.ts'
import type { Context } from '../state/world.ts'
import { domainsOf, type Sending } from './sending.ts'

const HOUR = 3600
const DAY = 24 * HOUR

/** Recipients for whom mail was taken in the last seconds, by one login or by all. */
function takenLately(
  scope: Scope,
  now: Date,
  seconds: number,
  { username, but }: { username?: string; but?: Message },
): number {
  const from = now.getTime() - seconds * 1000
  let count = 0
  for (let at = scope.messages.length - 1; at >= 0; at -= 1) {
    const message = scope.messages[at]
    if (message === undefined || Date.parse(message.time) <= from) break
    if (message !== but && (username === undefined || message.username === username)) count += taken(message).length
  }
  return count
}

/** The recipients for whom a login handed a message in that was taken; an audit copy is none of its. */
export function taken({ recipients, refused, copy_of }: Message): MailRecipient[] {
  return refused === null && copy_of === null ? recipients.filter(({ fate }) => fate !== 'refused') : []
}

/** Whether a login has used up its own limit, with so many recipients of the message at hand. */
export function isOverRate({ now }: Context, { scope, name, settings }: Sending, more: number): boolean {
  const { custom_ratelimit, custom_ratelimit_value: most, custom_ratelimit_period: period } = settings
  const seconds = intervalSeconds(period)
  if (!custom_ratelimit || most === null || seconds === 0) return false
  return takenLately(scope, now, seconds, { username: name }) + more >= most
}

/** Whether the plan is used up, with so many recipients of the message at hand. */
export function isOverPlan({ world, settings, now }: Context, { scope }: Sending, more: number): boolean {
  const subaccount = world.subaccounts.get(scope.id)
  const used = usedInCycle(scope.mail, now) + (subaccount?.plan_used ?? 0) + more
  if (subaccount === undefined) {
    const most = scope.mail.cycle_max * (settings.plan === 'paid' ? 3 : 1)
    return used >= most
  }
  const percent = settings.subaccountQuotaPercent
  return percent !== null && used >= (subaccount.plan_size * percent) / 100
}

/** When there is room for one more recipient of a message, after so many of them; undefined where nothing waits. */
export function waitsFor(
  context: Context,
  scope: Scope,
  but: Message,
  more: number,
): { readonly due: string | null } | undefined {
  const { settings, now } = context
  const after = (seconds: number) => new Date(now.getTime() + seconds * 1000).toISOString()
  if (settings.plan === 'new') {
    const ever = scope.mail.days.reduce((sum, { emails }) => sum + emails, 0)
    return ever + more >= 1000 ? { due: null } : undefined // until somebody looks at the account
  }
  if (settings.plan !== 'free') return undefined
  if (takenLately(scope, now, DAY, { but }) + more >= 200) return { due: after(DAY) }
  const isTrusted = domainsOf(context, scope).some(({ domain }) => domain.dkim_verified && domain.rpath_verified)
  return !isTrusted && takenLately(scope, now, HOUR, { but }) + more >= 25 ? { due: after(HOUR) } : undefined
}
