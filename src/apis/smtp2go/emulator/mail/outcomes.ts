import type { MailRecipient, Message, OutcomeRule } from '../state/messages.ts'
import type { Scope } from '../state/scope.ts'
import type { Context } from '../state/world.ts'
import { note, suppress } from './events.ts'

/** What can become of mail for an address. */
type Outcome = OutcomeRule['outcome']

const TAGS: readonly Outcome[] = ['hardbounce', 'softbounce', 'spam', 'unsubscribe', 'open', 'click', 'delay']
const HOST = 'mx.example.net [192.0.2.25]'

/** What becomes of mail for an address: the first pattern that fits, else the tag in its local part, else it is delivered. */
function outcomeFor({ world }: Context, address: string): Outcome {
  const rule = world.outcomes.find(({ to }) => fits(to, address))
  if (rule !== undefined) return rule.outcome
  const tag = /\+([a-z]+)@/i.exec(address)?.[1]?.toLowerCase()
  return TAGS.find((one) => one === tag) ?? 'delivered'
}

function fits(pattern: string, address: string): boolean {
  const parts = pattern
    .toLowerCase()
    .split('*')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`).test(address.toLowerCase())
}

/** Hands a message over to the server of one recipient. */
export function deliver(
  context: Context,
  scope: Scope,
  message: Message,
  recipient: MailRecipient,
  late = false,
): void {
  const outcome = outcomeFor(context, recipient.address)
  const { address } = recipient
  if (outcome === 'delay' && !late) {
    recipient.fate = 'delayed'
    recipient.due = new Date(context.now.getTime() + (context.settings.delayMinutes ?? 0) * 60_000).toISOString()
    context.world.waiting.mail.add({ scope, message, recipient })
    return
  }
  recipient.due = null
  if (outcome === 'hardbounce' || outcome === 'softbounce') {
    recipient.fate = 'bounced'
    const isHard = outcome === 'hardbounce'
    const smtp_response = isHard ? '550 5.1.1 no such user here' : '452 4.2.2 the mailbox is full'
    note(context, scope, message, isHard ? 'hard-bounced' : 'soft-bounced', address, {
      host: HOST,
      smtp_response,
      reason: smtp_response,
    })
    if (isHard) suppress(context, scope, message, address, 'bounce')
    return
  }
  recipient.fate = 'delivered'
  note(context, scope, message, 'delivered', address, { host: HOST, smtp_response: '250 2.0.0 message accepted' })
  react(context, scope, message, address, outcome)
}

/** What a recipient does with a message, by itself or because a test says so. */
export function react(
  context: Context,
  scope: Scope,
  message: Message,
  address: string,
  outcome: Outcome,
  details: { readonly user_agent?: string; readonly url?: string } = {},
): void {
  const { user_agent = 'Mozilla/5.0 (emulator)', url = '' } = details
  switch (outcome) {
    case 'spam':
      note(context, scope, message, 'spam', address, { reason: 'marked as spam' })
      suppress(context, scope, message, address, 'spam')
      return
    case 'unsubscribe':
      note(context, scope, message, 'unsubscribed', address, { reason: 'unsubscribed' })
      suppress(context, scope, message, address, 'unsubscribe')
      return
    case 'open':
      if (message.tracked.opens) note(context, scope, message, 'opened', address, { user_agent })
      return
    case 'click':
      if (message.tracked.clicks) note(context, scope, message, 'clicked', address, { user_agent, url })
      return
    case 'delivered':
    case 'delay':
    case 'hardbounce':
    case 'softbounce':
      return
  }
}
