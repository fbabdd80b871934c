import { createHash } from 'node:crypto'
import type { MailPart, NamedAddress, ParsedMail } from '../inbox/parsed.ts'
import type { Digest } from '../inbox/reader.ts'
import type { BoxMessage } from '../world/mailbox.ts'

const person = ({ name, address }: NamedAddress) => ({ Name: name, Address: address })

/** A message in a list, as Mailpit's API has it. */
export function listItem(message: BoxMessage, mail: ParsedMail, { attached, snippet }: Digest) {
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
    Subject: message.subject,
    Created: time,
    Username: login,
    Tags: tags,
    Size: size,
    Attachments: attached,
    Snippet: snippet,
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
    Subject: message.subject,
    ListUnsubscribe: {
      Header: unsubscribe,
      Links: [...unsubscribe.matchAll(/<([^>]+)>/g)].map(([, link = '']) => link),
      Errors: '',
      HeaderPost: post,
    },
    Date: mail.date === '' ? time : mail.date,
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

function sender({ envelopeFrom }: BoxMessage, { from }: ParsedMail) {
  return person(from ?? { name: '', address: envelopeFrom })
}

/** Recipients whom no header names. */
function bcc({ recipients }: BoxMessage, { to, cc }: ParsedMail) {
  const named = new Set([...to, ...cc].map(({ address }) => address.toLowerCase()))
  return recipients.flatMap(({ address }) => (named.has(address.toLowerCase()) ? [] : [person({ name: '', address })]))
}
