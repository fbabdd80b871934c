import { listPost, patch, post } from '../../../model/kind/call.ts'
import { boolean, string } from '../../../model/kind/field.ts'
import { defineKind } from '../../../model/kind/kind.ts'
import { smtp2goApi } from '../api.ts'
import { ipPools } from '../fields/ip-pools.ts'
import { sendingRisks, sendingRow, sendingSettings } from '../fields/sending-settings.ts'

/** An address that sends without a login. */
export const ipAuth = defineKind({
  name: 'ipAuth',
  api: smtp2goApi,
  title: 'IP authentication',
  resource: 'ip_auth',
  doc: 'An IP address from which mail is accepted without a username and a password.',
  notes: [
    'The API has no call that adds one: that is done in the web console. Here it is taken over, changed and removed.',
    'Removing one stops at the gate `NOT_RECREATABLE`, because no apply and no rollback brings it back.',
    'In Terraform, import it first: `terraform import` takes the address.',
  ],
  key: 'address',
  id: 'address',
  lost: 'it has to be added again in the web console',
  scope: 'subaccount',
  fields: {
    address: string('The IPv4 or IPv6 address.', {
      required: true,
      immutable: true,
      format: 'cidr',
      wire: 'ip_address',
    }),
    ...sendingSettings,
    sendingAllowed: boolean('Whether the account lets this address send.', { computed: true, changesWith: ['status'] }),
  },
  passes: ['custom_rate_limit', 'feedback_domain'],
  whenDeleted: 'clients that connect from it without a login can no longer send',
  risks: sendingRisks,
  keepsMail: { field: 'status', is: 'allowed' },
  lookups: [ipPools],
  calls: {
    list: listPost('/ip_auth/view', { rows: 'results', decode: sendingRow }),
    update: patch('/ip_auth/edit', { by: 'ip_address' }),
    delete: post('/ip_auth/remove', { by: 'ip_address' }),
  },
  example: {
    address: '198.51.100.4',
    description: 'Printers of the office',
    status: 'allowed',
    rateLimit: { messages: 100, per: '1 hour' },
    ipPool: 3,
    openTracking: true,
    clickTracking: false,
    archive: true,
    auditEmail: 'audit@example.com',
    bounceNotifications: 'drop',
    unsubscribeFooter: { html: '<p>%%UNSUBSCRIBE%%</p>', text: 'Leave: %%UNSUBSCRIBE%%' },
  },
  check({ address }) {
    if (typeof address !== 'string' || !address.includes('/')) return []
    return [
      { code: 'BAD_VALUE', message: `"${address}" is a network, but a single address is required`, path: ['address'] },
    ]
  },
})
