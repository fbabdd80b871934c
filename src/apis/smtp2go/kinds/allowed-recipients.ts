import { listPost, post } from '../../../model/kind/call.ts'
import { boolean, set, string } from '../../../model/kind/field.ts'
import { defineKind } from '../../../model/kind/kind.ts'
import { smtp2goApi } from '../api.ts'

/** To whom mail may go. */
export const allowedRecipients = defineKind({
  name: 'allowedRecipients',
  api: smtp2goApi,
  title: 'list of allowed recipients',
  resource: 'allowed_recipients',
  doc: 'Addresses and domains to which mail may go, while the list is enabled.',
  notes: ['Entries that the spec does not name stay, unless `manage` says `allowedRecipients: authoritative`.'],
  key: '',
  id: '',
  scope: 'subaccount',
  singleton: 'one',
  fields: {
    enabled: boolean('Whether the list counts.', {
      required: true,
      risky: [
        { when: 'on', level: 'high', why: 'mail to everyone else is refused' },
        { when: 'off', level: 'medium', why: 'mail may go to everyone' },
      ],
    }),
    entries: set(string('An address or a domain.', { format: 'sender' }), 'The list.', {
      required: true,
      wire: 'allowed_recipients',
      risky: [
        { when: 'added', level: 'medium', why: 'mail may go to more recipients' },
        { when: 'removed', level: 'medium', why: 'mail to them is refused' },
      ],
    }),
  },
  members: { field: 'entries', add: post('/allowed_recipients/add'), batch: true },
  calls: {
    list: listPost('/allowed_recipients/view', { one: true }),
    update: post('/allowed_recipients/update', { whole: true }),
  },
  example: { enabled: true, entries: ['example.org', 'partner@example.net'] },
  dangers(change) {
    if (change.action !== 'update') return []
    const enabled = change.desired.values['enabled'] ?? change.live.values['enabled']
    const turnedOn = change.fields.some((field) => field.path === 'enabled' && field.after === true)
    const after = change.members?.after ?? change.desired.values['entries']
    const emptied = (change.members?.removed.length ?? 0) > 0
    if (enabled !== true || !(turnedOn || emptied) || !Array.isArray(after) || after.length > 0) return []
    return [{ code: 'NOBODY_RECEIVES', reason: `${change.address} would block mail to every recipient` }]
  },
})
