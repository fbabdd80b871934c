import { list, oneOf, or, text } from '../../../../emulator/input/fields.ts'
import type { JsonObject } from '../../../../emulator/input/json.ts'
import { type Call, reads } from '../call/operation.ts'
import { Refusal } from '../call/refusal.ts'
import { instant, midnightBefore, stamp, time } from '../call/time.ts'
import { shortName } from '../logins/api-keys.ts'
import { cycleOf, dayOf, type MailDay, type MailTotal, totalOf, usedInCycle } from '../state/mail.ts'
import type { Scope } from '../state/scope.ts'

const groups = ['email_address', 'username', 'domain', 'subaccount'] as const
type GroupBy = (typeof groups)[number]
type Row = { readonly scope: Scope; readonly days: MailDay[] }

const who = { username: text() }
const own = { scoped: false } as const

function percent(part: number, { emails }: MailTotal): number {
  return emails === 0 ? 0 : (part / emails) * 100
}

/** What was sent lately, by all or by one. */
function lately(call: Call, username: string | undefined): MailTotal {
  const { scope, settings, now } = call
  if (username !== undefined && settings.unknownStatsUser === 'refuse' && !isKnown(call, username)) {
    throw new Refusal(`An SMTP user matching the passed username of ${username} was not found`)
  }
  const from = midnightBefore(now, settings.statsWindowDays).slice(0, 10)
  return totalOf(
    scope.mail.days.filter((day) => day.date >= from && (username === undefined || day.username === username)),
  )
}

function isKnown({ scope, world }: Call, username: string): boolean {
  if (scope.smtpUsers.has(username) || scope.mail.days.some((day) => day.username === username)) return true
  return [...world.keys.values()].some((one) => one.subaccount_id === scope.id && shortName(one) === username)
}

function bounces(total: MailTotal) {
  const { softbounces, hardbounces } = total
  return { softbounces, hardbounces, bounce_percent: percent(softbounces + hardbounces, total).toFixed(2) }
}

function unsubscribes(total: MailTotal) {
  return { unsubscribes: total.unsubscribes, unsubscribe_percent: percent(total.unsubscribes, total).toFixed(2) }
}

function cycle({ scope, world, settings, now }: Call) {
  const subaccount = world.subaccounts.get(scope.id)
  const used = usedInCycle(scope.mail, now) + (subaccount?.plan_used ?? 0)
  const most = subaccount?.plan_size ?? scope.mail.cycle_max
  const { start, next } = cycleOf(scope.mail.cycle_day, now)
  const zone = settings.cycleTimes === 'zone' ? '+00:00' : '.000000'
  return {
    cycle_start: stamp(start) + zone,
    cycle_end: stamp(new Date(next.getTime() - 86_400_000)) + zone,
    cycle_used: used,
    cycle_remaining: Math.max(0, most - used),
    cycle_max: most,
  }
}

/** The accounts that a history is about: those asked for, or all that the key sees. */
function accounts({ scope, world, key, settings }: Call, ids: readonly string[] | undefined, by: GroupBy): Scope[] {
  const seen = [...world.scopes.values()].filter(({ id }) => key.subaccount_id === '' || id === key.subaccount_id)
  if (ids === undefined) {
    if (by === 'subaccount') return seen.filter(({ id }) => id !== '')
    return settings.historyScope === 'own' ? [scope] : seen
  }
  return ids.map((id) => {
    const found = seen.find((one) => one.id === id && id !== '')
    if (found) return found
    const message = `A subaccount matching the passed value of ${id} was not found`
    throw new Refusal(message, 'API_EXCEPTION', settings.unknownSubaccountStatus)
  })
}

function nameOf(by: GroupBy, { id }: Scope, day: MailDay): string {
  const domain = day.email_address.slice(day.email_address.lastIndexOf('@') + 1)
  return { email_address: day.email_address, username: day.username, domain, subaccount: id }[by]
}

function grouped(scopes: readonly Scope[], by: GroupBy, from: string, until: string): Map<string, Row> {
  const rows = new Map<string, Row>()
  for (const scope of scopes) {
    for (const day of scope.mail.days.filter(({ date }) => date >= from && date <= until)) {
      const name = nameOf(by, scope, day)
      const row = rows.get(name) ?? { scope, days: [] }
      row.days.push(day)
      rows.set(name, row)
    }
  }
  return rows
}

