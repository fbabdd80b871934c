import { defineApi } from '../../model/kind/api.ts'
import { post } from '../../model/kind/call.ts'
import { KEY_FORM } from './client/key.ts'
import { SMTP2GO_LIMITS } from './client/limits.ts'
import { SMTP2GO_HOSTS, SMTP2GO_MAIL_HOSTS, SMTP2GO_MAIL_PORTS } from './client/regions.ts'

/** SMTP2GO, API v3. */
export const smtp2goApi = defineApi({
  name: 'smtp2go',
  title: 'SMTP2GO',
  noun: 'an SMTP2GO account',
  doc: 'The SMTP2GO account.',
  account: 'main',
  credential: {
    field: 'apiKey',
    noun: 'key',
    title: 'API key',
    doc: 'The SMTP2GO API key.',
    env: 'SMTP2GO_API_KEY',
    pattern: KEY_FORM,
  },
  place: {
    regions: SMTP2GO_HOSTS,
    usual: 'global',
    doc: 'Where an SMTP2GO account lives; a key works in its own region only.',
    note: 'A key works in its own region only.',
    example: 'eu',
    env: { region: 'SMTP2GO_REGION', url: 'SMTP2GO_URL' },
  },
  names: 'snake',
  paging: { token: { sends: 'continue_token', reads: 'continue_token' } },
  largestBody: 1_048_576, // where no message is sent
  inner: { kind: 'subaccounts', parameter: 'subaccount_id' },
  limits: SMTP2GO_LIMITS,
  sharesAccounts: true,
  takesMail: true,
  mail: {
    servers: { regions: SMTP2GO_MAIL_HOSTS, ...SMTP2GO_MAIL_PORTS },
    user: { kind: 'smtpUsers', secret: 'password' },
    key: { kind: 'apiKeys' },
    domainKind: 'senderDomains',
    senderKind: 'singleSenders',
  },
  check: { permissions: post('/api_keys/permissions') },
  traffic: async () => (await import('./traffic/traffic.ts')).smtp2goTraffic,
  client: async () => (await import('./client/open.ts')).openSmtp2go,
})
