import { listPost, post } from '../model/call.ts'
import { oneOf, set, string } from '../model/field.ts'
import { defineKind } from '../model/kind.ts'

/** Who may send, or may not. */
export const allowedSenders = defineKind({
  name: 'allowedSenders',
  api: 'smtp2go',
  title: 'list of allowed senders',
  resource: 'allowed_senders',
  doc: 'Addresses and domains that may send (`allow`) or may not (`block`).',
  notes: [
    'The modes `allow` and `block` switch sender domains and single senders off: the list alone decides then.',
    'Entries that the spec does not name stay, unless `manage` says `allowedSenders: authoritative`.',
  ],
  key: '',
  id: '',
  scope: 'subaccount',
  singleton: 'one',
  fields: {
    mode: oneOf('What the list means.', ['allow', 'block', 'disabled'], {
      required: true,
      wireValues: { allow: 'whitelist', block: 'blacklist', disabled: 'disabled' },
    }),
    entries: set(string('An address or a domain.', { format: 'sender' }), 'The list.', {
      required: true,
      wire: 'allowed_senders',
    }),
  },
  members: { field: 'entries', add: post('/allowed_senders/add'), batch: true },
  calls: {
    list: listPost('/allowed_senders/view', { one: true }),
    update: post('/allowed_senders/update', { whole: true }),
  },
  example: { mode: 'allow', entries: ['example.com', 'ceo@example.net'] },
  dangers(change) {
    if (change.action !== 'update') return []
    const mode = change.fields.find((field) => field.path === 'mode')
    const after = change.members?.after ?? change.desired.values['entries']
    const emptied = (change.members?.removed.length ?? 0) > 0
    const allows = (change.desired.values['mode'] ?? change.live.values['mode']) === 'allow'
    const dangers = []
    if (mode !== undefined && mode.after !== 'disabled')
      dangers.push({
        code: 'SENDER_DOMAINS_OFF',
        reason: `${change.address} in mode "${String(mode.after)}" switches sender domains and single senders off`,
      })
    if (allows && (mode !== undefined || emptied) && Array.isArray(after) && after.length === 0)
      dangers.push({ code: 'NOBODY_SENDS', reason: `${change.address} would allow no sender at all` })
    return dangers
  },
})
