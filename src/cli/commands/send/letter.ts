import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { addressIn, compose, type RawMail, readHead } from '../../../mail/message.ts'
import { errorCode } from '../../../model/error-code.ts'
import { isRecord, parseJson } from '../../../model/json.ts'
import type { MailToSend } from '../../../model/traffic/traffic.ts'
import { Stop } from '../../invocation/exit.ts'
import type { Invocation } from '../../invocation/invocation.ts'

/** A message, as it is asked for. */
export interface Letter {
  /** The address in the envelope. */
  readonly envelopeFrom: string
  /** The address that people see. */
  readonly from: string
  /** Addresses. */
  readonly to: readonly string[]
  readonly subject: string
  readonly mail: MailToSend
}

const SUBJECT = 'A test of mailconfig'
const TEXT = 'This message was sent by "mailconfig send" to see whether mail passes.'

/** Reads the message that the options describe. Throws `Stop`. */
export function readLetter(invocation: Invocation): Letter {
  const { options } = invocation
  const { template, eml } = options
  const parts = { '--subject': options.subject, '--text': options.text, '--html': options.html }
  const given = Object.entries(parts).flatMap(([name, value]) => (value === undefined ? [] : [name]))
  const whole = eml === undefined ? (template === undefined ? undefined : '--template') : '--eml'
  if (whole !== undefined && given[0] !== undefined) throw new Stop(`${given[0]} does not go with ${whole}`)
  if (eml !== undefined && template !== undefined) throw new Stop('--template does not go with --eml')
  if (options.data !== undefined && template === undefined) throw new Stop('--data needs --template')
  if (eml !== undefined) return wholeMessage(bytesOf(eml, invocation), invocation)
  const { from, to } = options
  if (from === undefined) throw new Stop('say who it is from: --from')
  if (to.length === 0) throw new Stop('say who gets it: --to')
  const people = { envelopeFrom: addressIn(from), from: addressIn(from), to: to.map(addressIn) }
  if (template !== undefined) {
    const data = options.data === undefined ? {} : dataOf(options.data, invocation)
    return { ...people, subject: `template ${template}`, mail: { from, to, template: { id: template, data } } }
  }
  const subject = options.subject ?? SUBJECT
  const html = options.html === undefined ? undefined : bytesOf(options.html, invocation).toString('utf8')
  const text = options.text ?? (html === undefined ? TEXT : undefined)
  return {
    ...people,
    subject,
    mail: { from, to, subject, ...(text === undefined ? {} : { text }), ...(html === undefined ? {} : { html }) },
  }
}

/** The message as it goes over the line. Throws `Stop` for one that only the API can make. */
export async function rawOf({ mail, subject }: Letter): Promise<RawMail> {
  if (mail.raw !== undefined) return { raw: mail.raw, messageId: readHead(mail.raw).messageId }
  if (mail.template !== undefined)
    throw new Stop('a template is filled in by the API alone', { hint: 'leave --via smtp, --user and --provider off' })
  return await compose({ ...mail, subject })
}

function wholeMessage(raw: Buffer, { options }: Invocation): Letter {
  const head = readHead(raw)
  const to = options.to.length === 0 ? head.to : options.to.map(addressIn)
  if (head.from === '') throw new Stop('the message has no From header, so it cannot be sent')
  if (to.length === 0) throw new Stop('the message names no recipient', { hint: 'name one with --to' })
  const envelopeFrom = options.from === undefined ? head.from : addressIn(options.from)
  return { envelopeFrom, from: head.from, to, subject: head.subject, mail: { from: head.from, to, raw } }
}

function dataOf(name: string, invocation: Invocation): Readonly<Record<string, unknown>> {
  const json = parseJson(bytesOf(name, invocation).toString('utf8'))
  if (isRecord(json)) return json
  throw new Stop(`"${name}" is not a JSON object`)
}

function bytesOf(name: string, { io }: Invocation): Buffer {
  try {
    return readFileSync(resolve(io.cwd, name))
  } catch (cause) {
    throw new Stop(`cannot read "${name}" (${errorCode(cause, 'unknown reason')})`)
  }
}
