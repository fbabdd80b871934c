import { defined } from '../model/json.ts'
import type { CallEvent } from '../model/transport.ts'
import type { WireRequest } from '../model/wire.ts'
import type { Attempt } from './attempt.ts'
import { redact } from './redact.ts'

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
