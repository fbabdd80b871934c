/** One call to an API, before it is sent. `reads` calls change nothing and may be repeated. */
export interface WireRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** From the API's base: `/users/smtp/view`, `/api/v2/mail/providers/7`. */
  readonly path: string
  readonly body?: Readonly<Record<string, unknown>>
  readonly query?: Readonly<Record<string, string | number>>
  readonly reads: boolean
  /** Body fields that no log or error may show. */
  readonly secrets?: readonly string[]
  /** Milliseconds; the client's own limit if left out. */
  readonly timeout?: number
}

/** Sends one call to one account and answers its data, out of the envelope; throws `ApiError`. */
export type Send = (account: string, request: WireRequest, signal?: AbortSignal) => Promise<unknown>

/**
 * What went wrong, by what can be done about it:
 * `auth` the credential is wrong, `permission` it lacks this endpoint, `refused` the API said no to this request,
 * `missing` there is no such object, `rate` too many requests, `server` the API failed, `network` no answer came,
 * `shape` the answer is not what the API documents, `cancelled` we stopped it.
 */
export type ApiErrorKind =
  | 'auth'
  | 'permission'
  | 'refused'
  | 'missing'
  | 'rate'
  | 'server'
  | 'network'
  | 'shape'
  | 'cancelled'

/** An API's refusal or silence, with all that helps to find out why, and no secret. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly kind: ApiErrorKind
  readonly account: string
  readonly method: string
  readonly path: string
  readonly status: number | undefined
  readonly code: string | undefined
  readonly field: string | undefined
  readonly requestId: string | undefined
  readonly hint: string | undefined
  /** True if the call may have taken effect although no good answer came. */
  readonly ambiguous: boolean

  constructor(
    message: string,
    about: {
      kind: ApiErrorKind
      account: string
      method: string
      path: string
      status?: number | undefined
      code?: string | undefined
      field?: string | undefined
      requestId?: string | undefined
      hint?: string | undefined
      ambiguous?: boolean | undefined
      cause?: unknown
    },
  ) {
    super(message, about.cause === undefined ? undefined : { cause: about.cause })
    this.kind = about.kind
    this.account = about.account
    this.method = about.method
    this.path = about.path
    this.status = about.status
    this.code = about.code
    this.field = about.field
    this.requestId = about.requestId
    this.hint = about.hint
    this.ambiguous = about.ambiguous ?? false
  }
}
