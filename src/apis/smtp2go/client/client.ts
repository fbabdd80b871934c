import { type About, callError, readJson } from '../../../http/body.ts'
import { connect } from '../../../http/connection.ts'
import { limiter } from '../../../http/pace/limiter.ts'
import { defined, isRecord } from '../../../model/json.ts'
import { Secret } from '../../../model/secret.ts'
import { addSecretForm } from '../../../model/secret-form.ts'
import type { LimitOptions, TransportOptions } from '../../../model/transport.ts'
import { ApiError, type WireRequest } from '../../../model/wire.ts'
import { dataOf } from './envelope.ts'
import { smtp2goError } from './errors.ts'
import { checkKey, KEY_FORM } from './key.ts'
import { SMTP2GO_LIMITS } from './limits.ts'
import { type Region, SMTP2GO_HOSTS } from './regions.ts'
import { type TypedCalls, typed } from './typed.ts'

/** How to reach one SMTP2GO account. */
export type Smtp2goOptions = TransportOptions & {
  /** `api-` and 32 letters and digits. */
  readonly apiKey: Secret | string
  /** `global` if neither a region nor a URL is given. */
  readonly region?: Region
  /** The base URL, up to `/v3`; wins over the region. */
  readonly url?: string
  /** Names the account in errors and events. */
  readonly account?: string
  readonly limits?: LimitOptions
}

/** A client of one SMTP2GO account. Every method throws `ApiError` and nothing else. */
export type Smtp2go = TypedCalls & {
  readonly host: string
  /** Sends any request and answers `data`, out of the envelope; `null` where the API documents no data. */
  readonly send: (request: WireRequest, signal?: AbortSignal) => Promise<unknown>
  readonly close: () => Promise<void>
}

/** Makes a client for one account; throws `ApiError` if the URL is not safe or the key cannot be one. */
export function smtp2go(options: Smtp2goOptions): Smtp2go {
  const { account = 'smtp2go', region = 'global' } = options
  const key = typeof options.apiKey === 'string' ? new Secret(options.apiKey) : options.apiKey
  addSecretForm(KEY_FORM) // a program that uses this client alone has not loaded the definition of the API
  const look = checkKey(key.reveal())
  if (look?.severity === 'error') throw new ApiError(look.message, { kind: 'auth', account, method: '', path: '' })
  const connection = connect({
    ...options,
    account,
    baseUrl: options.url ?? SMTP2GO_HOSTS[region],
    headers: () => ({ 'x-smtp2go-api-key': key.reveal() }),
    credentials: () => [key],
    limiter: limiter({
      endpoints: SMTP2GO_LIMITS,
      ...defined({ clock: options.clock }),
      ...options.limits,
    }),
  })

  async function send(request: WireRequest, signal?: AbortSignal): Promise<unknown> {
    const withBody = request.body === undefined ? { ...request, body: {} } : request
    const answer = await connection.request(withBody, signal)
    const about: About = { account, host: connection.host, request, forbidden: connection.forbidden(request) }
    const body = readJson(answer, about)
    const error = smtp2goError(answer.status, body, about, look?.message)
    if (error !== undefined) throw error
    if (!isRecord(body)) {
      throw callError(`${connection.host} answered no object`, about, { kind: 'shape', status: answer.status })
    }
    connection.note(body)
    return dataOf(body, about, answer.status)
  }

  return {
    host: connection.host,
    ...typed(send),
    send,
    close: connection.close,
  }
}
