import type { BoxMessage } from '../world/mailbox.ts'

/** One thing that a message has to have, or must not. */
interface Term {
  readonly field: 'any' | 'to' | 'from' | 'subject' | 'user' | 'event' | 'has' | 'is' | 'tag' | 'before' | 'after'
  readonly value: string
  readonly isNegated: boolean
}

const FIELDS = ['to', 'from', 'subject', 'user', 'event', 'has', 'is', 'tag', 'before', 'after'] as const

/**
 * Reads a search: words that have to be there, `"several words"`, `to: from: subject: user: event: tag: has:attachment is:unread is:read is:refused
 * before: after:` (a day or a time), and `-` or `!` before what must not be. Nothing is an error: what is no field is a word.
 */
export function readSearch(text: string): readonly Term[] {
  return [...text.matchAll(/([-!]?)(?:([a-z]+):)?(?:"([^"]*)"?|(\S+))/gi)].flatMap(
    ([, sign = '', name = '', quoted, word]): Term[] => {
      const value = (quoted ?? word ?? '').toLowerCase()
      const field = FIELDS.find((one) => one === name.toLowerCase())
      const isNegated = sign !== ''
      if (field !== undefined) return [{ field, value, isNegated }]
      const whole = name === '' ? value : `${name.toLowerCase()}:${value}`
      return whole === '' ? [] : [{ field: 'any', value: whole, isNegated }]
    },
  )
}

/** Whether a message is what a search is for. */
export function isFound(terms: readonly Term[], message: BoxMessage): boolean {
  return terms.every((term) => has(term, message) !== term.isNegated)
}

function has({ field, value }: Term, message: BoxMessage): boolean {
  const within = (texts: readonly string[]) => texts.some((one) => one.toLowerCase().includes(value))
  const addresses = message.recipients.map(({ address }) => address)
  const senders = [message.from, message.envelopeFrom]
  switch (field) {
    case 'any':
      return within([
        message.subject,
        ...senders,
        ...addresses,
        message.login,
        message.id,
        ...message.tags,
        message.raw,
      ])
    case 'to':
      return within(addresses)
    case 'from':
      return within(senders)
    case 'subject':
      return within([message.subject])
    case 'user':
      return within([message.login])
    case 'event':
      return message.events.some(({ event }) => event.toLowerCase() === value)
    case 'tag':
      return message.tags.some((one) => one.toLowerCase() === value)
    case 'has':
      return value !== 'attachment' || hasAttachment(message)
    case 'is':
      return value === 'read' ? message.seen : value === 'refused' ? message.refused !== null : !message.seen
    case 'before':
      return Number.isNaN(Date.parse(value)) || Date.parse(message.time) < Date.parse(value)
    case 'after':
      return Number.isNaN(Date.parse(value)) || Date.parse(message.time) >= Date.parse(value)
  }
}

/** Whether a file goes with a message, told without taking it apart. */
export function hasAttachment({ raw }: Pick<BoxMessage, 'raw'>): boolean {
  return /^content-disposition:\s*attachment/im.test(raw)
}
