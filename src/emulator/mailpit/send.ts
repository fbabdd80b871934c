import { randomUUID } from 'node:crypto'
import { isObject, type Json, type JsonObject } from '../input/json.ts'
import { compose } from '../mail/compose.ts'

/** A message of a test, ready to be handed in. */
interface Handed {
  readonly from: string
  readonly to: readonly string[]
  readonly raw: Buffer
}

/** Makes a message out of the body of `POST /api/v1/send`; undefined for one without a sender or a recipient. */
export async function composed(body: Json | undefined, date: Date): Promise<Handed | undefined> {
  if (!isObject(body)) return undefined
  const from = isObject(body['From']) ? body['From'] : {}
  const [to, cc, replyTo] = [objectsAt(body, 'To'), objectsAt(body, 'Cc'), objectsAt(body, 'ReplyTo')]
  const bcc = Array.isArray(body['Bcc']) ? body['Bcc'].map(String) : []
  const recipients = [...[...to, ...cc].map(addressOf), ...bcc].filter((one) => one !== '')
  if (addressOf(from) === '' || recipients.length === 0) return undefined
  const own = isObject(body['Headers']) ? Object.entries(body['Headers']) : []
  const headers = own.map(([header, value]) => ({ header, value: String(value) }))
  const text = (name: string) => (typeof body[name] === 'string' && body[name] !== '' ? body[name] : undefined)
  const [plain, html] = [text('Text'), text('HTML')]
  const raw = await compose({
    from: personOf(from),
    to: to.map(personOf),
    cc: cc.map(personOf),
    subject: text('Subject') ?? '',
    ...(plain === undefined ? {} : { text: plain }),
    ...(html === undefined ? {} : { html }),
    messageId: `<${randomUUID()}@mailconfig.emulator>`,
    date,
    headers:
      replyTo.length === 0 ? headers : [...headers, { header: 'Reply-To', value: replyTo.map(personOf).join(', ') }],
    files: objectsAt(body, 'Attachments').map(fileOf),
  })
  return { from: addressOf(from), to: recipients, raw }
}

function fileOf(one: JsonObject) {
  const text = (name: string, usual: string) => (typeof one[name] === 'string' ? one[name] : usual)
  const cid = text('ContentID', '')
  return {
    filename: text('Filename', 'file'),
    contentType: text('ContentType', 'application/octet-stream'),
    content: Buffer.from(text('Content', ''), 'base64'),
    ...(cid === '' ? {} : { cid }),
  }
}

function objectsAt(body: JsonObject, name: string): JsonObject[] {
  const list = body[name]
  return Array.isArray(list) ? list.filter(isObject) : []
}

function addressOf(person: JsonObject): string {
  const { Email: address } = person
  return typeof address === 'string' ? address : ''
}

function personOf(person: JsonObject): string {
  const { Name: name } = person
  const address = addressOf(person)
  return typeof name === 'string' && name !== '' ? `"${name.replace(/["\\]/g, '\\$&')}" <${address}>` : address
}
