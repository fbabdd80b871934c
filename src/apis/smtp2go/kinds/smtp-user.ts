import { listPost, patch, post } from '../../../model/kind/call.ts'
import { boolean, secret, string } from '../../../model/kind/field.ts'
import { defineKind } from '../../../model/kind/kind.ts'
import { oneTarget, saveTo } from '../../../model/kind/save-to.ts'
import { smtp2goApi } from '../api.ts'
import { ipPools } from '../fields/ip-pools.ts'
import { accountLimits, sendingRisks, sendingRow, sendingSettings } from '../fields/sending-settings.ts'

/** A login with which mail is sent over SMTP. */
export const smtpUser = defineKind({
  name: 'smtpUsers',
  api: smtp2goApi,
  title: 'SMTP user',
  resource: 'smtp_user',
  doc: 'A username and password with which an application sends mail over SMTP.',
  notes: [
    'A username cannot be changed; make a second user, move the application, then remove the first.',
    'The password is sent when the user is made. The API never gives it back, so a later change of it is not seen by a plan.',
  ],
  key: 'username',
  id: 'username',
  scope: 'subaccount',
  fields: {
    username: string('The login: 5 to 100 letters, digits or `. _ - @`.', {
      required: true,
      immutable: true,
      minLength: 5,
      maxLength: 100,
      pattern: '^[A-Za-z0-9._@-]+$',
      expects: 'letters, digits and . _ - @',
    }),
    password: secret('The password: at least 64 bits of entropy, better 12 characters of all sorts.', {
      required: 'create',
      writeOnly: true,
      wire: 'email_password',
      leastBits: 64,
      generate: { length: 32 },
    }),
    saveTo,
    ...sendingSettings,
    feedbackDomain: string('The domain in unsubscribe links.', { immutable: true, default: 'default' }),
    sendingAllowed: boolean('Whether the account lets this user send.', { computed: true, changesWith: ['status'] }),
    comments: string('A remark of the service.', { computed: true, changesWith: [] }),
    ...accountLimits,
  },
  passes: ['custom_rate_limit'],
  whenDeleted: 'applications that log in with it can no longer send',
  risks: sendingRisks,
  twin: { join: '-', retire: { field: 'status', is: 'blocked' } },
  keepsMail: { field: 'status', is: 'allowed' },
  lookups: [ipPools],
  calls: {
    list: listPost('/users/smtp/view', { rows: 'results', decode: sendingRow }),
    create: post('/users/smtp/add'),
    update: patch('/users/smtp/edit', { by: 'username' }), // not POST: POST resets every field left out
    delete: post('/users/smtp/remove', { by: 'username' }),
  },
  example: {
    username: 'billing-app',
    password: '${env:BILLING_PASSWORD}',
    saveTo: { file: 'secrets/billing-app.password' },
    description: 'Invoices',
    status: 'allowed',
    rateLimit: { messages: 500, per: '1 hour' },
    ipPool: 3,
    openTracking: true,
    clickTracking: false,
    archive: true,
    auditEmail: 'audit@example.com',
    bounceNotifications: 'bounces@example.com',
    unsubscribeFooter: { html: '<p>%%UNSUBSCRIBE%%</p>', text: 'Leave: %%UNSUBSCRIBE%%' },
    feedbackDomain: 'default',
  },
  check: oneTarget,
})