function label({ world }: Call, by: GroupBy, name: string, { smtpUsers, domains }: Scope): JsonObject {
  switch (by) {
    case 'email_address':
      return { email_address: name }
    case 'username':
      return { username: name, description: smtpUsers.get(name)?.description ?? '' }
    case 'domain': {
      const found = domains.get(name)?.domain
      return { domain: name, domain_verified: found?.dkim_verified === true && found.rpath_verified }
    }
    case 'subaccount':
      return { subaccount: world.subaccounts.get(name)?.name ?? name }
  }
}

function percentages(call: Call, total: MailTotal, suffix: string): JsonObject {
  if (!call.settings.historyPercents) return {}
  const share = (part: number): number => Number(percent(part, total).toFixed(2))
  return {
    [`bounce_percent${suffix}`]: share(total.softbounces + total.hardbounces),
    [`open_percent${suffix}`]: share(total.opens),
    [`reject_percent${suffix}`]: share(total.rejects),
    [`spam_percent${suffix}`]: share(total.spam),
    [`unsubscribe_percent${suffix}`]: share(total.unsubscribes),
  }
}

function historyRow(call: Call, by: GroupBy, name: string, { scope, days }: Row): JsonObject {
  const total = totalOf(days)
  const { emails, bytecount, softbounces, hardbounces, rejects, spam, opens, clicks } = total
  return {
    ...label(call, by, name, scope),
    used: emails,
    bytecount,
    avgsize: emails === 0 ? 0 : bytecount / emails,
    lastip: days.toSorted((a, b) => (a.date < b.date ? -1 : 1)).at(-1)?.lastip ?? '',
    bounces: softbounces + hardbounces,
    clicks,
    opens,
    rejects,
    spam,
    unsubscribes: total.unsubscribes,
    ...percentages(call, total, ''),
  }
}

/** `/stats/*`: about the account of the key, whatever `subaccount_id` is sent. */
export const statistics = [
  reads(
    '/stats/email_bounces',
    who,
    (call, { username }) => {
      const total = lately(call, username)
      return { emails: total.emails, rejects: total.rejects, ...bounces(total) }
    },
    own,
  ),
  reads('/stats/email_cycle', {}, cycle, own),
  reads(
    '/stats/email_history',
    {
      group_by: or(oneOf(groups), () => 'email_address' as const),
      start_date: time,
      end_date: time,
      subaccounts: list(text()),
    },
    (call, { group_by, start_date, end_date, subaccounts }) => {
      const start =
        start_date === undefined ? midnightBefore(call.now, call.settings.statsWindowDays) : instant(start_date)
      const until = end_date === undefined ? dayOf(call.now) : instant(end_date).slice(0, 10)
      const rows = grouped(accounts(call, subaccounts, group_by), group_by, start.slice(0, 10), until)
      const sorted = [...rows].sort(([a], [b]) => (a < b ? -1 : 1))
      return {
        count: rows.size,
        ...percentages(call, totalOf(sorted.flatMap(([, { days }]) => days)), '_total'),
        history: sorted.map(([name, row]) => historyRow(call, group_by, name, row)),
      }
    },
    own,
  ),
  reads(
    '/stats/email_spam',
    who,
    (call, { username }) => {
      const total = lately(call, username)
      const { emails, rejects, spam } = total
      return { emails, rejects, spams: spam, spam_percent: percent(spam, total).toFixed(2) }
    },
    own,
  ),
  reads(
    '/stats/email_summary',
    who,
    (call, { username }) => {
      const total = lately(call, username)
      const { emails, rejects, spam, opens, clicks } = total
      return {
        ...cycle(call),
        email_count: emails,
        ...bounces(total),
        bounce_rejects: rejects,
        spam_emails: spam,
        spam_rejects: rejects,
        spam_percent: percent(spam, total).toFixed(2),
        ...unsubscribes(total),
        opens,
        clicks,
        rejects,
      }
    },
    own,
  ),
  reads(
    '/stats/email_unsubs',
    who,
    (call, { username }) => {
      const total = lately(call, username)
      return { emails: total.emails, rejects: total.rejects, ...unsubscribes(total) }
    },
    own,
  ),
]
