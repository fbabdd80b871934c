import type { BoxMessage } from '../world/mailbox.ts'
import { delivered } from './deliver.ts'
import { hasRemotePictures } from './html.ts'
import { rowOf } from './listing.ts'
import type { MailReader } from './reader.ts'

/** Characters of the source that the page shows; the download has all. */
const MOST_SOURCE = 500_000

/** All that is known of a message, as one of its recipients sees it. */
export async function opened(reader: MailReader, message: BoxMessage, viewer: string, origin: string) {
  const mail = await reader.mail(message)
  const { html, text } = delivered(message, mail, viewer, origin)
  const { refused, events, calls, tracked, raw } = message
  return {
    ...(await rowOf(reader, message)),
    refused,
    events,
    calls,
    tracked: { ...tracked, footer: tracked.footer !== null },
    viewer,
    headers: mail.headers,
    text,
    html,
    hasRemotePictures: hasRemotePictures(html),
    source: Buffer.from(raw.slice(0, MOST_SOURCE), 'latin1').toString('utf8'),
    isCut: raw.length > MOST_SOURCE,
    parts: mail.parts.map(({ name, type, bytes, isInline }) => ({ name, type, isInline, size: bytes.length })),
  }
}
