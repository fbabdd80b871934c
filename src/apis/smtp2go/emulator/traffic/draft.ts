import { randomBytes } from 'node:crypto'
import { isEmail, list, need, or, record, such, text, type Values } from '../../../../emulator/input/fields.ts'
import { isObject, type Json, parseJson } from '../../../../emulator/input/json.ts'
import { type AttachedFile, compose } from '../../../../emulator/mail/compose.ts'
import { addressesIn } from '../../../../emulator/mail/headers.ts'
import type { Call } from '../call/operation.ts'
import { Refusal } from '../call/refusal.ts'
import { time } from '../call/time.ts'

const person = such(
  (value) => isEmail(addressesIn(value)[0]?.address ?? ''),
  'an address such as Name <name@example.com>',
)
const file = record({
  filename: need(text({ min: 1 })),
  fileblob: text(),
  mimetype: or(text(), () => 'application/octet-stream'),
  url: text(),
})

/** A list of at most 100 people. */
function upTo100(): (value: Json | undefined, name: string) => string[] | undefined {
  return (value, name) => {
    const found = list(person)(value, name)
    if (found !== undefined && found.length > 100)
      throw new Refusal(`The field '${name}' takes 100 addresses at most`, 'NON_VALIDATING_IN_PAYLOAD', 400, name)
    return found
  }
}

/** What a call about one message takes. */
export const draftFields = {
  sender: need(person),
  to: need(upTo100()),
  cc: or(upTo100(), () => []),
  bcc: or(upTo100(), () => []),
  subject: or(text(), () => ''),
  html_body: text(),
  text_body: text(),
  custom_headers: or(list(record({ header: need(text({ min: 1 })), value: need(text()) })), () => []),
  attachments: or(list(file), () => []),
  inlines: or(list(file), () => []),
  template_id: text(),
  template_data: (value: Json | undefined, name: string) => templateData(value, name),
  schedule: time,
}
/** What `draftFields` read. */
type DraftInput = Values<typeof draftFields>

/** Values for a template: an object, or its JSON. */
function templateData(value: Json | undefined, name: string): object | undefined {
  if (value === undefined || value === null) return undefined
  const parsed = typeof value === 'string' ? parseJson(value) : value
  if (isObject(parsed)) return parsed
  throw new Refusal(`The field '${name}' was expecting an object`, 'NON_VALIDATING_IN_PAYLOAD', 400, name)
}

/** A message that is ready to go. */
export interface ReadyMail {
  readonly from: string
  readonly to: readonly string[]
  readonly raw: Buffer
  readonly subject: string
}

/** Puts a message together: from its template where it names one. */
export async function readyMail(call: Call, input: DraftInput): Promise<ReadyMail> {
  if (input.to.length === 0)
    throw new Refusal("The field 'to' needs an address", 'NON_VALIDATING_IN_PAYLOAD', 400, 'to')
  const { subject, html, plain } =
    input.template_id === undefined ? given(input) : await filledIn(call, input.template_id, input.template_data ?? {})
  const files = await Promise.all([
    ...input.attachments.map((one) => fileOf(one, false)),
    ...input.inlines.map((one) => fileOf(one, true)),
  ])
  const raw = await compose({
    from: input.sender,
    to: input.to,
    cc: input.cc,
    subject,
    ...(html === undefined ? {} : { html }),
    ...(plain === undefined ? {} : { text: plain }),
    messageId: `<E${randomBytes(8).toString('hex')}@message-id.smtpcorp.com>`,
    date: call.now,
    headers: input.custom_headers,
    files,
  })
  const to = [...input.to, ...input.cc, ...input.bcc].map((one) => addressesIn(one)[0]?.address ?? one)
  return { from: addressesIn(input.sender)[0]?.address ?? '', to, raw, subject }
}

interface Content {
  readonly subject: string
  readonly html: string | undefined
  readonly plain: string | undefined
}

function given({ subject, html_body, text_body }: DraftInput): Content {
  if (html_body === undefined && text_body === undefined)
    throw new Refusal("One of 'html_body' and 'text_body' is required", 'NON_VALIDATING_IN_PAYLOAD', 400, 'text_body')
  return { subject, html: html_body, plain: text_body }
}

async function filledIn({ scope }: Call, id: string, values: object): Promise<Content> {
  const template = scope.templates.get(id)
  if (template === undefined) throw new Refusal(`An email template matching the passed id of ${id} was not found`)
  const { renderTemplate } = await import('../../../../emulator/mail/render.ts')
  try {
    return {
      subject: renderTemplate(template.subject, values, false),
      html: renderTemplate(template.html_body, values, true),
      plain: renderTemplate(template.text_body, values, false),
    }
  } catch (error) {
    throw new Refusal(
      `The email template ${id} cannot be rendered: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}

type FileInput = NonNullable<ReturnType<typeof file>>

async function fileOf({ filename, fileblob, mimetype, url }: FileInput, isInline: boolean): Promise<AttachedFile> {
  const content = fileblob === undefined ? await fetched(url) : Buffer.from(fileblob, 'base64')
  return { filename, contentType: mimetype, content, ...(isInline ? { cid: filename } : {}) }
}

/** What an attachment's URL has; nothing but this machine is asked. */
async function fetched(url: string | undefined): Promise<Buffer> {
  const isOurs =
    url !== undefined && URL.canParse(url) && ['127.0.0.1', '[::1]', 'localhost'].includes(new URL(url).hostname)
  if (!isOurs)
    throw new Refusal(
      'An attachment needs a fileblob: this emulator fetches from this machine alone',
      'NON_VALIDATING_IN_PAYLOAD',
      400,
      'url',
    )
  const answer = await fetch(url)
  if (!answer.ok) throw new Refusal(`The attachment ${url} answers ${answer.status}`)
  return Buffer.from(await answer.arrayBuffer())
}
