import { such } from '../../../../emulator/input/fields.ts'

/** A time in a body, in any of the forms that the vendor lists (ISO 8601, RFC 1123, `1 January 2026`); one without a zone is in UTC. */
export const time = such((value) => momentOf(value) !== undefined, 'an ISO-8601 date and time')

function momentOf(value: string): Date | undefined {
  const text = value.trim()
  const isZoned = /(?:[zZ]|[+-]\d\d:?\d\d|\b(?:UTC|GMT|[ECMP][SD]T))$/.test(text)
  const isIso = /^\d{4}-\d\d-\d\d(?:[T ]|$)/.test(text)
  const zoned = isZoned
    ? text
    : isIso && !/[T ]/.test(text)
      ? text
      : isIso
        ? `${text.replace(' ', 'T')}Z`
        : `${text} UTC`
  const known = new Date(Number.isNaN(Date.parse(zoned)) ? text.replace(/ [A-Z]{3,5}$/, ' UTC') : zoned)
  const year = known.getUTCFullYear()
  return Number.isNaN(year) || year < 0 || year > 9999 ? undefined : known
}

/** A time as the API writes it, in UTC. */
export function stamp(date: Date): string {
  return date.toISOString().slice(0, 19).replace('T', ' ')
}

/** Reads a time that may lack its zone, as UTC. */
export function instant(value: string): string {
  return stamp(momentOf(value) ?? new Date(0))
}

/** Midnight so many days ago; the beginning of time if there is no such limit. */
export function midnightBefore(now: Date, days: number | null): string {
  if (days === null) return ''
  return `${new Date(now.getTime() - days * 86_400_000).toISOString().slice(0, 10)} 00:00:00`
}
