import type { BoxMessage } from '../world/mailbox.ts'
import { wordsOf } from './html.ts'
import { type ParsedMail, parseMail } from './parsed.ts'

/** What a list shows of the inside of a message, and what a search looks into. */
export interface Digest {
  /** The first 20,000 characters that people read, in lower case and with single spaces. */
  readonly words: string
  /** The first 250 characters. */
  readonly snippet: string
  readonly messageId: string
  readonly replyTo: ParsedMail['replyTo']
  /** Files that go with it, and pictures inside of it. */
  readonly attached: number
  readonly inline: number
}

/** Takes messages apart and remembers what was asked for lately. */
export interface MailReader {
  mail(message: BoxMessage): Promise<ParsedMail>
  digest(message: BoxMessage): Promise<Digest>
}

const MOST_MAILS = 32
const MOST_DIGESTS = 20_000
const MOST_WORDS = 20_000
const SNIPPET = 250

/** A reader that has read nothing yet. */
export function createReader(): MailReader {
  const mails = new Map<string, Promise<ParsedMail>>()
  const digests = new Map<string, Promise<Digest>>()
  const mail = (message: BoxMessage) => remembered(mails, MOST_MAILS, message, () => parseMail(message.raw))
  return {
    mail,
    digest: (message) => remembered(digests, MOST_DIGESTS, message, async () => digestOf(await parseMail(message.raw))),
  }
}

/** A message does not change, but a state that replaces another may give its number to another message. */
function remembered<T>(known: Map<string, Promise<T>>, most: number, message: BoxMessage, make: () => Promise<T>) {
  const name = `${message.id} ${message.time} ${message.raw.length}`
  const found = known.get(name) ?? make()
  known.delete(name)
  known.set(name, found) // the last one that was asked for stays longest
  const [oldest] = known.keys()
  if (known.size > most && oldest !== undefined) known.delete(oldest)
  return found
}

function digestOf({ html, text, parts, messageId, replyTo }: ParsedMail): Digest {
  const read = (text.trim() === '' ? wordsOf(html) : text).replace(/\s+/g, ' ').trim()
  const inline = parts.filter(({ isInline }) => isInline).length
  return {
    words: read.slice(0, MOST_WORDS).toLowerCase(),
    snippet: read.slice(0, SNIPPET),
    messageId,
    replyTo,
    attached: parts.length - inline,
    inline,
  }
}
