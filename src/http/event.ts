import { defined } from '../model/json.ts'
import type { WireRequest } from '../model/wire.ts'
import type { Attempt } from './attempt.ts'
import { redact } from './redact.ts'

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

/** Tells a listener about one try. A listener that throws does not break the call. */
export function tell(
  listener: ((event: CallEvent) => void) | undefined,
  { method, path, reads, body, secrets }: WireRequest,
  outcome: Attempt,
  about: { account: string; attempt: number; ms: number; waitMs: number | undefined },
): void {
  if (listener === undefined) return
  const { waitMs, ...rest } = about
  const result = outcome.got === 'answer' ? { status: outcome.status } : { failure: outcome.cause.code }
  try {
    listener({
      ...{ ...rest, method, path, reads, ...result },
      ...defined({ waitMs }),
      ...(body === undefined ? {} : { body: redact(body, secrets) }),
    })
  } catch {
    // a listener's fault is not the call's
  }
}
