import { type About, readJson } from '../../../http/body.ts'
import { connect, type HttpConnection } from '../../../http/connection.ts'
import { systemClock } from '../../../http/pace/clock.ts'
import { limiter } from '../../../http/pace/limiter.ts'
import { Secret } from '../../../model/secret.ts'
import type { LimitOptions, TransportOptions } from '../../../model/transport.ts'
import { ApiError, type WireRequest } from '../../../model/wire.ts'
import { type Ask, type Got, wrongAnswer } from './call.ts'
import { backofficeError, TOKEN_HINT } from './errors.ts'
import { listItems, oneItem } from './list.ts'
import { type BackofficeProviders, PROVIDERS, providersOf } from './providers.ts'
import { type BackofficeSession, beginsSession, expiryOf, sessionOf } from './session.ts'
import { tokenSource } from './token-source.ts'

/** How to reach one Back Office. */
export type BackofficeOptions = TransportOptions & {
  /** The origin, such as `https://host.example.com`; paths begin with `/api/v2`. */
  readonly url: string
  /** A bearer token; left out only to sign in. */
  readonly token?: Secret | string
  /** How to get one, where there is none: at the first call, and once more when a call is answered with 401. */
  readonly login?: { readonly email: string; readonly password: Secret } | { readonly refreshToken: Secret }
  /** Names the account in errors and events. */
  readonly account?: string
  readonly limits?: LimitOptions
}

/** A client of one Back Office. Every method throws `ApiError` and nothing else. */
export type Backoffice = BackofficeSession & {
  readonly host: string
  readonly providers: BackofficeProviders
  /** Sends any request; answers JSON, `null` for no body, a plain array for a list. */
  readonly send: (request: WireRequest, signal?: AbortSignal) => Promise<unknown>
  readonly close: () => Promise<void>
}

/** Makes a client for one Back Office; throws `ApiError` if the URL is not safe or the token cannot be one. */
export function backoffice(options: BackofficeOptions): Backoffice {
  const { account = 'backoffice', clock = systemClock } = options
  const token = typeof options.token === 'string' ? new Secret(options.token) : options.token
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token.reveal())) {
    const message = 'the token is empty, or contains a space, a line break or a non-ASCII character'
    throw new ApiError(message, { kind: 'auth', account, method: '', path: '', hint: TOKEN_HINT })
  }
  const connection = connect({
    ...options,
    account,
    baseUrl: options.url,
    headers: ({ path }) => ({
      'accept-language': 'en',
      ...(beginsSession(path) ? {} : bearer(token ?? tokens?.current())),
    }),
    credentials: () => [token, tokens?.current(), ...loginSecrets(options.login)].filter((one) => one !== undefined),
    limiter: limiter({ clock, ...options.limits }),
  })

  const raw: Ask = (request, signal, tries) =>
    exchangeJson(connection, account, request, () => tokenHint(token ?? tokens?.current(), clock.now()), signal, tries)
  const tokens = options.login === undefined ? undefined : tokenSource(sessionOf(raw), options.login, account)

  async function ask(request: WireRequest, signal?: AbortSignal, tries?: number): Promise<Got> {
    if (beginsSession(request.path)) return await raw(request, signal, tries)
    if (tokens !== undefined) return await tokens.with(() => raw(request, signal, tries))
    if (token === undefined) {
      const { method, path } = request
      throw new ApiError('there is no token', { kind: 'auth', account, method, path, hint: TOKEN_HINT })
    }
    return await raw(request, signal, tries)
  }

  return {
    ...sessionOf(ask),
    host: connection.host,
    providers: providersOf(ask),
    send: async (request, signal) => dataOf(request, await ask(request, signal)),
    close: connection.close,
  }
}

function bearer(token: Secret | undefined): Readonly<Record<string, string>> {
  return token === undefined ? {} : { authorization: `Bearer ${token.reveal()}` }
}

function loginSecrets(login: BackofficeOptions['login']): Secret[] {
  if (login === undefined) return []
  return 'password' in login ? [login.password] : [login.refreshToken]
}

async function exchangeJson(
  connection: HttpConnection,
  account: string,
  request: WireRequest,
  hint: () => string,
  signal: AbortSignal | undefined,
  tries: number | undefined,
): Promise<Got> {
  const answer = await connection.request(request, signal, tries)
  const about: About = { account, host: connection.host, request, forbidden: connection.forbidden(request) }
  const { status, text, headers } = answer
  const isEmpty = text.trim() === ''
  if (status >= 400) throw backofficeError(status, isEmpty ? undefined : readJson(answer, about), about, hint())
  const isStatus = request.path.endsWith('/status') // documented without a body; a page of HTML is someone else's
  if (isStatus && !/html/i.test(headers['content-type'] ?? '')) return { body: null, about }
  if (!request.reads && isEmpty) return { body: null, about }
  const body = readJson(answer, about)
  connection.note(body)
  return { body, about }
}

/** What the engine gets: an array for a list, the object, or null for no body. */
function dataOf(request: WireRequest, got: Got): unknown {
  const isList = request.method === 'GET' && (request.path === PROVIDERS || request.query?.['limit'] !== undefined)
  if (isList) return (listItems(got.body) ?? wrongAnswer(got, 'a list of an unknown shape')).items
  if (got.body === null) return null
  return oneItem(got.body) ?? wrongAnswer(got, 'an answer that is not an object')
}

function tokenHint(token: Secret | undefined, now: number): string {
  const expiry = token === undefined ? undefined : expiryOf(token.reveal())
  if (expiry === undefined || expiry > now) return TOKEN_HINT
  return `the token expired at ${new Date(expiry).toISOString()}; ${TOKEN_HINT}`
}
