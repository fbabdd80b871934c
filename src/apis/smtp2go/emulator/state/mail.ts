import { list, need, or, record, text, type Values, whole } from '../../../../emulator/input/fields.ts'

const none = or(whole(0), () => 0)

/** What one login sent from one address on one day, and what became of it. */
const mailDayFields = {
  date: need(text({ pattern: /^\d{4}-\d\d-\d\d$/, wanted: 'a day like 2026-01-31' })),
  username: need(text()),
  email_address: need(text()),
  emails: none,
  bytecount: none,
  softbounces: none,
  hardbounces: none,
  rejects: none,
  spam: none,
  unsubscribes: none,
  opens: none,
  clicks: none,
  lastip: or(text(), () => ''),
}
/** What `mailDayFields` read. */
export type MailDay = Values<typeof mailDayFields>

/** The plan of an account and what it has sent; a subaccount's plan is in the subaccount. */
export const mailFields = {
  cycle_max: or(whole(0), () => 10_000),
  cycle_day: or(whole(1, 28), () => 1),
  days: or(list(record(mailDayFields, [])), () => []),
}
/** What `mailFields` read. */
export type Mail = Values<typeof mailFields>

const zero = {
  emails: 0,
  bytecount: 0,
  softbounces: 0,
  hardbounces: 0,
  rejects: 0,
  spam: 0,
  unsubscribes: 0,
  opens: 0,
  clicks: 0,
}
/** Sums over several days. */
export type MailTotal = Readonly<typeof zero>

/** Adds days up. */
export function totalOf(days: readonly MailDay[]): MailTotal {
  return days.reduce(
    (sum, day) => ({
      emails: sum.emails + day.emails,
      bytecount: sum.bytecount + day.bytecount,
      softbounces: sum.softbounces + day.softbounces,
      hardbounces: sum.hardbounces + day.hardbounces,
      rejects: sum.rejects + day.rejects,
      spam: sum.spam + day.spam,
      unsubscribes: sum.unsubscribes + day.unsubscribes,
      opens: sum.opens + day.opens,
      clicks: sum.clicks + day.clicks,
    }),
    zero,
  )
}

/** The first day of the billing cycle that `now` is in, and of the next one. */
export function cycleOf(firstDay: number, now: Date): { readonly start: Date; readonly next: Date } {
  const month = now.getUTCMonth() - (now.getUTCDate() < firstDay ? 1 : 0)
  const at = (more: number) => new Date(Date.UTC(now.getUTCFullYear(), month + more, firstDay))
  return { start: at(0), next: at(1) }
}

/** How many mails an account sent in its billing cycle. */
export function usedInCycle({ cycle_day, days }: Mail, now: Date): number {
  const { start, next } = cycleOf(cycle_day, now)
  const [from, before] = [dayOf(start), dayOf(next)]
  return totalOf(days.filter(({ date }) => date >= from && date < before)).emails
}

/** The day of a time, in UTC. */
export function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10)
}
