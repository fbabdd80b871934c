import type { ApiKey } from '../state/entities.ts'
import type { Message } from '../state/messages.ts'
import type { Scope } from '../state/scope.ts'
import type { Context } from '../state/world.ts'
import { keepRefused, takeMessage } from './accept.ts'
import { type RuleRefusal, refusedRecipient } from './rules.ts'
import type { Sending } from './sending.ts'

/** A message that came by API, ready to be sent. */
interface Submission {
  readonly key: ApiKey
  readonly scope: Scope
  readonly ip: string
  readonly from: string
  readonly to: readonly string[]
  readonly raw: Buffer
  readonly transaction: string
}

/** The first 16 characters of a key, by which reports name it. */
export const shortKey = ({ api_key }: ApiKey): string => api_key.slice(0, 16)

/** Sends by API as the service does: by SMTP, inside. Answers the message, or why nobody gets it. */
export function submit(context: Context, submission: Submission): { message: Message } | { refused: RuleRefusal } {
  const { key, scope, ip, from, transaction } = submission
  const sending: Sending = { scope, channel: 'api', name: shortKey(key), settings: key, ip }
  const to: string[] = []
  let first: RuleRefusal | undefined
  for (const address of submission.to) {
    const why = refusedRecipient(context, sending, from, address, to.length)
    if (why === undefined) to.push(address)
    else keepRefused(context, sending, { from, to, transaction }, address, why)
    first ??= why
  }
  if (to.length === 0 && first !== undefined) return { refused: first }
  const message = takeMessage(context, sending, { from, to, transaction }, submission.raw)
  const { refused } = message
  return refused === null ? { message } : { refused }
}

/** What the answer to a call says of a refusal. */
export function failureText({ lines }: RuleRefusal): string {
  return `An error occurred during the SMTP request: ${lines.join('\n')}`
}
