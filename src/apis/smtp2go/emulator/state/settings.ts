import { decimal, either, list, nullable, oneOf, or, text } from '../../../../emulator/input/fields.ts'
import { choice, type Evidence, number, value, yesNo } from '../../../../emulator/world/setting.ts'
import type { SettingsOf, SharedSettings } from '../../../../emulator/world/settings.ts'

const live: Evidence = 'seen live'
const doc: Evidence = 'documented'
const own: Evidence = 'invented'
const published = either(oneOf(['none', 'all']), list(text()))

/** Every switch of the emulated SMTP2GO: its values, what it starts as, and where that comes from. */
export const SMTP2GO_SETTINGS = {
  // errors
  errorShape: choice(['nested', 'flat'], 'nested', live, 'Whether an SMTP2GO error sits inside `data`.'),
  validationError: choice(
    ['general', 'detail'],
    'general',
    live,
    'What `error` says of a field that does not fit: a general sentence, or what stands in `field_validation_errors`.',
  ),
  malformedKeyStatus: choice(
    [403, 400],
    403,
    live,
    'Status for an API key that has not the right form; 400 was seen, too.',
  ),
  unknownKeyStatus: choice([400, 401, 500], 400, live, 'Status for a well-formed API key that nobody has.'),
  permissionDeniedStatus: choice([400, 403], 400, doc, 'Status when the key lacks the endpoint.'),
  blockedKeyStatus: choice([400, 401, 403], 400, own, 'Status for a key whose status is `blocked`.'),
  exceptionStatus: choice(
    [400, 404, 409, 422, 500],
    400,
    live,
    'Status of other refusals: duplicates, not found, limits.',
  ),
  unknownSubaccountStatus: choice([400, 403, 404], 400, own, 'Status for a `subaccount_id` that does not exist.'),
  malformedJsonStatus: choice([400, 422, 500], 400, own, 'Status for a body that is not a JSON object.'),
  wrongMethodStatus: choice([405, 404, 400], 405, own, 'Status for a known path with another method.'),
  unknownPathStatus: choice([404, 400], 404, own, 'Status for an unknown path.'),
  ipListStatus: choice([403, 400, 401], 403, own, 'Status when the API allow list lacks the caller.'),
  needsJsonContentType: yesNo(false, own, 'Whether SMTP2GO refuses a body that is not sent as `application/json`.'),
  // limits
  enforceApiIpList: yesNo(true, doc, 'Whether an enabled API allow list without the caller refuses every call.'),
  clientAddress: value(
    nullable(text()),
    null,
    'address or null',
    own,
    'Address the caller seems to come from; null: the real one.',
  ),
  enforceDocumentedLimits: yesNo(
    false,
    own,
    'Whether the documented limits per endpoint are counted (they are real; off keeps tests fast).',
  ),
  rateLimitPerSecond: number(null, own, 'Calls in one second before 429; null: no limit.'),
  maxWebhooks: number(10, doc, 'Webhooks in one account.'),
  maxSingleSenders: number(null, own, 'Single senders in one account (5 on the free plan).'),
  maxSenderDomains: number(null, own, 'Sender domains in one account (5 on the free plan).'),
  minPasswordEntropy: number(64, doc, 'Bits below which an SMTP password is refused.'),
  // what an answer shows
  noIpPool: choice(
    ['null', 'omit'],
    'null',
    own,
    '`ippool` where a login sends from no pool: null, or left out as the schema has it.',
  ),
  smtpPasswordReadback: choice(
    ['omit', 'echo', 'mask'],
    'omit',
    live,
    '`email_password` in the answers about SMTP users.',
  ),
  clickTrackingReadable: yesNo(
    false,
    doc,
    'Whether view and POST answers about SMTP users show `click_tracking_enabled`.',
  ),
  rateLimitFlagName: choice(
    ['custom_rate_limit', 'custom_ratelimit', 'both'],
    'custom_rate_limit',
    doc,
    'How PATCH answers and API key answers spell the flag of the rate limit.',
  ),
  postEditPassword: choice(['keep', 'generate'], 'keep', own, 'What a POST edit without a password does to it.'),
  entryCase: choice(['keep', 'lower'], 'keep', own, 'Letter case of allowed senders and recipients.'),
  ipReadback: choice(
    ['keep', 'cidr'],
    'keep',
    own,
    'Whether one address of an allow list comes back with /32 or /128.',
  ),
  publishedDns: value(
    published,
    'none',
    'none, all, or a list of CNAME names',
    own,
    'Which DNS records a verification finds.',
  ),
  reverifyMinutes: number(7, doc, 'Minutes between verifications by the service itself; null: never.'),
  verifiedForever: yesNo(true, own, 'Whether a verified record stays so although its DNS record is not there.'),
  trackerEnabled: choice(['when-verified', 'always'], 'when-verified', doc, 'When a new tracker is enabled.'),
  domainRemoveAnswer: choice(['empty', 'remaining'], 'empty', doc, 'What the answer to a removed domain lists.'),
  liveExtras: yesNo(
    true,
    live,
    'Fields of domains that are in no schema (`dkim_expected`, `registrar`, `ssl_status` and others).',
  ),
  singleSenderVerified: yesNo(false, own, 'Whether a new single sender is verified at once.'),
  duplicateSingleSender: choice(
    ['refuse', 'accept'],
    'refuse',
    own,
    'Adding a single sender that is verified already.',
  ),
  suppressionPageSize: number(1000, own, 'Suppressions in one page.'),
  suppressionWindowDays: number(30, doc, 'Days a suppression list goes back without `start_date`; null: all.'),
  suppressionReAdd: choice(['update', 'ignore'], 'update', own, 'Adding a suppression that exists.'),
  webhookViewShape: choice(
    ['array', 'object', 'wrapped'],
    'array',
    live,
    'The answer of `/webhook/view`: a list, the first one, or `{webhooks}`.',
  ),
  webhookAuthReadback: choice(['omit', 'echo', 'mask'], 'omit', own, '`auth_header_value` in answers about webhooks.'),
  webhookTextLists: yesNo(
    false,
    doc,
    'Whether add and edit answer one header or username as plain text, as the examples do.',
  ),
  webhookNewFields: choice(
    ['set', 'always', 'never'],
    'set',
    own,
    'When answers about webhooks have `disabled` and `custom_headers`, new since October 2026: once they were set, always, or never.',
  ),
  webhookHeadersShape: choice(
    ['list', 'map'],
    'list',
    own,
    '`custom_headers` in answers: a list of `{header, value}`, or values by name.',
  ),
  keySendingStatus: choice(
    ['omit', 'allowed', 'blocked'],
    'omit',
    own,
    '`sending_status` in answers about API keys, new since October 2026; the service sets it.',
  ),
  webhookEditOmitted: choice(['keep', 'reset'], 'keep', own, 'What an edit does to a field that is left out.'),
  statsWindowDays: number(30, doc, 'Days that the reports about mail go back; null: all.'),
  cycleTimes: choice(
    ['zone', 'fraction'],
    'zone',
    doc,
    'Whether the days of a billing cycle end in `+00:00` or in a fraction of a second: examples have both.',
  ),
  unknownStatsUser: choice(['zeros', 'refuse'], 'zeros', own, 'Statistics of a username that nobody has.'),
  historyScope: choice(['all', 'own'], 'all', own, 'Whether a history that names no subaccounts covers them too.'),
  historyPercents: yesNo(true, doc, 'Whether a history has percentages: they are in the schema, not in the example.'),
  // sending
  plan: choice(
    ['free', 'paid', 'new'],
    'paid',
    own,
    'The kind of plan, which no answer of the API shows: how much may be sent, and whether mail waits.',
  ),
  subaccountQuotaPercent: number(100, own, 'Percent of its plan that a subaccount may send; null: no limit.'),
  blankSenders: yesNo(false, live, 'Whether mail with an empty envelope sender is taken; the API has no field for it.'),
  verifiedCoversSubdomains: yesNo(false, own, 'Whether a verified domain covers senders of its subdomains.'),
  delayMinutes: number(60, own, 'Minutes that mail to `…+delay@…` waits before it is delivered.'),
  webhookEventNames: choice(
    ['documented', 'seen'],
    'documented',
    doc,
    'Names of events in calls of webhooks: `open`, `click`, `spam`, `unsubscribe`, or `opened`, `clicked`, `spam_complaint`, `unsubscribed`.',
  ),
  webhookTries: number(35, doc, 'How often a call of a webhook is tried.'),
  webhookRetryMinutes: number(84, own, 'Minutes between two tries; 35 tries then take 48 hours, as documented.'),
  seedOnly: choice(
    ['serve', 'refuse'],
    'serve',
    own,
    'Endpoints that the overview of the vendor names and its description lacks: `/email/search`, `/subaccount/reinvite`, `/subaccounts/usage`, `/subaccount/subaccountsmsusage`.',
  ),
  smsUnitCost: value(
    or(decimal(), () => 0.05),
    0.05,
    'number',
    own,
    'What one unit of a text message costs.',
  ),
  keptMessages: number(10_000, own, 'Messages that an account keeps; the oldest go first. null: all.'),
  closedSubaccount: choice(['allow', 'refuse'], 'allow', own, 'Calls by and for a closed subaccount.'),
} as const

/** The values that the code of the service sees. */
export type Settings = SettingsOf<typeof SMTP2GO_SETTINGS> & SharedSettings
