const shape = /^(?:(\d{1,6}) (hour|day|week|month)s?)?(?:(?:, ?|,? )?(\d{1,5}):([0-5]\d):([0-5]\d))?$/
const days = { hour: 0, day: 1, week: 7, month: 30 } as const

/** What an interval of no length looks like in an answer. */
export const noInterval = '0:00:00'

/** Rewrites `1 hour`, `2 weeks 3:00:00` or `0:30:00` the way the API answers it; `undefined` when it is not an interval. */
export function canonicalInterval(text: string): string | undefined {
  const [whole, count, unit, hours = '0', minutes = '00', seconds = '00'] = shape.exec(text.trim()) ?? []
  if (whole === undefined || whole === '') return undefined
  const counted = Number(count ?? 0)
  const day = isUnit(unit) ? counted * days[unit] : 0
  const hour = Number(hours) + (unit === 'hour' ? counted : 0)
  const clock = `${String(hour).padStart(2, '0')}:${minutes}:${seconds}`
  if (day === 0) return clock === '00:00:00' ? noInterval : clock
  const dayText = day === 1 ? '1 day' : `${day} days`
  return clock === '00:00:00' ? dayText : `${dayText} ${clock}`
}

/** The seconds of an interval as the API answers it; 0 for one of no length or for a text that is none. */
export function intervalSeconds(text: string): number {
  const [, count = '', , hours = '0', minutes = '0', seconds = '0'] = shape.exec(canonicalInterval(text) ?? '') ?? []
  return (count === '' ? 0 : Number(count) * 86_400) + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
}

function isUnit(unit: string | undefined): unit is keyof typeof days {
  return unit !== undefined && Object.hasOwn(days, unit)
}
