import { randomUUID } from 'node:crypto'
import addressparser from 'nodemailer/lib/addressparser'
import MailComposer from 'nodemailer/lib/mail-composer'

/** A message as it goes over the line. */
export interface RawMail {
  readonly raw: Buffer
  /** With its angle brackets. */
  readonly messageId: string
}

/** The parts of a message; people are `Name <name@example.com>`. */
interface MailParts {
  readonly from: string
  readonly to: readonly string[]
  readonly subject: string
  readonly text?: string
  readonly html?: string
}

/** Makes a message (RFC 5322); it reads no file and no URL. */
export async function compose({ from, to, subject, text, html }: MailParts): Promise<RawMail> {
  const messageId = `<${randomUUID()}@mailconfig.invalid>`
  const composer = new MailComposer({
    from,
    to: [...to],
    subject,
    messageId,
    ...(text === undefined ? {} : { text }),
    ...(html === undefined ? {} : { html }),
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return { raw: await composer.compile().build(), messageId }
}

/** The address in `Ann <ann@example.org>`; the text itself where there is none. */
export function addressIn(person: string): string {
  const [first] = addressparser(person, { flatten: true })
  return first?.address || person
}

/** What the head of a message says: who it is from and for, and its id; empty texts and lists where it does not. */
interface MailHead {
  readonly from: string
  readonly to: readonly string[]
  readonly subject: string
  readonly messageId: string
}

/** Reads the head of a message (RFC 5322, 2.2). */
export function readHead(raw: Buffer): MailHead {
  const text = raw.toString('latin1')
  const end = /\r?\n\r?\n/.exec(text)?.index ?? text.length
  const lines = text
    .slice(0, end)
    .replace(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/)
  const header = (name: string) =>
    lines.flatMap((line) => (line.toLowerCase().startsWith(`${name}:`) ? [line.slice(name.length + 1).trim()] : []))
  const people = (name: string) =>
    header(name).flatMap((value) => addressparser(value, { flatten: true }).flatMap(({ address }) => address || []))
  return {
    from: people('from')[0] ?? '',
    to: ['to', 'cc', 'bcc'].flatMap(people),
    subject: header('subject')[0] ?? '',
    messageId: header('message-id')[0] ?? '',
  }
}
