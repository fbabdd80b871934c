import {
  email,
  type Field,
  flag,
  Invalid,
  isEmail,
  nullable,
  oneOf,
  read,
  text,
  type Values,
  whole,
} from '../../../../emulator/input/fields.ts'
import { canonicalInterval, noInterval } from '../../../../emulator/input/interval.ts'
import type { JsonObject } from '../../../../emulator/input/json.ts'
import { type Sender, senderFields } from '../state/entities.ts'
import type { Settings } from '../state/settings.ts'

const interval: Field<string | null | undefined> = (value, name) => {
  if (value === null || value === '') return noInterval
  const given = text()(value, name)
  const canonical = given === undefined ? undefined : canonicalInterval(given)
  if (given === undefined || canonical !== undefined) return canonical
  const syntax = '<n> [hour[s]|day[s]|week[s]|month[s]] [hh:mm:ss]'
  throw new Invalid(name, `The field '${name}' was expecting an interval of the form "${syntax}" but found '${given}'`)
}

/** The settings that SMTP users, API keys and IP authentications take. */
export const senderInput = {
  description: text(),
  custom_ratelimit: flag(),
  custom_ratelimit_value: nullable(whole(1, 2_147_483_647)),
  custom_ratelimit_period: interval,
  ip_pool: nullable(whole()),
  feedback_enabled: flag(),
  feedback_html: text(),
  feedback_text: text(),
  open_tracking_enabled: flag(),
  click_tracking_enabled: flag(),
  archive_enabled: flag(),
  audit_email: nullable(email((value) => value === '' || value.split(',').every((one) => isEmail(one.trim())))),
  bounce_notifications: email((value) => value === 'from' || value === 'drop'),
  status: oneOf(['allowed', 'blocked', 'sandbox']),
}

/** A sender with nothing set. */
export function plainSender(): Sender {
  return read(senderFields, {})
}

/** Puts what was sent over what was there; what was left out stays. */
export function applySender(
  base: Sender,
  input: Values<typeof senderInput> & { feedback_domain?: string | undefined },
): Sender {
  const { ip_pool, audit_email, custom_ratelimit_value, custom_ratelimit_period, ...plain } = input
  const sent = Object.fromEntries(
    Object.entries(plain).filter(([name, one]) => one !== undefined && name in senderFields),
  )
  const limited = input.custom_ratelimit ?? base.custom_ratelimit
  const value = custom_ratelimit_value === undefined ? base.custom_ratelimit_value : custom_ratelimit_value
  return {
    ...base,
    ...sent,
    ippool: ip_pool === undefined ? base.ippool : ip_pool,
    audit_email: audit_email === undefined ? base.audit_email : audit_email || null,
    custom_ratelimit_value: limited ? value : null,
    custom_ratelimit_period: limited ? (custom_ratelimit_period ?? base.custom_ratelimit_period) : noInterval,
  }
}

/** Left out where there is none: neither the schema nor an example has null. */
function poolShown({ ippool }: Sender, { noIpPool }: Settings): number | null | undefined {
  return ippool === null && noIpPool === 'omit' ? undefined : ippool
}

/** A sender as view and POST answers show it. */
export function showSender(sender: Sender, settings: Settings): JsonObject {
  return {
    sending_allowed: sender.status !== 'blocked',
    custom_ratelimit: sender.custom_ratelimit,
    custom_ratelimit_value: sender.custom_ratelimit_value,
    custom_ratelimit_period: sender.custom_ratelimit_period,
    ippool: poolShown(sender, settings),
    description: sender.description,
    feedback_enabled: sender.feedback_enabled,
    feedback_domain: sender.feedback_domain,
    feedback_html: sender.feedback_html,
    feedback_text: sender.feedback_text,
    archive_enabled: sender.archive_enabled,
    open_tracking_enabled: sender.open_tracking_enabled,
    audit_email: sender.audit_email,
    bounce_notifications: sender.bounce_notifications,
    status: sender.status,
  }
}

/** A sender as PATCH answers and all answers about API keys show it. */
export function showPlainSender(sender: Sender, { rateLimitFlagName }: Settings): JsonObject {
  const limited = sender.custom_ratelimit
  return {
    description: sender.description,
    custom_rate_limit: rateLimitFlagName === 'custom_ratelimit' ? undefined : limited,
    custom_ratelimit: rateLimitFlagName === 'custom_rate_limit' ? undefined : limited,
    custom_ratelimit_value: sender.custom_ratelimit_value,
    custom_ratelimit_period: sender.custom_ratelimit_period,
    default_ratelimit_value: '0',
    default_ratelimit_period: 'unlimited',
    ippool: sender.ippool,
    feedback_enabled: sender.feedback_enabled,
    feedback_html: sender.feedback_html,
    feedback_text: sender.feedback_text,
    open_tracking_enabled: sender.open_tracking_enabled,
    click_tracking_enabled: sender.click_tracking_enabled,
    archive_enabled: sender.archive_enabled,
    audit_email: sender.audit_email,
    bounce_notifications: sender.bounce_notifications,
    status: sender.status,
  }
}
