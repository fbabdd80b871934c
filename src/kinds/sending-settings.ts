import { boolean, integer, object, oneOf, string, text } from '../model/field.ts'

/** What SMTP users and API keys have in common: how mail that is sent with them is treated. */
export const sendingSettings = {
  description: string('What it is for; people read it in the web console.'),
  status: oneOf('Whether mail is accepted, refused, or accepted and thrown away.', ['allowed', 'blocked', 'sandbox'], {
    default: 'allowed',
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
  ipPool: integer('The pool of dedicated IP addresses to send from.', { min: 1, wire: 'ip_pool', wireRead: 'ippool' }),
  openTracking: boolean('Count when a message is opened.', { default: false, wire: 'open_tracking_enabled' }),
  clickTracking: boolean('Count when a link is followed.', {
    default: false,
    wire: 'click_tracking_enabled',
    unreadable: 'sometimes',
  }),
  archive: boolean('Keep a copy of every message (paid plans).', { default: false, wire: 'archive_enabled' }),
  auditEmail: string('Gets a blind copy of every message; an empty text for nobody.', {
    format: 'email',
    clearable: true,
    wire: 'audit_email',
  }),
  bounceNotifications: string('Where bounces go: `from` (the sender), `drop` (nowhere) or an address.', {
    pattern: '^(from|drop|[^@\\s]+@[^@\\s]+)$',
    expects: 'from, drop or an e-mail address',
    caseless: true,
    default: 'from',
    wire: 'bounce_notifications',
  }),
  unsubscribeFooter: object(
    {
      html: text('As HTML; `%%UNSUBSCRIBE%%` becomes the link, `%%EMAIL%%` the address.', { wire: 'feedback_html' }),
      text: text('As plain text, with the same two words.', { wire: 'feedback_text' }),
    },
    'A footer of your own with an unsubscribe link; `off` for none.',
    { flat: true, off: { wire: 'feedback_enabled', off: false, on: true } },
  ),
}

/** The limits of the account, which both show beside their own. */
export const accountLimits = {
  defaultRateLimitMessages: string('The limit of the account.', {
    computed: true,
    steady: true,
    wire: 'default_ratelimit_value',
  }),
  defaultRateLimitPer: string('The period of that limit.', {
    computed: true,
    steady: true,
    wire: 'default_ratelimit_period',
  }),
}

/** Both spellings of the rate-limit switch that the API answers, as one. */
export function sendingRow(row: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return 'custom_ratelimit' in row || !('custom_rate_limit' in row)
    ? row
    : { ...row, custom_ratelimit: row['custom_rate_limit'] }
}
