import { listPost, post } from '../../../model/kind/call.ts'
import { boolean, integer, object, string } from '../../../model/kind/field.ts'
import { defineKind } from '../../../model/kind/kind.ts'
import { smtp2goApi } from '../api.ts'
import { ipPools } from '../fields/ip-pools.ts'

const LIMITS = [
  2000, 5000, 10_000, 20_000, 30_000, 40_000, 50_000, 60_000, 80_000, 100_000, 250_000, 500_000, 1_000_000, 2_000_000,
  3_000_000, 5_000_000, 10_000_000,
]

/** An account inside an account. */
export const subaccount = defineKind({
  name: 'subaccounts',
  api: smtp2goApi,
  title: 'subaccount',
  resource: 'subaccount',
  doc: 'A separate account for a customer or a team, inside the main account.',
  notes: [
    'A subaccount is never deleted: `state: absent` closes it, after a gate, and an entry for a closed one opens it again.',
    'The list does not show archiving, two-factor and SMS settings; they are sent when a subaccount is made, or with another change.',
  ],
  key: 'name',
  id: 'id',
  scope: 'account',
  dormant: 'closed',
  deleteVerb: 'close',
  fields: {
    id: string('Given by the API.', { computed: true, stable: true }),
    name: string('Its name, unique in the account.', {
      required: true,
      minLength: 1,
      wire: 'fullname',
      wireRead: 'name',
    }),
    email: string('Who is invited as its first member; used when it is made.', {
      format: 'email',
      immutable: true,
      wire: 'subaccount_email',
      wireRead: 'email',
    }),
    limit: integer('Messages for each billing cycle.', {
      values: LIMITS,
      default: 10_000,
      wireRead: 'plan_size',
      risky: [{ when: 'lowered', level: 'medium', why: 'fewer messages may be sent in each cycle' }],
    }),
    dedicatedIp: boolean('An IP address of its own; needs a limit above 100,000.', {
      default: false,
      risky: [{ when: 'off', level: 'high', why: 'its address and its reputation are released' }],
    }),
    archiving: boolean('Whether it may keep copies of messages.', {
      default: false,
      unreadable: 'sometimes',
      risky: [{ when: 'off', level: 'medium', why: 'copies are no longer kept' }],
    }),
    enforce2fa: boolean('Whether its members need a second factor.', {
      default: false,
      wire: 'enforce_2fa',
      unreadable: 'sometimes',
      risky: [{ when: 'off', level: 'high', why: 'members can sign in with only a password' }],
    }),
    sms: object(
      {
        enabled: boolean('Whether it may send text messages.', {
          required: true,
          wire: 'enable_sms',
          wireRead: 'sms_enabled',
          unreadable: 'sometimes',
          risky: [{ when: 'off', level: 'medium', why: 'it can no longer send text messages' }],
        }),
        limit: integer('Text messages for each month.', {
          min: 0,
          default: 1000,
          wire: 'sms_limit',
          unreadable: 'sometimes',
          risky: [{ when: 'lowered', level: 'medium', why: 'fewer text messages may be sent in each month' }],
        }),
      },
      'Text messages.',
      { flat: true },
    ),
    ipPool: integer('The pool of dedicated IP addresses to send from, by number or name; `off` for the shared ones.', {
      min: 1,
      clearable: true,
      namedIn: 'ipPools',
      unreadable: 'sometimes',
      risky: [{ when: 'changed', level: 'medium', why: 'mail is sent from addresses with a different reputation' }],
    }),
    closed: boolean('Whether it is closed.', { computed: true, changesWith: [] }),
    state: string('Active, Closed or Suspended.', { computed: true, changesWith: [] }),
    remaining: integer('Messages left in this cycle.', {
      computed: true,
      changesWith: ['limit'],
      wire: 'plan_remaining',
    }),
    used: integer('Messages sent in this cycle.', { computed: true, changesWith: [], wire: 'plan_used' }),
  },
  whenDeleted: 'nobody in it can send; it can be opened again',
  lookups: [ipPools],
  calls: {
    list: listPost('/subaccounts/search', {
      constants: { states: 'all', sort_direction: 'asc' },
      rows: 'subaccounts',
      page: { by: 'token', total: 'total_count', size: { wire: 'page_size', value: 500 } },
      decode: (row) => ({ ...row, closed: String(row['state']).toLowerCase() === 'closed' }),
    }),
    create: post('/subaccount/add'),
    update: post('/subaccount/edit', { by: 'id', renames: 'fullname' }),
    delete: post('/subaccount/close', { by: 'id' }),
    reopen: post('/subaccount/reopen', { by: 'id' }),
  },
  example: {
    name: 'Acme',
    email: 'it@acme.example',
    limit: 250_000,
    dedicatedIp: true,
    archiving: true,
    enforce2fa: true,
    sms: { enabled: true, limit: 500 },
  },
  check(entry) {
    const limit = entry['limit']
    if (entry['dedicatedIp'] !== true || typeof limit !== 'number' || limit > 100_000) return []
    return [
      {
        code: 'DEDICATED_IP',
        message: `a dedicated IP address needs a limit above 100000, not ${limit}`,
        path: ['dedicatedIp'],
      },
    ]
  },
  dangers(change) {
    if (change.action !== 'delete') return []
    return [{ code: 'SUBACCOUNT_CLOSED', reason: `${change.address} would be closed; nobody in it can send` }]
  },
})
