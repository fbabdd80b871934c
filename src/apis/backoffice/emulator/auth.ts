import { randomUUID } from 'node:crypto'
import type { Json, JsonObject } from '../../../emulator/input/json.ts'
import { type Answer, type Incoming, isOverLimit } from '../../../emulator/world/call.ts'
import type { Token, User } from './entities.ts'
import { Refusal, readBody } from './refusal.ts'
import type { Context } from './world.ts'

/** A time as the Back Office writes it. */
export function stamp(date: Date): string {
  return `${date.toISOString().slice(0, 19)}+00:00`
}

function issue(context: Context, kind: Token['kind'], user: Pick<User, 'email' | 'permitted'>, seconds: number): Token {
  const { world, now } = context
  const token: Token = {
    token: randomUUID(),
    kind,
    email: user.email,
    permitted: user.permitted,
    createdAt: stamp(now),
    expiresAt: stamp(new Date(now.getTime() + seconds * 1000)),
  }
  world.tokens.set(token.token, token)
  world.version += 1
  return token
}

function show({ token, createdAt, expiresAt }: Token): Json {
  return { token, createdAt, expiresAt }
}

function issuePair(context: Context, user: Pick<User, 'email' | 'permitted'>): Answer {
  const { accessTokenSeconds, refreshTokenSeconds } = context.settings
  const accessToken = show(issue(context, 'access', user, accessTokenSeconds ?? 36_000))
  const refreshToken = show(issue(context, 'refresh', user, refreshTokenSeconds ?? 86_400))
  return { status: 200, body: { '2faRequired': false, accessToken, refreshToken } }
}

function bearer(call: Incoming): string | undefined {
  return /^bearer +(\S+)$/i.exec(call.header('authorization') ?? '')?.[1]
}

/** A token of one kind that has not expired, or nothing. */
function findToken({ world, now }: Context, text: Json | undefined, kind: Token['kind']): Token | undefined {
  const found = typeof text === 'string' ? world.tokens.get(text) : undefined
  if (found?.kind !== kind) return undefined
  return found.expiresAt !== null && Date.parse(found.expiresAt) <= now.getTime() ? undefined : found
}

/** Refuses a call without a valid access token (401) or with one that lacks the permission (403). */
export function authorize(context: Context, call: Incoming): void {
  const token = findToken(context, bearer(call), 'access')
  if (!token) throw new Refusal(401, 'Unauthenticated.')
  if (!token.permitted) throw new Refusal(403, 'This action is unauthorized.')
}

/** `POST /api/v2/signin` */
export function signIn(context: Context, call: Incoming): Answer {
  const { settings, counters, now, world } = context
  const { email, password } = readBody(context, call)
  const blocked = counters.get('signin blocked')?.at(-1) ?? Number.NEGATIVE_INFINITY
  if (now.getTime() - blocked < (settings.signinBlockSeconds ?? 0) * 1000) throw new Refusal(429, 'Too Many Attempts.')
  if (settings.signinAttempts !== null && isOverLimit(counters, 'signin', now, settings.signinAttempts, 60)) {
    counters.set('signin blocked', [now.getTime()])
    throw new Refusal(429, 'Too Many Attempts.')
  }
  if (typeof email !== 'string' || typeof password !== 'string') {
    const errors = { email: ['The email and the password are required.'] }
    throw new Refusal(settings.providerErrorStatus, 'The given data was invalid.', errors)
  }
  const user = world.users.find((one) => one.email.toLowerCase() === email.toLowerCase() && one.password === password)
  if (!user) throw new Refusal(401, 'These credentials do not match our records.')
  if (!settings.twoFactor && !user.twoFactor) return issuePair(context, user)
  const { token, expiresAt } = issue(context, '2fa', user, 300)
  return { status: 200, body: { '2faRequired': true, '2faDetails': { token, provider: 'email', expiresAt } } }
}

/** `POST /api/v2/2fa/confirm` */
export function confirm(context: Context, call: Incoming): Answer {
  const { token, code } = readBody(context, call)
  const found = findToken(context, token ?? bearer(call), '2fa')
  if (!found) throw new Refusal(401, 'Unauthenticated.')
  if (String(code) !== context.settings.twoFactorCode) {
    const errors = { code: ['The code is wrong.'] }
    throw new Refusal(context.settings.providerErrorStatus, 'The given data was invalid.', errors)
  }
  context.world.tokens.delete(found.token)
  return issuePair(context, found)
}

/** `POST /api/v2/refresh`: the refresh token comes in the body or as bearer, and is used up. */
export function refresh(context: Context, call: Incoming): Answer {
  const body: JsonObject = call.text.trim() === '' ? {} : readBody(context, call)
  const found = findToken(context, body['refreshToken'] ?? body['token'] ?? bearer(call), 'refresh')
  if (!found) throw new Refusal(401, 'Unauthenticated.')
  context.world.tokens.delete(found.token)
  return issuePair(context, found)
}

/** `POST /api/v2/signout` */
export function signOut(context: Context, call: Incoming): Answer {
  const token = findToken(context, bearer(call), 'access')
  if (!token) throw new Refusal(401, 'Unauthenticated.')
  context.world.tokens.delete(token.token)
  context.world.version += 1
  return { status: 204 }
}
