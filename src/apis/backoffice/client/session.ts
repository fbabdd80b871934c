import type { Json } from '../../../http/body.ts'
import { isRecord, parseJson } from '../../../model/json.ts'
import { Secret } from '../../../model/secret.ts'
import { type Ask, wrongAnswer } from './call.ts'

/** A token and its times in ISO 8601; a time that the API leaves out is undefined. */
export type BackofficeToken = {
  readonly token: Secret
  readonly createdAt: string | undefined
  readonly expiresAt: string | undefined
}

/** What a sign-in leads to: tokens, or a code to be entered. Source: the page on authentication. */
export type SignedIn =
  | { readonly done: true; readonly accessToken: BackofficeToken; readonly refreshToken: BackofficeToken | undefined }
  | { readonly done: false; readonly token: Secret; readonly provider: string; readonly expiresAt: string | undefined }

/** Sign-in and what follows. Five attempts a minute are allowed, so nothing here is ever repeated. */
export type BackofficeSession = {
  readonly signIn: (email: string, password: Secret | string) => Promise<SignedIn>
  /** Turns a code that was sent to a person into tokens. The fields of this call are not documented. */
  readonly confirm2fa: (token: Secret, code: string) => Promise<SignedIn>
  /** A new access token. The fields of this call are not documented. */
  readonly refresh: (refreshToken: Secret) => Promise<SignedIn>
  readonly signOut: () => Promise<void>
}

const SIGN_IN = '/api/v2/signin'
const CONFIRM = '/api/v2/2fa/confirm'
const REFRESH = '/api/v2/refresh'
const SIGN_OUT = '/api/v2/signout'

/** Whether a call is made without a token, or with another one than the account's. */
export function beginsSession(path: string): boolean {
  return path === SIGN_IN || path === CONFIRM || path === REFRESH
}

/** The calls of a session, sent by `ask`. */
export function sessionOf(ask: Ask): BackofficeSession {
  const begin = async (path: string, body: Record<string, unknown>): Promise<SignedIn> => {
    const got = await ask({ method: 'POST', path, body, reads: false, secrets: Object.keys(body) }, undefined, 1)
    return readSignedIn(got.body) ?? wrongAnswer(got, 'an answer without tokens')
  }
  return {
    signIn: (email, password) => begin(SIGN_IN, { email, password: textOf(password) }),
    confirm2fa: (pending, code) => begin(CONFIRM, { token: pending.reveal(), code }),
    refresh: (old) => begin(REFRESH, { refreshToken: old.reveal() }),
    async signOut() {
      await ask({ method: 'POST', path: SIGN_OUT, body: {}, reads: false }, undefined, 1)
    },
  }
}

/** Reads the answer to sign-in, confirm or refresh, bare or in `data`; `undefined` if it is none. */
function readSignedIn(body: unknown): SignedIn | undefined {
  if (!isRecord(body)) return undefined
  const answer = isRecord(body['data']) ? body['data'] : body
  const accessToken = readToken(answer['accessToken'])
  if (accessToken !== undefined) return { done: true, accessToken, refreshToken: readToken(answer['refreshToken']) }
  const details = answer['2faDetails']
  if (answer['2faRequired'] !== true || !isRecord(details)) return undefined
  const token = textIn(details, 'token')
  if (token === undefined) return undefined
  return {
    done: false,
    token: new Secret(token),
    provider: textIn(details, 'provider') ?? 'unknown',
    expiresAt: textIn(details, 'expiresAt'),
  }
}

/** When a token of JWT form ends, in milliseconds; `undefined` if it does not say. */
export function expiryOf(token: string): number | undefined {
  const part = token.split('.')[1]
  if (part === undefined) return undefined
  try {
    const claims: unknown = parseJson(Buffer.from(part, 'base64url').toString('utf8'))
    return isRecord(claims) && typeof claims['exp'] === 'number' ? claims['exp'] * 1000 : undefined
  } catch {
    return undefined
  }
}

function readToken(value: unknown): BackofficeToken | undefined {
  if (!isRecord(value)) return undefined
  const token = textIn(value, 'token')
  if (token === undefined) return undefined
  return { token: new Secret(token), createdAt: textIn(value, 'createdAt'), expiresAt: textIn(value, 'expiresAt') }
}

function textIn(part: Json, name: string): string | undefined {
  const value = part[name]
  return typeof value === 'string' ? value : undefined
}

function textOf(secret: Secret | string): string {
  return secret instanceof Secret ? secret.reveal() : secret
}
