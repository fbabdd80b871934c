import {
  anything,
  flag,
  list,
  need,
  nullable,
  oneOf,
  or,
  record,
  such,
  text,
  type Values,
  whole,
} from '../../../../emulator/input/fields.ts'
import { noInterval } from '../../../../emulator/input/interval.ts'
import { isIpOrRange } from '../../../../emulator/input/ip.ts'
import { blank, nothing, off, texts } from '../../../../emulator/input/usual.ts'

const noNumber = or(nullable(whole()), () => null)

/** What SMTP users, API keys and IP authentications have in common. */
export const senderFields = {
  description: blank,
  custom_ratelimit: off,
  custom_ratelimit_value: noNumber,
  custom_ratelimit_period: or(text(), () => noInterval),
  ippool: noNumber,
  feedback_enabled: off,
  feedback_domain: or(text(), () => 'default'),
  feedback_html: blank,
  feedback_text: blank,
  open_tracking_enabled: off,
  click_tracking_enabled: off,
  archive_enabled: off,
  audit_email: nothing,
  bounce_notifications: or(text(), () => 'from'),
  status: or(oneOf(['allowed', 'blocked', 'sandbox']), () => 'allowed' as const),
}
/** What `senderFields` read. */
export type Sender = Values<typeof senderFields>

/** What answers about senders show and no state keeps. */
export const derivedSender = [
  'sending_allowed',
  'custom_rate_limit',
  'default_ratelimit_value',
  'default_ratelimit_period',
  'comments',
]

/** An SMTP user. */
export const smtpUserFields = { username: need(text()), email_password: blank, ...senderFields }
/** What `smtpUserFields` read. */
export type SmtpUser = Values<typeof smtpUserFields>

/** An address that may send without a login. */
export const ipAuthFields = { ip_address: need(text()), ...senderFields }
/** What `ipAuthFields` read. */
export type IpAuth = Values<typeof ipAuthFields>

/** An API key; `subaccount_id` is empty for the master account. */
export const apiKeyFields = {
  api_key: need(text({ pattern: /^api-[a-zA-Z0-9]{32}$/, wanted: 'api- and 32 letters or digits', secret: true })),
  subaccount_id: blank,
  endpoints: or(list(text()), () => ['/email/send']),
  ...senderFields,
}
/** What `apiKeyFields` read. */
export type ApiKey = Values<typeof apiKeyFields>

/** The part of a domain that is kept. */
export const domainPart = {
  fulldomain: need(text()),
  dkim_selector: blank,
  dkim_verified: off,
  rpath_selector: blank,
  rpath_verified: off,
}
/** What is kept of a tracker. */
export const trackerPart = { subdomain: or(text(), () => 'link'), enabled: off, cname_verified: off }
const derivedDomain = [
  'subdomain',
  'domain',
  'suffix',
  'dkim_value',
  'dkim_status',
  'rpath_value',
  'rpath_status',
  'setup_link',
  'dkim_expected',
  'rpath_expected',
  'registrar',
]
const derivedTracker = ['fulldomain', 'domain', 'suffix', 'cname_value', 'cname_status', 'cname_expected', 'ssl_status']
/** Which subaccounts a domain is shared with. */
export const accessPart = { subaccounts: texts, future_subaccounts: off }

/** A sender domain as it is kept: what can be derived from its name is not. */
export const domainFields = {
  domain: need(record(domainPart, derivedDomain)),
  trackers: or(list(record(trackerPart, derivedTracker)), () => [
    { subdomain: 'link', enabled: false, cname_verified: false },
  ]),
  subaccount_access: or(record(accessPart, []), () => ({ subaccounts: [], future_subaccounts: false })),
  last_checked: nothing,
}
/** What `domainFields` read. */
export type Domain = Values<typeof domainFields>

/** A single sender. */
export const singleSenderFields = { email_address: need(text()), verified: off }
/** What `singleSenderFields` read. */
export type SingleSender = Values<typeof singleSenderFields>

/** A suppression; address and reason together are its key. */
export const suppressionFields = {
  email_address: need(text()),
  reason: or(oneOf(['manual', 'spam', 'unsubscribe', 'bounce', 'compliance']), () => 'manual' as const),
  block_description: blank,
  complaint: blank,
  subject: nothing,
  timestamp: need(text({ pattern: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/, wanted: 'a time like 2026-01-31 12:00:00' })),
}
/** What `suppressionFields` read. */
export type Suppression = Values<typeof suppressionFields>

/** A template. */
export const templateFields = {
  id: need(text()),
  name: blank,
  subject: blank,
  html_body: blank,
  text_body: blank,
  template_variables: or(anything(), () => ({})),
  tags: texts,
  last_updated: or(text(), () => '2026-01-01 00:00:00'),
}
/** What `templateFields` read. */
export type Template = Values<typeof templateFields>

/** A webhook. */
export const webhookFields = {
  id: need(whole(1)),
  url: need(text()),
  events: texts,
  sms_events: texts,
  headers: texts,
  usernames: texts,
  output_format: or(oneOf(['form', 'json']), () => 'form' as const),
  auth_header_type: or(oneOf(['', 'bearer', 'basic']), () => '' as const),
  auth_header_value: blank,
  disabled: or(nullable(flag()), () => null),
  custom_headers: or(nullable(list(record({ header: need(text({ min: 1 })), value: blank }))), () => null),
}
/** What `webhookFields` read. */
export type Webhook = Values<typeof webhookFields>

/** An entry of an IP allow list. */
export const ipEntryFields = { ip_address: need(such(isIpOrRange, 'an IP address or range')), description: blank }
/** What `ipEntryFields` read. */
export type IpEntry = Values<typeof ipEntryFields>

/** A pool of dedicated IP addresses. */
export const dedicatedIpFields = { id: need(whole()), name: blank, ip_addresses: texts }
/** What `dedicatedIpFields` read. */
export type DedicatedIp = Values<typeof dedicatedIpFields>

/** A subaccount. */
export const subaccountFields = {
  id: need(text({ min: 1 })),
  name: blank,
  email: blank,
  state: or(oneOf(['Active', 'Closed', 'Suspended']), () => 'Active' as const),
  plan_size: or(whole(0), () => 10_000),
  plan_used: or(whole(0), () => 0),
  dedicated_ip: off,
  archiving: off,
  enforce_2fa: off,
  sms_enabled: off,
  sms_limit: or(whole(0), () => 1000),
  ip_pool: noNumber,
}
/** What `subaccountFields` read. */
export type Subaccount = Values<typeof subaccountFields>
