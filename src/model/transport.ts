import type { Secret } from './secret.ts'
import type { WireRequest } from './wire.ts'

/** Time as the clients see it; passed in so that a test need not wait. All numbers are milliseconds. */
export type Clock = {
  readonly now: () => number
  /** Resolves after `ms`, or at once when the signal aborts; it never rejects. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>
}

/** A limit on one endpoint: at most `calls` in any window of `perMs` milliseconds. */
export type EndpointLimit = { readonly path: string; readonly calls: number; readonly perMs: number }

/** How much one account may be asked at once and per second; what is left out has a careful default. */
export type LimitOptions = {
  /** Calls on the wire at the same time; 8. */
  readonly concurrency?: number
  /** Calls started per second; 50. */
  readonly perSecond?: number
  readonly endpoints?: readonly EndpointLimit[]
  readonly clock?: Clock
}

/** One try of one call, for logs and counters; it carries no secret. Times are milliseconds. */
export type CallEvent = {
  readonly account: string
  readonly method: string
  readonly path: string
  readonly reads: boolean
  /** 1 for the first try. */
  readonly attempt: number
  readonly ms: number
  readonly status?: number
  /** What the network said, such as `ECONNREFUSED`, where no answer came. */
  readonly failure?: string
  /** How long until the next try; left out if there is none. */
  readonly waitMs?: number
  /** The request's body, redacted. */
  readonly body?: unknown
}

/** What every client lets its caller choose. */
export type TransportOptions = {
  /** Milliseconds for one try; 30000. */
  readonly timeoutMs?: number
  readonly userAgent?: string
  readonly onCall?: (event: CallEvent) => void
  readonly clock?: Clock
  /** From 0 to 1, for the jitter of waits. */
  readonly random?: () => number
  /** More secrets that no error may show, such as those of other accounts. */
  readonly hide?: readonly Secret[]
  /** Secrets that calls may send: an error of any call may quote them. */
  readonly known?: readonly Secret[]
  /** The URL of an HTTP proxy. */
  readonly proxy?: string
}

/** A sign-in of this user with the credential as password, or the credential as refresh token. */
export type Login = { readonly by: 'password'; readonly email: string } | { readonly by: 'refresh' }

/** One account, and how its calls are made. */
export type ClientOptions = TransportOptions & {
  /** Names the account in errors and events. */
  readonly account: string
  /** The API's base. */
  readonly url: string
  readonly credential: Secret
  /** How a token is got with the credential, where it is none itself. */
  readonly login?: Login | undefined
  readonly limits?: LimitOptions
}

/** A connection to one account. Every call throws `ApiError` and nothing else. */
export type Client = {
  /** Sends any request and answers its data, out of the envelope. An abort ends waits and reads, never a change on the wire. */
  readonly send: (request: WireRequest, signal?: AbortSignal) => Promise<unknown>
  /** Ends when the calls on the wire have ended. */
  readonly close: () => Promise<void>
}

/** Makes the client of one account; throws `ApiError` if the URL is not safe or the credential cannot be one. */
export type OpenClient = (options: ClientOptions) => Client
