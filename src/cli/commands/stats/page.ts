import type { MailCounts } from '../../../model/traffic/traffic.ts'
import { html } from '../../report/content/escape.ts'
import { COUNTS, numberText, percentText, rateOf } from '../../traffic/counts.ts'
import { chart } from './chart.ts'
import type { AccountStats } from './collect.ts'
import { excessText } from './limits.ts'
import type { Stats } from './stats-text.ts'
import { STYLE } from './style.ts'

const TITLES: Readonly<Record<(typeof COUNTS)[number], string>> = {
  sent: 'Sent',
  bounces: 'Bounced',
  rejects: 'Rejected',
  complaints: 'Complaints',
  unsubscribes: 'Unsubscribed',
  opens: 'Opens',
  clicks: 'Clicks',
}

/** The statistics as one page that needs nothing else and runs nothing. */
export function statsPage(stats: Stats, now: Date): string {
  const { days, accounts, excesses } = stats
  const over = excesses.map((one) => `<p class="bad">${html(excessText(one))}</p>`)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>Mail from ${days.first} to ${days.last}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>Mail from ${days.first} to ${days.last}</h1>
<p class="quiet">Days in UTC. Made by mailconfig on ${timeOf(now)}.</p>
${over.join('\n')}
${accounts.map((one) => section(one, stats)).join('\n')}
</main>
</body>
</html>
`
}

function timeOf(now: Date): string {
  const text = now.toISOString()
  return `${text.slice(0, 10)} ${text.slice(11, 16)}`
}

function section({ account, total, plan, rows }: AccountStats, { by }: Stats): string {
  const { used, limit, cycle } = plan
  const when = cycle === undefined ? 'this cycle' : `the cycle ${cycle.first} to ${cycle.last}`
  return `<section>
<h2>${html(account)}</h2>
<dl class="figures">${COUNTS.map((name) => figure(name, total)).join('')}</dl>
<p class="quiet">${numberText(used)} of ${numberText(limit)} used in ${when}, ${numberText(Math.max(0, limit - used))} left.</p>
${by === 'day' ? chart(rows, 'Messages sent a day') : ''}
${by === undefined ? '' : rows.length === 0 ? `<p>No mail by ${by}.</p>` : table(by, rows)}
</section>`
}

function figure(name: (typeof COUNTS)[number], total: MailCounts): string {
  const hasRate = name === 'bounces' || name === 'complaints'
  const rate = hasRate ? ` <small>${percentText(rateOf(total[name], total))}</small>` : ''
  return `<div><dt>${TITLES[name]}</dt><dd>${numberText(total[name])}${rate}</dd></div>`
}

function table(by: string, rows: AccountStats['rows']): string {
  const head = `<tr><th scope="col">${html(by[0]?.toUpperCase() + by.slice(1))}</th>${COUNTS.map((name) => `<th scope="col">${TITLES[name]}</th>`).join('')}</tr>`
  const body = rows.map(({ name, counts }) => {
    const cells = COUNTS.map((one) => `<td>${numberText(counts[one])}</td>`).join('')
    return `<tr><th scope="row">${html(name)}</th>${cells}</tr>`
  })
  return `<div class="scroll" tabindex="0" role="region" aria-label="Mail by ${html(by)}"><table><caption>Mail by ${html(by)}</caption><thead>${head}</thead><tbody>
${body.join('\n')}
</tbody></table></div>`
}
