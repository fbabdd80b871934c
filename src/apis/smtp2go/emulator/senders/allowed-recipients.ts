import { flag, isDomain, isEmail, list, need, such } from '../../../../emulator/input/fields.ts'
import type { Json } from '../../../../emulator/input/json.ts'
import { type Call, reads, writes } from '../call/operation.ts'
import { merge } from './entries.ts'

const entries = need(list(such((text) => isEmail(text) || isDomain(text), 'an email address or a domain')))

function show({ scope }: Call): Json {
  return { allowed_recipients: [...scope.allowedRecipients.entries.values()], enabled: scope.allowedRecipients.enabled }
}

/** `/allowed_recipients/*` */
export const allowedRecipients = [
  reads('/allowed_recipients/view', {}, show),
  writes(
    '/allowed_recipients/add',
    { allowed_recipients: entries, enabled: flag() },
    (call, { allowed_recipients, enabled }) => {
      const list = call.scope.allowedRecipients
      merge(list.entries, allowed_recipients, call.settings)
      list.enabled = enabled ?? list.enabled
      return show(call)
    },
  ),
  writes(
    '/allowed_recipients/remove',
    { allowed_recipients: entries, enabled: flag() },
    (call, { allowed_recipients, enabled }) => {
      const list = call.scope.allowedRecipients
      for (const entry of allowed_recipients) list.entries.delete(entry.toLowerCase())
      list.enabled = enabled ?? list.enabled
      return show(call)
    },
  ),
  writes(
    '/allowed_recipients/update',
    { allowed_recipients: entries, enabled: need(flag()) },
    (call, { allowed_recipients, enabled }) => {
      call.scope.allowedRecipients = { enabled, entries: merge(new Map(), allowed_recipients, call.settings) }
      return show(call)
    },
  ),
]
