import { setImmediate } from 'node:timers/promises'
import type { BoxMessage } from '../world/mailbox.ts'
import type { Digest, MailReader } from './reader.ts'

const FIELDS = [
  ...(['to', 'cc', 'bcc', 'addressed', 'from', 'reply-to', 'subject', 'message-id'] as const),
  ...(['user', 'event', 'rule', 'has', 'is', 'tag', 'before', 'after', 'larger', 'smaller'] as const),
]

/** Messages that are looked into at a stretch. */
const BREATH = 200

/** One thing that a message has to have, or must not. */
export interface Term {
  readonly field: 'any' | (typeof FIELDS)[number]
  /** In lower case. */
  readonly value: string
  readonly isNegated: boolean
}

/**
 * Reads a search: words that have to be there, `"several words"`, fields such as `to:ann@example.net` or `subject:"Your receipt"`, and `-` or `!` before
 * what must not be. Nothing is an error: what is not a field is a word.
 */
export function readSearch(text: string): readonly Term[] {
  return [...text.matchAll(/([-!]?)(?:([a-z-]+):)?(?:"([^"]*)"?|(\S+))/gi)].flatMap(
    ([, sign = '', name = '', quoted, word]): Term[] => {
      const value = (quoted ?? word ?? '').toLowerCase()
      const field = FIELDS.find((one) => one === name.toLowerCase())
      const isNegated = sign !== ''
      if (field !== undefined) return value === '' ? [] : [{ field, value, isNegated }]
      const whole = name === '' ? value : `${name.toLowerCase()}:${value}`
      const isUnfinished = whole === '' || FIELDS.some((one) => whole === `${one}:`)
      return isUnfinished ? [] : [{ field: 'any', value: whole, isNegated }]
    },
  )
}

/** The messages that fit all terms, in their order; a day in `before:` and `after:` begins in the time zone that is named, or in UTC. */
export async function searched(
  reader: MailReader,
  messages: readonly BoxMessage[],
  terms: readonly Term[],
  zone = 'UTC',
): Promise<BoxMessage[]> {
  const found: BoxMessage[] = []
  const isInside = terms.some(({ field }) => ['any', 'has', 'reply-to', 'message-id'].includes(field))
  for (const [at, message] of messages.entries()) {
    if (isInside && at % BREATH === BREATH - 1) await setImmediate() // mail that comes meanwhile does not wait
    const digest = isInside ? await reader.digest(message) : undefined
    if (terms.every((term) => isFound(term, message, digest, zone) !== term.isNegated)) found.push(message)
  }
  return found
}

function isFound({ field, value }: Term, message: BoxMessage, digest: Digest | undefined, zone: string): boolean {
  const within = (...texts: readonly (string | undefined)[]) =>
    texts.some((one) => one?.toLowerCase().includes(value) === true)
  const people = (...fields: readonly string[]) =>
    message.recipients.flatMap((one) => (fields.length === 0 || fields.includes(one.field) ? [one.address] : []))
  const { subject, from, envelopeFrom, login, id, tags, time, size } = message
  switch (field) {
    case 'any':
      return within(subject, from, envelopeFrom, ...people(), login, id, ...tags, digest?.words, digest?.messageId)
    case 'to':
      return within(...people())
    case 'cc':
    case 'bcc':
      return within(...people(field))
    case 'addressed':
      return within(...people(), from, envelopeFrom)
    case 'from':
      return within(from, envelopeFrom)
    case 'reply-to':
      return within(...(digest?.replyTo ?? []).map(({ name, address }) => `${name} ${address}`))
    case 'subject':
      return within(subject)
    case 'message-id':
      return within(digest?.messageId)
    case 'user':
      return within(login)
    case 'event':
      return message.events.some(({ event }) => event.toLowerCase() === value)
    case 'rule':
      return [message.refused?.rule, ...message.recipients.map(({ rule }) => rule)].some(
        (rule) => rule?.toLowerCase() === value,
      )
    case 'tag':
      return tags.some((one) => one.toLowerCase() === value)
    case 'has':
      return ((value === 'attachment' && digest?.attached) || (value === 'inline' && digest?.inline) || 0) > 0
    case 'is':
      return isSuch(value, message)
    case 'before':
      return Date.parse(time) < instantOf(value, zone)
    case 'after':
      return Date.parse(time) >= instantOf(value, zone)
    case 'larger':
      return size > bytesOf(value)
    case 'smaller':
      return size < bytesOf(value)
  }
}

function isSuch(value: string, { seen, refused, tags, copyOf }: BoxMessage): boolean {
  switch (value) {
    case 'read':
      return seen
    case 'unread':
      return !seen
    case 'refused':
      return refused !== null
    case 'tagged':
      return tags.length > 0
    case 'copy':
      return copyOf !== null
    default:
      return false
  }
}

/** Milliseconds of a day or a time; not a number for any other text, and then nothing is before or after it. */
function instantOf(value: string, zone: string): number {
  const utc = Date.parse(value)
  return /^\d{4}-\d\d-\d\d$/.test(value) ? utc - zoneOffset(utc, zone) : utc
}

/** By how many milliseconds clocks in a time zone are ahead of UTC; 0 for a zone that does not exist. */
function zoneOffset(instant: number, zone: string): number {
  if (zone === 'UTC' || Number.isNaN(instant)) return 0
  try {
    const shown = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' })
    return Date.parse(`${shown.format(instant).replace(' ', 'T')}Z`) - instant
  } catch {
    return 0
  }
}

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 * 1024 }

/** Bytes of `500`, `20k` or `1.5m`. */
function bytesOf(value: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)([km]?)b?$/.exec(value) ?? []
  return number === undefined ? Number.NaN : Number(number) * (UNITS[unit] ?? 1)
}
