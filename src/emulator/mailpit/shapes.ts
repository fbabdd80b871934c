import { createHash } from 'node:crypto'
import type { MailPart, NamedAddress, ParsedMail } from '../inbox/parsed.ts'
import { hasAttachment } from '../inbox/search.ts'
import type { BoxMessage } from '../world/mailbox.ts'

const person = ({ name, address }: NamedAddress) => ({ Name: name, Address: address })

/** A message in a list, as Mailpit's API has it. */
export async function listItem(message: BoxMessage, mail: ParsedMail) {
  const { id, time, size, seen, tags, login } = message
  return {
    ID: id,
    MessageID: mail.messageId,
    Read: seen,
    From: sender(message, mail),
    To: mail.to.map(person),
    Cc: mail.cc.map(person),
    Bcc: bcc(message, mail),
    ReplyTo: mail.replyTo.map(person),
    Subject: mail.subject,
    Created: time,
    Username: login,
    Tags: tags,
    Size: size,
    Attachments: hasAttachment(message) ? mail.parts.filter(({ isInline }) => !isInline).length : 0,
    Snippet: snippet(mail),
  }
}

/** A message, whole. */
export function messageSummary(message: BoxMessage, mail: ParsedMail, seen: { html: string; text: string }) {
  const { id, time, size, tags, login, envelopeFrom } = message
  const unsubscribe = mail.headers.find(([name]) => name.toLowerCase() === 'list-unsubscribe')?.[1] ?? ''
  const post = mail.headers.find(([name]) => name.toLowerCase() === 'list-unsubscribe-post')?.[1] ?? ''
  return {
    ID: id,
    MessageID: mail.messageId,
    From: sender(message, mail),
    To: mail.to.map(person),
    Cc: mail.cc.map(person),
    Bcc: bcc(message, mail),
    ReplyTo: mail.replyTo.map(person),
    ReturnPath: envelopeFrom,
    Subject: mail.subject,
    ListUnsubscribe: {
      Header: unsubscribe,
      Links: [...unsubscribe.matchAll(/<([^>]+)>/g)].map(([, link = '']) => link),
      Errors: '',
      HeaderPost: post,
    },
    Date: time,
    Tags: tags,
    Username: login,
    Text: seen.text,
    HTML: seen.html,
    Size: size,
    Inline: mail.parts.flatMap((part, at) => (part.isInline ? [attachment(part, at)] : [])),
    Attachments: mail.parts.flatMap((part, at) => (part.isInline ? [] : [attachment(part, at)])),
  }
}

function attachment({ name, type, contentId, bytes }: MailPart, at: number) {
  const sum = (algorithm: string) => createHash(algorithm).update(bytes).digest('hex')
  return {
    PartID: String(at),
    FileName: name,
    ContentType: type,
    ContentID: contentId,
    Size: bytes.length,
    Checksums: { MD5: sum('md5'), SHA1: sum('sha1'), SHA256: sum('sha256') },
  }
}

function sender({ envelopeFrom }: BoxMessage, { from: [first] }: ParsedMail) {
  return person(first ?? { name: '', address: envelopeFrom })
}

/** Recipients whom no header names. */
function bcc({ recipients }: BoxMessage, mail: ParsedMail) {
  const named = [...mail.to, ...mail.cc, ...mail.bcc].map(({ address }) => address.toLowerCase())
  const hidden = recipients.filter(({ address }) => !named.includes(address.toLowerCase()))
  return [...mail.bcc.map(person), ...hidden.map(({ address }) => person({ name: '', address }))]
}

function snippet({ text, html }: ParsedMail): string {
  const words = text === '' ? html.replace(/<(style|script)[\s\S]*?<\/\1>/gi, ' ').replace(/<[^>]*>/g, ' ') : text
  return words.replace(/\s+/g, ' ').trim().slice(0, 250)
}
