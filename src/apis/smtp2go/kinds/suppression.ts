import { listPost, post } from '../../../model/kind/call.ts'
import { string } from '../../../model/kind/field.ts'
import { defineKind, type ResourceKind } from '../../../model/kind/kind.ts'
import { smtp2goApi } from '../api.ts'

/** An address that gets no mail. */
export const suppression = defineKind({
  name: 'suppressions',
  api: smtp2goApi,
  title: 'suppression',
  resource: 'suppression',
  doc: 'An address or a whole domain to which no mail is sent.',
  notes: [
    'Only suppressions made by hand are managed; those that the service made after a bounce, a complaint or an unsubscription are left alone; `mailconfig suppressions lift` lifts one.',
    'A text stands for `{ address: … }`; `{ file: … }` takes a list of `address[,description]` from a .csv, .txt or .ndjson file.',
    'The API has no edit call: a new description is sent by adding the address again.',
  ],
  key: 'address',
  id: 'address',
  lost: 'mail may have gone to it in the meantime',
  scope: 'subaccount',
  shorthand: 'address',
  bulk: true,
  fields: {
    address: string('An e-mail address or a domain.', {
      required: true,
      immutable: true,
      format: 'sender',
      wire: 'email_address',
    }),
    description: string('Why.', { wire: 'block_description' }),
    reason: string('Who made it; `manual` for ours.', { computed: true, changesWith: [] }),
    complaint: string('What a complaint said.', { computed: true, changesWith: [] }),
    subject: string('The subject of the message that led to it.', { computed: true, changesWith: [] }),
    timestamp: string('When it was made.', { computed: true, stable: true }),
  },
  whenDeleted: 'mail to it is sent again',
  calls: {
    list: listPost('/suppression/view', {
      constants: { start_date: '2000-01-01', suppression_types: ['manual'], sort: 'asc' }, // else: the last 30 days only
      rows: 'results',
      page: { by: 'token', total: 'total_results' },
      decode: (row) => (row['reason'] === 'manual' ? row : undefined),
    }),
    create: post('/suppression/add'),
    update: post('/suppression/add', { by: 'email_address', whole: true }),
    delete: post('/suppression/remove', { by: 'email_address', constants: { reasons: ['manual'] } }),
  },
  example: { address: 'former-customer@example.org', description: 'Asked to be left alone' },
  dangers(change) {
    if (change.action !== 'delete') return []
    const { timestamp, description } = change.live.values
    const since = typeof timestamp === 'string' && timestamp !== '' ? `, suppressed since ${timestamp}` : ''
    const why = typeof description === 'string' && description !== '' ? ` ("${description}")` : ''
    return [
      {
        code: 'SUPPRESSION_REMOVED',
        reason: `${change.address}: mail to ${change.key} would be sent again${since}${why}`,
      },
    ]
  },
})

/** How one of several suppressions of an address is called: `ann@example.org (bounce)`. */
export function suppressionName(address: string, reason: string): string {
  return `${address} (${reason})`
}

/**
 * The suppressions of one address that the service made after a bounce, a complaint or an unsubscription. No spec declares them, for
 * nobody decided them; somebody may lift them.
 */
export function serviceSuppressions(address: string, reasons: readonly string[]): ResourceKind {
  return {
    ...suppression,
    key: 'name',
    id: 'name',
    lost: 'mail may go to it until the service suppresses it again',
    fields: { ...suppression.fields, name: string('Address and reason.', { computed: true }) },
    calls: {
      list: listPost('/suppression/view', {
        constants: {
          start_date: '2000-01-01',
          suppression_types: reasons,
          email_address: address,
          sort: 'asc',
        },
        rows: 'results',
        page: { by: 'token', total: 'total_results' },
        decode: (row) => ({ ...row, name: suppressionName(address, String(row['reason'])) }),
      }),
      delete: post('/suppression/remove', {
        encode: ({ live }) => ({ email_address: address, reasons: [live['reason']] }),
      }),
    },
    dangers(change) {
      if (change.action !== 'delete') return []
      const { reason, timestamp, complaint } = change.live.values
      const since = typeof timestamp === 'string' ? ` since ${timestamp}` : ''
      const said = typeof complaint === 'string' && complaint !== '' ? `, who said "${complaint}"` : ''
      const why = { spam: 'complained', unsubscribe: 'unsubscribed', bounce: 'bounced' }[String(reason)]
      const what = why === undefined ? 'is suppressed' : why
      return [
        {
          code: 'SUPPRESSION_LIFTED',
          reason: `${address} ${what}${since === '' ? '' : `, and is suppressed${since}`}${said}: mail to it would be sent again`,
        },
      ]
    },
  }
}
