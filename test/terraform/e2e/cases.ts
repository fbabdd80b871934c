import type { Row, State } from './world.ts'

/** What the suite cannot take from a kind: how the API calls things, and what makes a change, a drift and a new object. */
export interface Case {
  /** Beside or instead of the example's attributes. */
  readonly with?: Row
  /** Attributes that change in place, and the calls that this takes. */
  readonly change: Row
  readonly calls: readonly string[]
  /** The paths of the calls that only this kind makes. */
  readonly paths: string
  readonly find: (state: State, subaccount: string) => Row | undefined
  /** What somebody does in the console, and the attributes that show it. */
  readonly outside?: (row: Row) => void
  readonly drift?: readonly string[]
  /** An attribute that makes a new one. */
  readonly replace?: Row
  /** What a configuration of an imported one still changes: what the API does not show. */
  readonly unread?: readonly string[]
  /** What only the state knew before the import, and a configuration has to give now. */
  readonly known?: readonly string[]
  /** Terraform can only forget it. */
  readonly stays?: true
}

const inScope = (kind: string, matches: (row: Row) => boolean) => (state: State, subaccount: string) => {
  const rows: unknown = state.smtp2go.scopes[subaccount]?.[kind]
  return Array.isArray(rows) ? (rows as Row[]).find(matches) : undefined
}
const one = (kind: string) => (state: State, subaccount: string) => state.smtp2go.scopes[subaccount]?.[kind] as Row

const sendingChange = { status: 'blocked', rate_limit: { messages: 9, per: '1 day' } }
const sendingOutside = (row: Row) => {
  row['status'] = 'sandbox'
  row['custom_ratelimit_value'] = 7
  row['open_tracking_enabled'] = false
  row['feedback_html'] = '<b>Bye</b>'
}
const sendingDrift = ['status', 'rate_limit', 'open_tracking', 'unsubscribe_footer']

/** Every resource, by its type. */
export const CASES: Readonly<Record<string, Case>> = {
  mailconfig_smtp_provider: {
    change: { port: 465, encryption: 'ssl' },
    calls: ['PATCH /api/v2/mail/providers/'],
    paths: '/api/v2/mail/providers',
    find: (state) => state.backoffice.providers.find((row) => String(row['caption']).includes('relay')),
    outside: (row) => {
      row['host'] = 'elsewhere.example.com'
      row['sendFromName'] = 'Somebody'
    },
    drift: ['host', 'send_from_name'],
    unread: ['password_wo', 'password_wo_version'],
  },
  mailconfig_sender_domain: {
    with: { subaccount_access: { subaccounts: ['${mailconfig_subaccount.it.name}'], future: false } },
    change: { tracking: 'clicks' },
    calls: ['POST /v3/domain/tracking'],
    paths: '/v3/domain/',
    find: inScope('domains', (row) => (row['domain'] as Row)['fulldomain'] !== 'other.example'),
    outside: (row) => {
      const domain = row['domain'] as Row
      domain['rpath_selector'] = 'returns'
    },
    drift: ['return_path'],
    replace: { domain: 'replaced.example', allow_replace: true },
    unread: ['auto_verify', 'ssl_certificate'],
  },
  mailconfig_single_sender: {
    change: {},
    calls: [],
    paths: '/v3/single_sender_emails/',
    find: inScope('singleSenders', () => true),
    replace: { email: 'cfo@example.net' },
    unread: ['message'],
  },
  mailconfig_smtp_user: {
    change: sendingChange,
    calls: ['PATCH /v3/users/smtp/edit'],
    paths: '/v3/users/smtp/',
    find: inScope('smtpUsers', () => true),
    outside: sendingOutside,
    drift: sendingDrift,
    replace: { username: 'billing-app-2' },
    unread: ['password_wo', 'password_wo_version', 'click_tracking'],
  },
  mailconfig_allowed_senders: {
    change: { entries: ['example.com', 'ceo@example.net', 'new.example'] },
    calls: ['POST /v3/allowed_senders/add'],
    paths: '/v3/allowed_senders/',
    find: one('allowedSenders'),
    outside: (row) => {
      row['mode'] = 'disabled'
      row['entries'] = ['example.com', 'stranger.example']
    },
    drift: ['mode', 'entries'],
    stays: true,
  },
  mailconfig_allowed_recipients: {
    change: { entries: ['new.example'] },
    calls: ['POST /v3/allowed_recipients/update'],
    paths: '/v3/allowed_recipients/',
    find: one('allowedRecipients'),
    outside: (row) => {
      row['enabled'] = false
      row['entries'] = ['stranger.example']
    },
    drift: ['enabled', 'entries'],
    stays: true,
  },
  mailconfig_ip_allowlist: {
    with: { list: 'smtp' },
    change: {
      entries: [
        { address: '203.0.113.0/24', description: 'Head office' },
        { address: '198.51.100.7/32', description: 'New' },
      ],
    },
    calls: ['POST /v3/ip_allow_list/add', 'POST /v3/ip_allow_list/edit', 'POST /v3/ip_allow_list/remove'],
    paths: '/v3/ip_allow_list',
    find: (state) => state.smtp2go.scopes['']?.['ipAllowList']?.['smtp'] as unknown as Row,
    outside: (row) => {
      row['enabled'] = false
      row['entries'] = [{ ip_address: '203.0.113.0/24', description: 'Somebody else' }]
    },
    drift: ['enabled', 'entries'],
    stays: true,
  },
  mailconfig_suppression: {
    change: { description: 'Another reason' },
    calls: ['POST /v3/suppression/add'],
    paths: '/v3/suppression/',
    find: inScope('suppressions', () => true),
    outside: (row) => {
      row['block_description'] = 'No reason'
    },
    drift: ['description'],
    replace: { address: 'nobody@example.org' },
  },
  mailconfig_template: {
    change: { subject: 'Hi {{name}}', variables: '{"name": "Bob"}' },
    calls: ['POST /v3/template/edit'],
    paths: '/v3/template/',
    find: inScope('templates', () => true),
    outside: (row) => {
      row['html_body'] = '<p>Hi</p>'
      row['template_variables'] = { name: 'Eve' }
      row['tags'] = []
    },
    drift: ['html', 'variables', 'tags'],
  },
  mailconfig_webhook: {
    with: { usernames: ['${mailconfig_smtp_user.it.username}'] },
    change: { events: ['bounce'], format: 'form' },
    calls: ['POST /v3/webhook/edit'],
    paths: '/v3/webhook/',
    find: inScope('webhooks', () => true),
    outside: (row) => {
      row['events'] = ['spam']
      row['sms_events'] = []
      row['headers'] = ['X-Other']
    },
    drift: ['events', 'sms_events', 'headers'],
    unread: ['auth'],
  },
  mailconfig_api_key: {
    change: { endpoints: ['/email/send'], status: 'blocked' },
    calls: ['PATCH /v3/api_keys/edit'],
    paths: '/v3/api_keys/',
    find: (state, subaccount) =>
      state.smtp2go.keys.find((row) => row['description'] === 'Billing service' && row['subaccount_id'] === subaccount),
    outside: sendingOutside,
    drift: sendingDrift,
    known: ['key'],
    unread: ['click_tracking', 'key'],
  },
  mailconfig_subaccount: {
    change: { limit: 500_000 },
    calls: ['POST /v3/subaccount/edit'],
    paths: '/v3/subaccount/',
    find: (state) => state.smtp2go.subaccounts.find((row) => row['name'] === 'Acme'),
    outside: (row) => {
      row['plan_size'] = 250_000
    },
    drift: ['limit'],
    unread: ['archiving', 'enforce2fa', 'sms'],
  },
}
