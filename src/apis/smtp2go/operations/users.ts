import type { ForSubaccount } from './senders.ts'

/** Whether a login may send; `sandbox` accepts mail and does not deliver it. */
export type UserStatus = 'allowed' | 'blocked' | 'sandbox'

/** Settings that SMTP users, IP authentications and API keys share. Source: /users/smtp/add, /api_keys/add. */
export type UserSettings = ForSubaccount & {
  readonly description?: string
  readonly custom_ratelimit?: boolean
  /** 1 to 2147483647 mails per period. */
  readonly custom_ratelimit_value?: number
  /** `1 day`, `2 months 3:00:00`, `0:30:00`. */
  readonly custom_ratelimit_period?: string
  readonly ip_pool?: number
  readonly feedback_enabled?: boolean
  readonly feedback_html?: string
  readonly feedback_text?: string
  readonly open_tracking_enabled?: boolean
  readonly click_tracking_enabled?: boolean
  readonly archive_enabled?: boolean
  readonly audit_email?: string
  /** `from`, `drop` or an address. */
  readonly bounce_notifications?: string
  readonly status?: UserStatus
}

/** A new SMTP user, or the fields of one; without a password the API makes one. */
export type SmtpUserPatch = UserSettings & {
  /** 5 to 100 characters. */
  readonly username: string
  /** At least 64 bits of entropy. */
  readonly email_password?: string
}

/** Adds the one field that only POST takes. */
export type SmtpUserSettings = SmtpUserPatch & { readonly feedback_domain?: string }

/** What the API says about a login; which fields come depends on the operation. */
export type UserState = {
  readonly description?: string
  readonly comments?: string
  /** Deprecated by the vendor; may be absent, masked or the password itself. Never store it. */
  readonly email_password?: string
  readonly sending_allowed?: boolean
  readonly custom_ratelimit?: boolean
  /** The spelling of the answers to PATCH and of API keys. */
  readonly custom_rate_limit?: boolean
  readonly custom_ratelimit_value?: number | null
  /** In the API's own notation: `01:00:00`, `1 day`; `0:00:00` for none. */
  readonly custom_ratelimit_period?: string | null
  readonly default_ratelimit_value?: number | string
  readonly default_ratelimit_period?: string
  readonly ippool?: number | null
  readonly feedback_enabled?: boolean
  readonly feedback_domain?: string
  readonly feedback_html?: string
  readonly feedback_text?: string
  readonly open_tracking_enabled?: boolean
  readonly click_tracking_enabled?: boolean
  readonly archive_enabled?: boolean
  readonly audit_email?: string | null
  readonly bounce_notifications?: string
  readonly status?: UserStatus
}

/** An SMTP user as the API shows it. */
export type SmtpUser = UserState & { readonly username: string }

/** SMTP users; a `username` asked for matches in part, so look for the exact one. */
export type SmtpUsers = {
  readonly results: readonly SmtpUser[]
  readonly default_ratelimit_value?: number | string
  readonly default_ratelimit_period?: string
}

/** An address that may send without a login; there is no operation that adds one. Source: /ip_auth. */
export type IpAuth = UserState & { readonly ip_address: string }

/** IP authentications, all or the one asked for. */
export type IpAuths = Omit<SmtpUsers, 'results'> & { readonly results: readonly IpAuth[] }

/** The endpoints a key may use (`/email/*` and `*` work) beside the settings it shares with users. */
export type ApiKeySettings = UserSettings & { readonly endpoints?: readonly string[] }

/** An API key; `api_key` is whole in the answer to add and masked in all others. Source: /api_keys. */
export type ApiKey = UserState & {
  readonly api_key: string
  /** The first 16 characters of the key. */
  readonly username?: string
  readonly endpoints?: readonly string[]
}

/** A pool of dedicated addresses; its `id` is the `ip_pool` of users. Source: /dedicated_ips/view. */
export type IpPool = { readonly id: number; readonly name: string; readonly ip_addresses: readonly string[] }
