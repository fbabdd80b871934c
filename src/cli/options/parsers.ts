import { isIP } from 'node:net'
import { InvalidArgumentError } from 'commander'
import { canonicalCidr } from '../../model/value/network.ts'
import { milliseconds } from './duration.ts'
import { NOTIFY_ON, type NotifyOn } from './notify-events.ts'
import { type AskedReport, isPage, REPORT_FORMATS, readAsked } from './report-request.ts'
import { SERVICE_REASONS } from './suppression-reasons.ts'

/** An IP address. */
export function address(text: string): string {
  const one = canonicalCidr(text)
  if (one !== undefined && isIP(one) !== 0 && !text.includes('/')) return one
  if (text === '') return text // empty values are handled for all options in one place
  throw new InvalidArgumentError('This is not an IP address, such as 192.0.2.1 or 2001:db8::1.')
}

/** `format=file`, checked. */
export function askedReport(text: string): AskedReport {
  const asked = readAsked(text)
  if (asked !== undefined) return asked
  throw new InvalidArgumentError(`It must be FORMAT=FILE, where FORMAT is one of ${REPORT_FORMATS.join(', ')}.`)
}

/** The URL of a page. */
export function page(text: string): string {
  if (isPage(text)) return text
  throw new InvalidArgumentError('This is not the URL of a page.')
}

/** When to notify. */
export function notifyEvent(text: string): NotifyOn {
  const found = NOTIFY_ON.find((one) => one === text)
  if (found !== undefined) return found
  throw new InvalidArgumentError(`It must be one of ${NOTIFY_ON.join(', ')}.`)
}

/** Why an address was suppressed. */
export function suppressionReason(text: string): string {
  if (SERVICE_REASONS.some((one) => one === text)) return text
  throw new InvalidArgumentError(`It must be one of ${SERVICE_REASONS.join(', ')}.`)
}

/** The maximum size of a report, in characters. */
export function size(text: string): number {
  const number = wholeNumber(text)
  if (number >= 4000) return number
  throw new InvalidArgumentError('It must be at least 4000.')
}

/** A number from 0 on. */
export function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,5}$|^0$/.test(text)) return Number(text)
  throw new InvalidArgumentError('This is not a whole number.')
}

/** A number from 1 on. */
export function positiveNumber(text: string): number {
  const number = wholeNumber(text)
  if (number > 0) return number
  throw new InvalidArgumentError('It must be at least 1.')
}

/** A time of days, such as 30d, 12h or 90m, in milliseconds. */
export function days(text: string): number {
  const found = /^([1-9]\d{0,4})(d|w)$/.exec(text)
  const ms = found === null ? milliseconds(text) : Number(found[1]) * (found[2] === 'w' ? 7 : 1) * 86_400_000
  if (ms !== undefined && ms > 0) return ms
  throw new InvalidArgumentError('This is not a time such as 30d, 2w or 12h.')
}

/** `5%` or `0.1%`, as a share from 0 to 1. */
export function percent(text: string): number {
  const found = /^(\d{1,3}(?:\.\d+)?)\s*%?$/.exec(text)
  if (found !== null && Number(found[1]) <= 100) return Number(found[1]) / 100
  throw new InvalidArgumentError('This is not a percentage such as 5% or 0.1%.')
}

/** A time such as 90s or 10m, in milliseconds. */
export function time(text: string): number {
  const found = milliseconds(text)
  if (found !== undefined) return found
  throw new InvalidArgumentError('This is not a duration such as 90s, 10m or 1h.')
}
