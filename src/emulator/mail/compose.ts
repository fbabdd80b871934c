import MailComposer from 'nodemailer/lib/mail-composer'

/** A file that goes with a message. */
export interface AttachedFile {
  readonly filename: string
  readonly contentType: string
  readonly content: Buffer
  /** Set where the HTML shows it: `cid:…`. */
  readonly cid?: string
}

/** A message in parts. */
interface Draft {
  readonly from: string
  readonly to: readonly string[]
  readonly cc: readonly string[]
  readonly subject: string
  readonly html?: string
  readonly text?: string
  readonly messageId: string
  readonly date: Date
  readonly headers: readonly { readonly header: string; readonly value: string }[]
  readonly files: readonly AttachedFile[]
}

/** A message as MIME; nothing is fetched, and no file is read. */
export function compose({
  from,
  to,
  cc,
  subject,
  html,
  text,
  messageId,
  date,
  headers,
  files,
}: Draft): Promise<Buffer> {
  const composer = new MailComposer({
    from,
    to: [...to],
    cc: [...cc],
    subject,
    messageId,
    date,
    ...(html === undefined ? {} : { html }),
    ...(text === undefined ? {} : { text }),
    headers: headers.map(({ header, value }) => ({ key: header, value })),
    attachments: files.map((file) => ({
      ...file,
      contentDisposition: file.cid === undefined ? 'attachment' : 'inline',
    })),
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return composer.compile().build()
}
