import { isDomain, isEmail, list, need, oneOf, such } from '../../../../emulator/input/fields.ts'
import type { Json } from '../../../../emulator/input/json.ts'
import { type Call, reads, writes } from '../call/operation.ts'
import { merge } from './entries.ts'

const modes = ['whitelist', 'blacklist', 'disabled'] as const
const entries = need(list(such((text) => isEmail(text) || isDomain(text), 'an email address or a domain')))

function show({ scope }: Call): Json {
  return { allowed_senders: [...scope.allowedSenders.entries.values()], mode: scope.allowedSenders.mode }
}

/** `/allowed_senders/*` */
export const allowedSenders = [
  reads('/allowed_senders/view', {}, show),
  writes('/allowed_senders/add', { allowed_senders: entries }, (call, input) => {
    merge(call.scope.allowedSenders.entries, input.allowed_senders, call.settings)
    return show(call)
  }),
  writes('/allowed_senders/remove', { allowed_senders: entries }, (call, input) => {
    for (const entry of input.allowed_senders) call.scope.allowedSenders.entries.delete(entry.toLowerCase())
    return show(call)
  }),
  writes(
    '/allowed_senders/update',
    { allowed_senders: entries, mode: need(oneOf(modes)) },
    (call, { allowed_senders, mode }) => {
      call.scope.allowedSenders = { mode, entries: merge(new Map(), allowed_senders, call.settings) }
      if (mode !== 'disabled') call.scope.senderDomainsEnabled = false
      return show(call)
    },
  ),
]
