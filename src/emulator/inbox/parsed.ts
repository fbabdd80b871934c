import PostalMime, { type Email } from 'postal-mime'
import { readHeaders } from '../mail/headers.ts'

/** A file that goes with a message, or a picture inside of it. */
export interface MailPart {
  readonly name: string
  readonly type: string
  /** Its `cid:` name, without angle brackets; empty where it has none. */
  readonly contentId: string
  readonly isInline: boolean
  readonly bytes: Uint8Array
}

/** A message taken apart. */
export interface ParsedMail {
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly messageId: string
  /** The Date header as ISO 8601; empty where there is none that can be read. */
  readonly date: string
  readonly from: NamedAddress | undefined
  readonly to: readonly NamedAddress[]
  readonly cc: readonly NamedAddress[]
  readonly replyTo: readonly NamedAddress[]
  readonly html: string
  readonly text: string
  readonly parts: readonly MailPart[]
}

/** An address with the name before it. */
export interface NamedAddress {
  readonly name: string
  readonly address: string
}

/** Reads a message (RFC 5322, MIME). One that is beyond reading has its headers, and the rest as its text. */
export async function parseMail(raw: string): Promise<ParsedMail> {
  const bytes = Buffer.from(raw, 'latin1')
  try {
    return partsOf(await PostalMime.parse(bytes, { attachmentEncoding: 'arraybuffer' }))
  } catch {
    const { headers, bodyAt } = readHeaders(bytes)
    const nobody = { from: undefined, to: [], cc: [], replyTo: [] }
    return { ...nobody, headers, messageId: '', date: '', html: '', text: raw.slice(bodyAt), parts: [] }
  }
}

function partsOf(mail: Email): ParsedMail {
  const date = new Date(mail.date ?? '')
  return {
    headers: mail.headers.map(({ originalKey, key, value }) => [originalKey ?? key, value] as const),
    messageId: withoutBrackets(mail.messageId),
    date: Number.isNaN(date.getTime()) ? '' : date.toISOString(),
    from: people(mail.from === undefined ? [] : [mail.from])[0],
    to: people(mail.to),
    cc: people(mail.cc),
    replyTo: people(mail.replyTo),
    html: mail.html ?? '',
    text: mail.text ?? '',
    parts: mail.attachments.map(({ filename, mimeType, contentId, disposition, related, content }, at) => ({
      name: filename ?? `part-${at + 1}`,
      type: mimeType,
      contentId: withoutBrackets(contentId),
      isInline: disposition === 'inline' || related === true,
      bytes: typeof content === 'string' ? Buffer.from(content) : new Uint8Array(content),
    })),
  }
}

/** The addresses of a header, those of groups too. */
function people(list: Email['to']): NamedAddress[] {
  return (list ?? []).flatMap((one) =>
    'group' in one && one.group !== undefined
      ? one.group.map(({ name, address }) => ({ name, address: address ?? '' }))
      : [{ name: one.name, address: one.address ?? '' }],
  )
}

function withoutBrackets(id: string | undefined): string {
  return (id ?? '').replace(/^<|>$/g, '')
}
