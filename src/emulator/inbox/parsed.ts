import PostalMime from 'postal-mime'

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
  readonly subject: string
  readonly messageId: string
  readonly from: readonly NamedAddress[]
  readonly to: readonly NamedAddress[]
  readonly cc: readonly NamedAddress[]
  readonly bcc: readonly NamedAddress[]
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

/** Reads a message (RFC 5322, MIME); what cannot be read is left out. */
export async function parseMail(raw: string): Promise<ParsedMail> {
  const mail = await PostalMime.parse(Buffer.from(raw, 'latin1'), { attachmentEncoding: 'arraybuffer' })
  const people = (list: typeof mail.to) =>
    (list ?? []).flatMap((one) =>
      'group' in one && one.group !== undefined
        ? one.group.map(({ name, address }) => ({ name, address: address ?? '' }))
        : [{ name: one.name, address: one.address ?? '' }],
    )
  return {
    headers: mail.headers.map(({ originalKey, key, value }) => [originalKey ?? key, value] as const),
    subject: mail.subject ?? '',
    messageId: (mail.messageId ?? '').replace(/^<|>$/g, ''),
    from: people(mail.from === undefined ? [] : [mail.from]),
    to: people(mail.to),
    cc: people(mail.cc),
    bcc: people(mail.bcc),
    replyTo: people(mail.replyTo),
    html: mail.html ?? '',
    text: mail.text ?? '',
    parts: mail.attachments.map(({ filename, mimeType, contentId, disposition, related, content }, at) => ({
      name: filename ?? `part-${at + 1}`,
      type: mimeType,
      contentId: (contentId ?? '').replace(/^<|>$/g, ''),
      isInline: disposition === 'inline' || related === true,
      bytes: typeof content === 'string' ? Buffer.from(content) : new Uint8Array(content),
    })),
  }
}
