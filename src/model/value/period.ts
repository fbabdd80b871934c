const UNITS: Readonly<Record<string, number>> = { minute: 60, hour: 3600, day: 86_400, week: 604_800, month: 2_592_000 }
const WORDS = /^(?:(\d{1,9}) ?(minute|hour|day|week|month)s?)?(?:(?:^| )(\d{1,6}):([0-5]\d):([0-5]\d))?$/

/** The seconds in a period such as `1 hour`, `30 minutes`, `2 days 03:00:00` or `01:00:00`; a month counts 30 days. */
export function parsePeriod(text: string): number | undefined {
  const found = WORDS.exec(
    text
      .trim()
      .toLowerCase()
      .replace(/\bmons?\b/, 'month'),
  )
  if (found === null || text.trim() === '') return undefined
  const [, count, unit, hours, minutes, seconds] = found
  const whole = count === undefined || unit === undefined ? 0 : Number(count) * (UNITS[unit] ?? 0)
  return whole + Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0)
}

function clock(seconds: number): string {
  const two = (n: number) => String(n).padStart(2, '0')
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}

/** A period in the words of the spec: the largest unit that fits without a rest, else `hh:mm:ss`. */
export function formatPeriod(seconds: number): string {
  for (const unit of ['month', 'week', 'day', 'hour', 'minute']) {
    const size = UNITS[unit] ?? 1
    if (seconds >= size && seconds % size === 0) return plural(seconds / size, unit)
  }
  return clock(seconds)
}

/** A period in SMTP2GO's syntax, which has no minutes: `2 days`, `1 hour`, `00:30:00`. */
export function wirePeriod(seconds: number): string {
  for (const unit of ['day', 'hour']) {
    const size = UNITS[unit] ?? 1
    if (seconds >= size && seconds % size === 0) return plural(seconds / size, unit)
  }
  return clock(seconds)
}

function plural(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
