import fc from 'fast-check'
import type { Emulator } from '../../src/apis/emulator.ts'
import { isRecord } from '../../src/model/json.ts'

/** Texts that YAML, references and editors have stumbled over, and any other text. */
const awkward = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.constantFrom(
    '${env:HOME}',
    '$${x}',
    '$',
    '${',
    'yes',
    'null',
    '~',
    '0x1f',
    '1e3',
    '2026-01-01',
    ' leading',
    'trailing ',
    '# not a comment',
    'a: b',
    '- item',
    '"quoted"',
    "it's",
    '{{name}}',
    '%%UNSUBSCRIBE%%',
    'line\nline',
    'line\n\nline\n\n',
    '\ttab',
    'cr\r\nlf',
    'no end\n ',
    '|\n  block',
    '\u2028separator',
    '&anchor *alias',
    '!tag',
    '@at',
    '`tick`',
    'off',
  ),
)
/** What a web form would keep: no NUL and no lone surrogate, which JSON cannot carry to the letter. */
export const text = awkward.map((value) => Buffer.from(value.replaceAll('\0', ''), 'utf8').toString('utf8'))
const name = (length: number) => fc.stringMatching(new RegExp(`^[A-Za-z0-9][A-Za-z0-9._-]{${length},20}$`))
const domain = fc.stringMatching(/^[a-z]{3,8}\.(com|org|example)$/)
const email = fc
  .tuple(fc.stringMatching(/^[a-z0-9.]{1,8}$/), domain)
  .map(([local, host]) => `${local.replace(/^\.|\.$|\.\./g, 'x')}@${host}`)
const unique = <T, K>(items: fc.Arbitrary<T>, key: (item: T) => K, maxLength = 6) =>
  fc.uniqueArray(items, { selector: key, maxLength })

const sending = {
  description: text,
  status: fc.constantFrom('allowed', 'blocked', 'sandbox'),
  ippool: fc.option(fc.integer({ min: 1, max: 9 })),
  open_tracking_enabled: fc.boolean(),
  archive_enabled: fc.boolean(),
  audit_email: fc.option(email),
  bounce_notifications: fc.oneof(fc.constantFrom('from', 'drop'), email),
  feedback_enabled: fc.boolean(),
  feedback_html: text,
  feedback_text: text,
  custom_ratelimit: fc.boolean(),
  custom_ratelimit_value: fc.integer({ min: 1, max: 10_000 }),
  custom_ratelimit_period: fc.constantFrom('01:00:00', '1 day', '7 days', '30 days', '00:30:00', '1 day 02:03:04'),
}
const smtpUser = fc.record({ username: name(5), ...sending })
const template = fc.record({
  id: name(5),
  name: text.map((value) => value.slice(0, 30).trim() || 'A name'),
  subject: text,
  html_body: text,
  text_body: text,
  template_variables: fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), fc.oneof(text, fc.integer(), fc.boolean())),
  tags: fc.uniqueArray(fc.stringMatching(/^[a-z]{1,6}$/), { maxLength: 3 }),
})
const webhook = fc.record({
  url: fc.webUrl({ validSchemes: ['https'] }),
  events: fc.uniqueArray(fc.constantFrom('delivered', 'bounce', 'spam', 'open'), { maxLength: 3 }),
  sms_events: fc.uniqueArray(fc.constantFrom('delivered', 'failed'), { maxLength: 2 }),
  headers: fc.uniqueArray(fc.stringMatching(/^X-[a-z]{1,6}$/), { maxLength: 2 }),
  output_format: fc.constantFrom('form', 'json'),
})
const suppression = fc.record({
  email_address: fc.oneof(email, domain),
  block_description: text,
  reason: fc.constantFrom('manual', 'bounce', 'spam'),
  timestamp: fc.constantFrom('2019-01-01 00:00:00', '2026-11-01 12:00:00'),
})
const entries = fc.uniqueArray(fc.oneof(email, domain), { maxLength: 5 })
/** An account of SMTP2GO, as the emulator keeps it. */
export const account = fc.record({
  smtpUsers: unique(smtpUser, (user) => user.username),
  templates: unique(template, (one) => one.id, 3),
  webhooks: unique(webhook, (hook) => hook.url, 4),
  suppressions: unique(suppression, (one) => `${one.email_address} ${one.reason}`),
  singleSenders: unique(fc.record({ email_address: email, verified: fc.boolean() }), (one) => one.email_address, 3),
  domains: unique(fc.record({ domain: fc.record({ fulldomain: domain }) }), (one) => one.domain.fulldomain, 3),
  allowedSenders: fc.record({ mode: fc.constantFrom('whitelist', 'blacklist', 'disabled'), entries }),
  allowedRecipients: fc.record({ enabled: fc.boolean(), entries }),
})
const caption = text.map((value) => value.trim().slice(0, 20) || 'Relay')
/** A provider of the Back Office, without its id. */
export const provider = fc.record({
  caption,
  driver: fc.constant('smtp'),
  host: domain,
  port: fc.integer({ min: 1, max: 65_535 }),
  username: name(3),
  password: fc.constant('kept'),
  sendFrom: email,
  sendFromName: text.map((value) => value.trim() || 'Somebody'),
  encryption: fc.constantFrom('tls', 'ssl'),
  isEnabled: fc.boolean(),
})

type Row = Record<string, unknown>

/** What the key of a row of the emulator's state is called. */
export const KEYS: Readonly<Record<string, string>> = {
  smtpUsers: 'username',
  templates: 'id',
  webhooks: 'url',
  suppressions: 'email_address',
  singleSenders: 'email_address',
}

/** The account after a day in the console: some rows edited, some gone, some new. */
export function clicked(before: Row, other: Row, next: () => number): Row {
  const after: Row = { ...other }
  for (const [name, key] of Object.entries(KEYS)) {
    const [old, fresh] = [rows(before[name]), rows(other[name])]
    const kept = old.flatMap((row, at) => {
      const choice = next() % 5
      const donor = fresh[at % Math.max(1, fresh.length)] ?? row
      if (choice === 0) return []
      return choice < 3 ? [row] : [{ ...row, ...donor, [key]: row[key], reason: row['reason'] }]
    })
    const names = new Set(old.map((row) => String(row[key]).toLowerCase()))
    after[name] = [...kept, ...fresh.filter((row) => !names.has(String(row[key]).toLowerCase()))]
  }
  after['domains'] = before['domains']
  return after
}

/** A value of the emulator's state as rows. */
export function rows(value: unknown): Row[] {
  return Array.isArray(value) ? value.filter(isRecord) : []
}

/** Puts an account and providers into an emulator, with ids where it gives them. */
export function put(emulator: Emulator, scope: Row, providers: readonly Row[]): void {
  const state = emulator.state()
  const smtp2go = isRecord(state) && isRecord(state['smtp2go']) ? state['smtp2go'] : {}
  const numbered = (list: unknown) => rows(list).map((one, at) => ({ ...one, id: at + 1 }))
  emulator.setState({
    smtp2go: { keys: smtp2go['keys'], scopes: { '': { ...scope, webhooks: numbered(scope['webhooks']) } } },
    backoffice: { providers: numbered(providers), tokens: [{ token: emulator.token }] },
  })
}
