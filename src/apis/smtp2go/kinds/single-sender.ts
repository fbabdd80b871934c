import { listPost, post } from '../../../model/kind/call.ts'
import { boolean, string } from '../../../model/kind/field.ts'
import { defineKind } from '../../../model/kind/kind.ts'
import { smtp2goApi } from '../api.ts'

/** One address that may stand in the From line. */
export const singleSender = defineKind({
  name: 'singleSenders',
  api: smtp2goApi,
  title: 'single sender',
  resource: 'single_sender',
  doc: 'One address from which mail is sent, where its domain cannot be verified.',
  notes: ['Adding one sends a mail with a link to the address; it may send once somebody has followed the link.'],
  key: 'email',
  id: 'email',
  lost: 'made again it gets a mail with a link, and may send once somebody has followed it',
  scope: 'subaccount',
  fields: {
    email: string('The address.', { required: true, immutable: true, format: 'email', wire: 'email_address' }),
    message: string('A text to put into the verification mail.', { writeOnly: true }),
    verified: boolean('Whether somebody has followed the link.', { computed: true, changesWith: [] }),
  },
  shorthand: 'email',
  whenDeleted: 'mail from the address is refused; added again, it has to be confirmed again',
  calls: {
    list: listPost('/single_sender_emails/view', { rows: 'senders' }),
    create: post('/single_sender_emails/add'),
    delete: post('/single_sender_emails/remove', { by: 'email_address' }),
  },
  example: { email: 'ceo@example.net', message: 'Please confirm: our invoices come from here.' },
})
