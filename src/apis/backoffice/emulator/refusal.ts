import { isObject, type JsonObject, parseJson } from '../../../emulator/input/json.ts'
import { type Answer, type Incoming, retryHeaders } from '../../../emulator/world/call.ts'
import type { Context } from './world.ts'

/** What is wrong with a body, by field. */
export type FieldErrors = Readonly<Record<string, readonly string[]>>

/** Why the Back Office refuses a call. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number
  readonly errors: FieldErrors | undefined
  constructor(status: number, message: string, errors?: FieldErrors) {
    super(message)
    this.status = status
    this.errors = errors
  }
}

/** The answer to a refused call. */
export function refuse({ status, message, errors }: Refusal, { settings }: Context, call: Incoming): Answer {
  const language = call.header('accept-language') ?? 'en'
  const text = settings.translateMessages && !language.startsWith('en') ? `[${language}] ${message}` : message
  const headers = status === 429 ? retryHeaders(settings) : {}
  switch (settings.providerErrorShape) {
    case 'laravel':
      return { status, body: { message: text, errors }, headers }
    case 'message':
      return { status, body: { message: text }, headers }
    case 'flat':
      return { status, body: { error: text }, headers }
  }
}

/** Reads a body that has to be a JSON object. */
export function readBody({ settings }: Context, call: Incoming): JsonObject {
  // The published example of a PATCH names no type, so it goes out with that of curl.
  const isExample =
    call.method === 'PATCH' && /^(?:application\/x-www-form-urlencoded)?$/i.test(call.header('content-type') ?? '')
  if (
    settings.requireJsonContentType &&
    !isExample &&
    !/^application\/json\b/i.test(call.header('content-type') ?? '')
  ) {
    throw new Refusal(settings.wrongTypeStatus, 'The body has to be sent as application/json.')
  }
  const body = parseJson(call.text)
  if (isObject(body)) return body
  throw new Refusal(400, 'The body is not a valid JSON object.')
}
