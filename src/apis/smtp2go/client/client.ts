import { type About, callError, readJson } from '../../../http/body.ts'
import { connect } from '../../../http/connection.ts'
import { limiter } from '../../../http/pace/limiter.ts'
import { defined, isRecord } from '../../../model/json.ts'
import { Secret } from '../../../model/secret.ts'
import { addSecretForm } from '../../../model/secret-form.ts'
import type { LimitOptions, TransportOptions } from '../../../model/transport.ts'
import { ApiError, type WireRequest } from '../../../model/wire.ts'
import { OPERATIONS, type Operations, type PatchPath, type PostPath } from '../operations/operations.ts'
import { dataOf } from './envelope.ts'
import { smtp2goError } from './errors.ts'
import { checkKey, KEY_FORM } from './key.ts'
import { SMTP2GO_LIMITS } from './limits.ts'
import { type Region, SMTP2GO_HOSTS } from './regions.ts'

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

export type BodyArgument<Request> = Record<string, never> extends Request ? [body?: Request] : [body: Request]

/** A client of one SMTP2GO account. Every method throws `ApiError` and nothing else. */
export type Smtp2go = {
  readonly host: string
  /** Calls an operation by POST: `call('/users/smtp/view', { username: 'a' })`. Answers its `data`. */
  readonly call: <P extends PostPath>(
    path: P,
    ...body: BodyArgument<Operations[P]['request']>
  ) => Promise<Operations[P]['answer']>
  /** Changes the given fields and leaves the others; a POST to the same path resets what it is not given. */
  readonly patch: <P extends PatchPath>(
    path: P,
    body: Operations[`PATCH ${P}`]['request'],
  ) => Promise<Operations[`PATCH ${P}`]['answer']>
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

  function operate(name: keyof Operations, body: Readonly<Record<string, unknown>>): Promise<unknown> {
    const { reads, secrets } = OPERATIONS[name]
    const isPatch = name.startsWith('PATCH ')
    const path = isPatch ? name.slice('PATCH '.length) : name
    return send({
      method: isPatch ? 'PATCH' : 'POST',
      path,
      body,
      reads,
      ...defined({ secrets }),
    })
  }

  return {
    host: connection.host,
    // the container was checked by `send`; what stands in it is the API's word
    call: async <P extends PostPath>(path: P, ...[body]: BodyArgument<Operations[P]['request']>) =>
      (await operate(path, body ?? {})) as Operations[P]['answer'],
    patch: async <P extends PatchPath>(path: P, body: Operations[`PATCH ${P}`]['request']) =>
      (await operate(`PATCH ${path}`, body)) as Operations[`PATCH ${P}`]['answer'],
    send,
    close: connection.close,
  }
}
