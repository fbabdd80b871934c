import { printOrWrite } from '../../files/write.ts'
import { EXIT, Stop } from '../../invocation/exit.ts'
import type { Invocation } from '../../invocation/invocation.ts'
import { paint } from '../../terminal/paint.ts'
import { openTraffic } from '../../traffic/accounts.ts'
import { chosenDays, eachDay } from '../../traffic/days.ts'
import { callsFor, collect } from './collect.ts'
import { excesses } from './limits.ts'
import { statsPage } from './page.ts'
import { type Stats, statsCsv, statsDocument, statsText } from './stats-text.ts'

/** A call for each day: more are not asked for. */
const MOST_DAYS = 31

/** Says how much mail was sent in a period; exit 2 where more of it bounced or was complained about than the limits allow. */
export async function stats(invocation: Invocation): Promise<number> {
  const { io, options } = invocation
  const { by } = options
  const days = chosenDays(options, io.now())
  const count = eachDay(days).length
  if (by === 'day' && count > MOST_DAYS)
    throw new Stop(`--by day takes a call for each day, and ${count} are more than ${MOST_DAYS}`, {
      hint: 'choose a shorter time, or another --by, which takes one call',
    })
  const run = await openTraffic(invocation)
  if ('code' in run) return run.code
  try {
    if (by === 'day' && io.stderr.isTTY)
      io.stderr.write(`${count} days, ${callsFor(days, by) * run.accounts.length} calls\n`)
    const accounts = await Promise.all(run.accounts.map((one) => collect(one, days, by)))
    const found: Stats = { days, by, accounts, excesses: excesses(accounts, by, options) }
    invocation.tell({ isPrinted: true })
    printOrWrite(invocation, formatted(found, invocation))
    return found.excesses.length === 0 ? EXIT.ok : EXIT.changes
  } finally {
    await run.connection.close()
  }
}

function formatted(found: Stats, { io, options }: Invocation): string {
  switch (options.format) {
    case 'json':
      return `${JSON.stringify(statsDocument(found), null, 2)}\n`
    case 'csv':
      return statsCsv(found)
    case 'html':
      return statsPage(found, io.now())
    default:
      return statsText(found, paint(io.stdout, io.env, options.color))
  }
}
