import { listPost, patch, post } from '../../../model/kind/call.ts'
import { object, secret, set, string } from '../../../model/kind/field.ts'
import { defineKind } from '../../../model/kind/kind.ts'
import { oneTarget, places } from '../../../model/kind/save-to.ts'
import { smtp2goApi } from '../api.ts'
import { ipPools } from '../fields/ip-pools.ts'
import { accountLimits, sendingRisks, sendingRow, sendingSettings } from '../fields/sending-settings.ts'

/** A key for the SMTP2GO API. */
export const apiKey = defineKind({
  name: 'apiKeys',
  api: smtp2goApi,
  title: 'API key',
  resource: 'api_key',
  doc: 'A key with which an application calls the SMTP2GO API, limited to some endpoints.',
  notes: [
    'The API shows a key once, in the answer that makes it. `saveTo` says where it goes; the change is done when it is there.',
    'Changing or removing a key needs the whole key: it is read from the file of `saveTo`, or given as `key`.',
    'The description is the only name that people give a key, so it must be unique in its scope.',
  ],
  key: 'description',
  id: 'username',
  scope: 'subaccount',
  fields: {
    ...sendingSettings,
    description: string('What the key is for; its name here, unique in its scope.', { required: true, minLength: 1 }),
    endpoints: set(
      string('A path, or one with `*` at its end.', { pattern: '^(\\*|/.+)$', expects: 'a path such as /email/send' }),
      'What the key may call; the caller must have these permissions too.',
      {
        risky: [
          { when: 'added', level: 'medium', why: 'the key may call more endpoints' },
          { when: 'removed', level: 'medium', why: 'calls that worked until now are refused' },
        ],
      },
    ),
    saveTo: object(places, 'Where the key goes that the API shows only once.', { required: true, local: true }),
    key: secret('The whole key, where `saveTo` cannot give it back.', { local: true, writeOnly: true }),
    ...accountLimits,
    sendingStatus: string('`blocked` where the service has stopped mail that is sent with it.', {
      computed: true,
      changesWith: [],
    }),
    username: string('The first 16 characters of the key, as statistics show it.', { computed: true, stable: true }),
  },
  whenDeleted: 'calls made with it are refused',
  risks: sendingRisks,
  passes: ['api_key', 'custom_rate_limit'],
  twins: { beside: 'endpoints' },
  twin: { join: ' ', retire: { field: 'status', is: 'blocked' } },
  keepsMail: { field: 'status', is: 'allowed' },
  oneTimeSecret: { wire: 'api_key', to: 'saveTo', idBegins: true },
  lookups: [ipPools],
  calls: {
    list: listPost('/api_keys/view', { decode: sendingRow }),
    create: post('/api_keys/add'),
    update: patch('/api_keys/edit', { by: 'id', byWhat: 'secret', renames: 'description' }), // not POST: POST resets every field left out
    delete: post('/api_keys/remove', { by: 'id', byWhat: 'secret' }),
  },
  example: {
    description: 'Billing service',
    endpoints: ['/email/send', '/stats/*'],
    status: 'allowed',
    rateLimit: { messages: 1000, per: '1 day' },
    ipPool: 3,
    openTracking: true,
    clickTracking: true,
    archive: true,
    auditEmail: 'audit@example.com',
    bounceNotifications: 'drop',
    unsubscribeFooter: { html: '<p>%%UNSUBSCRIBE%%</p>', text: 'Leave: %%UNSUBSCRIBE%%' },
    saveTo: { file: 'secrets/billing.key' },
  },
  check: oneTarget,
  dangers(change, around) {
    if (change.action !== 'update' && change.action !== 'delete') return []
    if (!around.usesCredential(change.live.id)) return []
    const reason = `${change.address} is the key that this run itself uses`
    const status = change.action === 'delete' ? 'removed' : change.desired.values['status']
    if (status === undefined || status === 'allowed') return [{ code: 'KEY_IN_USE', reason }]
    return [{ code: 'KEY_IN_USE', reason: `${reason}; run with another key to have it ${String(status)}`, final: true }]
  },
})
