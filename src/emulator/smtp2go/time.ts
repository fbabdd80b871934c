import { such } from '../validate.ts'

/** A time in a body; one without a zone is in UTC. */
export const time = such((value) => !Number.isNaN(Date.parse(value)), 'an ISO-8601 date and time')

/** A time as the API writes it, in UTC. */
export function stamp(date: Date): string {
  return date.toISOString().slice(0, 19).replace('T', ' ')
}

/** Reads a time that may lack its zone, as UTC. */
export function instant(value: string): string {
  const zoned = /[zZ]$|[+-]\d\d:?\d\d$/.test(value) || !/[T ]/.test(value)
  return stamp(new Date(zoned ? value : `${value.replace(' ', 'T')}Z`))
}

/** Midnight so many days ago; the beginning of time if there is no such limit. */
export function midnightBefore(now: Date, days: number | null): string {
  if (days === null) return ''
  return `${new Date(now.getTime() - days * 86_400_000).toISOString().slice(0, 10)} 00:00:00`
}
