import { ApiError, type WireRequest } from '../model/wire.ts'
import type { AnswerHeaders, Attempt } from './attempt.ts'
import type { Base } from './origin.ts'
import { isCertificate } from './retry.ts'

/** An answer of any status but a redirect; its body is not read yet. */
export type Answer = { readonly status: number; readonly headers: AnswerHeaders; readonly text: string }

/** What an error of a try says about its call. */
type CallContext = {
  readonly account: string
  readonly base: Base
  readonly request: WireRequest
  readonly timeoutMs: number
}

/** The answer that the last try brought; throws `ApiError` for silence, a redirect and an answer without an end. */
export function answerOf(outcome: Attempt, { account, base, request, timeoutMs }: CallContext): Answer {
  const about = { account, method: request.method, path: request.path }
  if (outcome.got === 'answer') {
    const { status, headers, text } = outcome
    if (status < 300 || status > 399) return { status, headers, text }
    const target = originOf(headers['location'], base.origin)
    throw new ApiError(`${base.host} answers with a redirect to ${target}, which is not followed`, {
      ...{ ...about, kind: 'shape', status },
      hint: 'use the URL of the API itself',
    })
  }
  const { cause, sent, why } = outcome
  const ambiguous = sent && !request.reads
  switch (why) {
    case 'stopped':
      throw cancelled(account, request, 'stopped')
    case 'too-large':
      throw new ApiError(`the answer of ${base.host} is too large`, { ...about, kind: 'shape', ambiguous, cause })
    case 'timeout': {
      const message = `no answer from ${base.host} within ${timeoutMs / 1000} s`
      throw new ApiError(message, { ...about, kind: 'network', ambiguous, cause })
    }
    case 'broken':
      throw new ApiError(broken(cause.code, sent, base.host), { ...about, kind: 'network', ambiguous, cause })
  }
}

/** The error of a call that we gave up. */
export function cancelled(account: string, { method, path }: WireRequest, why: string): ApiError {
  return new ApiError(why, { kind: 'cancelled', account, method, path })
}

/** The origin a redirect leads to, without its path, which may hold anything. */
function originOf(location: string | undefined, origin: string): string {
  if (location === undefined || !URL.canParse(location, origin)) return 'an unknown place'
  return new URL(location, origin).origin
}

function broken(code: string, sent: boolean, host: string): string {
  if (isCertificate(code)) return `the certificate of ${host} is not trusted (${code})`
  return sent ? `the connection to ${host} broke (${code})` : `cannot connect to ${host} (${code})`
}
