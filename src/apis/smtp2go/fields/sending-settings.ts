import { isRecord } from '../../../model/json.ts'
import { boolean, integer, object, oneOf, string, text, type Values } from '../../../model/kind/field.ts'
import type { RiskRule } from '../../../model/kind/judgement.ts'
import { parsePeriod } from '../../../model/value/period.ts'

/** What SMTP users and API keys have in common: how mail that is sent with them is treated. */
export const sendingSettings = {
  description: string('What it is for; people read it in the web console.'),
  status: oneOf('Whether mail is accepted, refused, or accepted and thrown away.', ['allowed', 'blocked', 'sandbox'], {
    default: 'allowed',
    risky: [
      { when: { becomes: 'blocked' }, level: 'high', why: 'mail sent with it is refused' },
      { when: { becomes: 'sandbox' }, level: 'medium', why: 'mail sent with it is accepted and discarded' },
      { when: { becomes: 'allowed' }, level: 'medium', why: 'mail sent with it is delivered again' },
    ],
  }),
  rateLimit: object(
    {
      messages: integer('How many messages may be sent in one period.', {
        required: true,
        min: 1,
        max: 2_147_483_647,
        wire: 'custom_ratelimit_value',
      }),
      per: string('The period: a number of minutes, hours, days, weeks or months, or `hh:mm:ss`.', {
        required: true,
        format: 'period',
        wire: 'custom_ratelimit_period',
      }),
    },
    'A limit of its own; `off` for the limit of the account.',
    { flat: true, off: { wire: 'custom_ratelimit', off: false, on: true } },
  ),
  ipPool: integer('The pool of dedicated IP addresses to send from, by number or name; `off` for the shared ones.', {
    min: 1,
    clearable: true,
    namedIn: 'ipPools',
    wire: 'ip_pool',
    wireRead: 'ippool',
    risky: [{ when: 'changed', level: 'medium', why: 'mail is sent from addresses with a different reputation' }],
  }),
  openTracking: boolean('Count when a message is opened.', {
    default: false,
    wire: 'open_tracking_enabled',
    risky: [{ when: 'off', level: 'medium', why: 'opens are no longer counted' }],
  }),
  clickTracking: boolean('Count when a link is followed.', {
    default: false,
    wire: 'click_tracking_enabled',
    unreadable: 'sometimes',
    risky: [{ when: 'off', level: 'medium', why: 'clicks are no longer counted' }],
  }),
  archive: boolean('Keep a copy of every message (paid plans).', {
    default: false,
    wire: 'archive_enabled',
    risky: [{ when: 'off', level: 'medium', why: 'copies are no longer kept' }],
  }),
  auditEmail: string('Gets a blind copy of every message; an empty text for nobody.', {
    format: 'email',
    clearable: true,
    wire: 'audit_email',
    risky: [{ when: 'changed', level: 'medium', why: 'blind copies of all messages go to a different address' }],
  }),
  bounceNotifications: string('Where bounces go: `from` (the sender), `drop` (nowhere) or an address.', {
    pattern: '^(from|drop|[^@\\s]+@[^@\\s]+)$',
    expects: 'from, drop or an e-mail address',
    caseless: true,
    default: 'from',
    wire: 'bounce_notifications',
    risky: [{ when: { becomes: 'drop' }, level: 'medium', why: 'nobody is notified of bounces' }],
  }),
  unsubscribeFooter: object(
    {
      html: text('As HTML; `%%UNSUBSCRIBE%%` becomes the link, `%%EMAIL%%` the address.', { wire: 'feedback_html' }),
      text: text('As plain text, with the same two words.', { wire: 'feedback_text' }),
    },
    'A footer of your own with an unsubscribe link; `off` for none.',
    {
      flat: true,
      off: { wire: 'feedback_enabled', off: false, on: true },
      risky: [{ when: 'cleared', level: 'medium', why: 'messages carry no unsubscribe link' }],
    },
  ),
}

/** What a change of these settings could break, where one field alone does not tell. */
export const sendingRisks: readonly RiskRule[] = [
  {
    when: 'the rate limit is lowered, or set where there was none',
    level: 'medium',
    why: 'fewer messages may be sent in the same time',
    found({ live, desired, fields }) {
      if (!fields.some(({ path }) => path.split('.')[0] === 'rateLimit')) return []
      const [before, after] = [rateOf(live.values), rateOf({ ...live.values, ...merged(live.values, desired.values) })]
      if (after === undefined || (before !== undefined && after >= before)) return []
      return ['the rate limit is lowered: fewer messages may be sent in the same time']
    },
  },
]

function merged(live: Values, desired: Values): Values {
  const [before, after] = [live['rateLimit'], desired['rateLimit']]
  return { rateLimit: isRecord(before) && isRecord(after) ? { ...before, ...after } : after }
}

/** Messages for each second; undefined without a limit of its own. */
function rateOf({ rateLimit }: { readonly rateLimit?: unknown }): number | undefined {
  if (!isRecord(rateLimit)) return undefined
  const seconds = parsePeriod(String(rateLimit['per']))
  return seconds === undefined || seconds === 0 ? undefined : Number(rateLimit['messages']) / seconds
}

/** The limits of the account, which both show beside their own. */
export const accountLimits = {
  defaultRateLimitMessages: string('The limit of the account.', {
    computed: true,
    stable: true,
    wire: 'default_ratelimit_value',
  }),
  defaultRateLimitPer: string('The period of that limit.', {
    computed: true,
    stable: true,
    wire: 'default_ratelimit_period',
  }),
}

/** Both spellings of the rate-limit switch that the API answers, as one. */
export function sendingRow(row: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return 'custom_ratelimit' in row || !('custom_rate_limit' in row)
    ? row
    : { ...row, custom_ratelimit: row['custom_rate_limit'] }
}
