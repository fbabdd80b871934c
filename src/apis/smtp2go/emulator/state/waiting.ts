import type { HookCall, MailRecipient, Message } from './messages.ts'
import type { Scope } from './scope.ts'

/** Mail that goes on by itself, and calls of webhooks that are still to be made; found again when a state is loaded. */
export interface Waiting {
  readonly mail: Set<{ readonly scope: Scope; readonly message: Message; readonly recipient: MailRecipient }>
  readonly calls: Set<{ readonly scope: Scope; readonly call: HookCall }>
}

/** What waits in some accounts. */
export function waitingIn(scopes: Iterable<Scope>): Waiting {
  const waiting: Waiting = { mail: new Set(), calls: new Set() }
  for (const scope of scopes) {
    for (const message of scope.messages)
      for (const recipient of message.recipients)
        if (recipient.due !== null) waiting.mail.add({ scope, message, recipient })
    for (const call of scope.hookCalls) if (call.next !== null) waiting.calls.add({ scope, call })
  }
  return waiting
}
