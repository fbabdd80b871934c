import { isRecord } from '../../../model/json.ts'
import { listPost, post } from '../../../model/kind/call.ts'
import { boolean, list, object, oneOf, string } from '../../../model/kind/field.ts'
import type { RiskRule } from '../../../model/kind/judgement.ts'
import { defineKind } from '../../../model/kind/kind.ts'
import { cidrContains, isWideNetwork } from '../../../model/value/network.ts'
import { smtp2goApi } from '../api.ts'

const risks: readonly RiskRule[] = [
  {
    when: 'an address or network is added',
    level: 'medium',
    why: 'traffic from more addresses is accepted',
    found: ({ members }) => (members?.added ?? []).map((entry) => `${addressOf(entry)} is let in`),
  },
  {
    when: 'an address or network is removed',
    level: 'medium',
    why: 'traffic from it is refused while the list is enabled',
    found: ({ members }) =>
      (members?.removed ?? []).map((entry) => `traffic from ${addressOf(entry)} is refused while the list is enabled`),
  },
]

function addressOf(entry: unknown): string {
  return isRecord(entry) ? String(entry['address']) : ''
}

/** From which addresses mail or calls are taken. */
export const ipAllowlist = defineKind({
  name: 'ipAllowlist',
  api: smtp2goApi,
  title: 'IP allow list',
  resource: 'ip_allowlist',
  doc: 'Addresses and networks from which SMTP connections (`smtp`) or API calls (`api`) are accepted.',
  notes: [
    'The API takes no `subaccount_id` here: a subaccount has its lists in an account of its own, with a key of that subaccount.',
    'Turning the `api` list on without the address of the machine that runs mailconfig locks mailconfig out.',
    'Entries that the spec does not name stay, unless `manage` says `ipAllowlist: authoritative`.',
  ],
  key: 'list',
  id: 'list',
  scope: 'account',
  singleton: ['smtp', 'api'],
  fields: {
    list: oneOf('Which list.', ['smtp', 'api'], { computed: true }),
    enabled: boolean('Whether the list counts.', {
      required: true,
      risky: [
        { when: 'on', level: 'high', why: 'traffic from any other address is refused' },
        { when: 'off', level: 'high', why: 'mail or API calls are accepted from anywhere' },
      ],
    }),
    entries: list(
      object(
        {
          address: string('An IPv4 or IPv6 address, or a network.', {
            required: true,
            format: 'cidr',
            wire: 'ip_address',
          }),
          description: string('Whose it is.'),
        },
        'An address and whose it is.',
      ),
      'The list.',
      { required: true, wire: 'ip_addresses' },
    ),
  },
  risks,
  members: {
    field: 'entries',
    key: 'address',
    add: post('/ip_allow_list/add', { by: 'type' }),
    edit: post('/ip_allow_list/edit', { by: 'type' }),
    remove: post('/ip_allow_list/remove', { by: 'type' }),
    batch: false,
  },
  calls: {
    list: listPost('/ip_allow_list/view', { one: true, by: 'type' }),
    update: { enabled: post('/ip_allow_list', { by: 'type' }) },
  },
  example: {
    enabled: true,
    entries: [
      { address: '203.0.113.0/24', description: 'Office' },
      { address: '2001:db8::1', description: 'Build server' },
    ],
  },
  dangers(change, around) {
    if (change.action !== 'update') return []
    const dangers = []
    const members = change.members
    const touched = [...(members?.added ?? []), ...(members?.edited ?? [])].filter(isRecord)
    const open = touched.map((entry) => String(entry['address'])).filter(isWideNetwork)
    if (open.length > 0) {
      const all = open.some((address) => /\/[01]$/.test(address)) ? 'every address there is' : 'far too many addresses'
      dangers.push({ code: 'OPEN_TO_ALL', reason: `${change.address} would accept ${open.join(' and ')}: ${all}` })
    }
    const enabled = change.desired.values['enabled'] ?? change.live.values['enabled']
    const narrows =
      change.fields.some((field) => field.path === 'enabled' && field.after === true) ||
      (members?.removed.length ?? 0) > 0
    if (change.key === 'api' && enabled === true && narrows) {
      const after = [change.live.values['entries'], change.desired.values['entries']]
        .flatMap((entries) => (Array.isArray(entries) ? entries.filter(isRecord) : []))
        .filter(
          (entry) => members?.removed.every((gone) => isRecord(gone) && gone['address'] !== entry['address']) ?? true,
        )
      const inside = around.runnerAddresses.some((runner) =>
        after.some((entry) => cidrContains(String(entry['address']), runner)),
      )
      if (!inside)
        dangers.push({
          code: 'RUNNER_LOCKED_OUT',
          reason: `${change.address} would be on without an address of this machine (${around.runnerAddresses.join(', ') || 'none known'}); API calls from here may be refused`,
        })
    }
    return dangers
  },
})
