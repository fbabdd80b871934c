import type { Days } from '../../model/traffic/traffic.ts'
import { Stop } from '../invocation/exit.ts'
import type { Options } from '../options/vocabulary.ts'

const DAY_MS = 86_400_000

/** The day of a time, in UTC. */
export function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10)
}

/** The days that `--last`, or `--from` and `--until`, ask for; the last one is today where nothing else is said. Throws `Stop`. */
export function chosenDays({ last, from, until }: Pick<Options, 'last' | 'from' | 'until'>, now: Date): Days {
  if (last !== undefined && (from !== undefined || until !== undefined))
    throw new Stop('--last does not go with --from and --until', { hint: '--from 2026-11-01 --until 2026-11-07' })
  if (from === undefined && until !== undefined) throw new Stop('--until needs --from')
  const today = dayOf(now)
  if (from === undefined) return { first: dayOf(new Date(now.getTime() - daysIn(last) * DAY_MS + DAY_MS)), last: today }
  const days = { first: checkDay(from, '--from'), last: until === undefined ? today : checkDay(until, '--until') }
  if (days.first > days.last) throw new Stop(`${days.first} is after ${days.last}`)
  return days
}

/** Every day of a period. */
export function eachDay({ first, last }: Days): string[] {
  const all: string[] = []
  for (let at = Date.parse(first); at <= Date.parse(last); at += DAY_MS) all.push(dayOf(new Date(at)))
  return all
}

/** 30 days where nobody says. */
function daysIn(lastMs: number | undefined): number {
  return lastMs === undefined ? 30 : Math.max(1, Math.ceil(lastMs / DAY_MS))
}

function checkDay(text: string, option: string): string {
  const time = Date.parse(`${text}T00:00:00Z`)
  if (/^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(time) && dayOf(new Date(time)) === text) return text
  throw new Stop(`${option} is not a day: "${text}"`, { hint: 'a day in UTC is written 2026-11-01' })
}
