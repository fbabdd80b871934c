import type { Days, MailCounts } from '../../../model/traffic/traffic.ts'
import { type Paint, printable } from '../../terminal/paint.ts'
import { COUNTS, numberText, percentText, rateOf } from '../../traffic/counts.ts'
import { csvText } from '../../traffic/csv.ts'
import { sparkline, tableText } from '../../traffic/table.ts'
import type { AccountStats, Group } from './collect.ts'
import { type Excess, excessText } from './limits.ts'

/** All that was found out. */
export interface Stats {
  readonly days: Days
  readonly by: Group | undefined
  readonly accounts: readonly AccountStats[]
  readonly excesses: readonly Excess[]
}

/** For people. */
export function statsText({ days, by, accounts, excesses }: Stats, color: Paint): string {
  const parts = accounts.map(({ account, total, plan, rows }) => {
    const head = `${color.bold(printable(account))}  ${days.first} to ${days.last} (UTC)`
    const lines = [head, totalLine(total), planLine(plan)]
    if (by === 'day') lines.push(`  ${sparkline(rows.map(({ counts }) => counts.sent))}`)
    if (by !== undefined && rows.length > 0)
      lines.push('', tableText([[by, ...COUNTS], ...rows.map(({ name, counts }) => [name, ...cells(counts)])]))
    if (by !== undefined && rows.length === 0) lines.push(`  no mail by ${by}`)
    return lines.join('\n')
  })
  const over = excesses.map((one) => color.red(printable(excessText(one))))
  return `${[...parts, ...(over.length === 0 ? [] : [over.join('\n')])].join('\n\n')}\n`
}

function totalLine(total: MailCounts): string {
  const rate = (what: 'bounces' | 'complaints') => ` (${percentText(rateOf(total[what], total))})`
  return `  ${[
    `${numberText(total.sent)} sent`,
    `${numberText(total.bounces)} bounced${rate('bounces')}`,
    `${numberText(total.rejects)} rejected`,
    `${numberText(total.complaints)} complaints${rate('complaints')}`,
    `${numberText(total.unsubscribes)} unsubscribed`,
    `${numberText(total.opens)} opens`,
    `${numberText(total.clicks)} clicks`,
  ].join(', ')}`
}

function planLine({ used, limit, cycle }: AccountStats['plan']): string {
  const when = cycle === undefined ? 'this cycle' : `the cycle ${cycle.first} to ${cycle.last}`
  return `  ${numberText(used)} of ${numberText(limit)} used in ${when}, ${numberText(Math.max(0, limit - used))} left`
}

function cells(counts: MailCounts): string[] {
  return COUNTS.map((name) => {
    const rate = name === 'bounces' || name === 'complaints' ? rateOf(counts[name], counts) : 0
    return rate === 0 ? numberText(counts[name]) : `${numberText(counts[name])} (${percentText(rate)})`
  })
}

/** For scripts: rates are shares from 0 to 1. */
export function statsDocument({ days, by, accounts, excesses }: Stats) {
  const withRates = (counts: MailCounts) => ({
    ...counts,
    bounceRate: rateOf(counts.bounces, counts),
    complaintRate: rateOf(counts.complaints, counts),
  })
  return {
    formatVersion: '1.0',
    from: days.first,
    until: days.last,
    ...(by === undefined ? {} : { by }),
    accounts: accounts.map(({ account, total, plan, rows }) => ({
      account,
      total: withRates(total),
      plan: { used: plan.used, limit: plan.limit, ...(plan.cycle && { cycle: plan.cycle }) },
      rows: rows.map(({ name, counts, lastIp }) => ({
        name,
        ...withRates(counts),
        ...(lastIp === undefined ? {} : { lastIp }),
      })),
    })),
    overLimit: excesses,
  }
}

/** For spreadsheets: a row for each row, or for each account where there are none. */
export function statsCsv({ days, by, accounts }: Stats): string {
  const numbers = (counts: MailCounts) => COUNTS.map((name) => counts[name])
  const rows = accounts.flatMap(({ account, total, rows: own }) =>
    by === undefined
      ? [[account, days.first, days.last, ...numbers(total)]]
      : own.map(({ name, counts }) => [account, days.first, days.last, name, ...numbers(counts)]),
  )
  return csvText([['account', 'from', 'until', ...(by === undefined ? [] : [by]), ...COUNTS], ...rows])
}
