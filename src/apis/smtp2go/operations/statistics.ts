/** Whose mail the report is about: an SMTP user, or an API key by its first 16 characters; all if left out. */
export type OfLogin = { readonly username?: string }

/** What the reports about the last 30 days share; a percentage is a text such as `7.33`. */
export type Report = { readonly emails: number; readonly rejects: number }

/** Source: /stats/email_bounces. */
export type Bounces = Report & {
  readonly softbounces: number
  readonly hardbounces: number
  readonly bounce_percent: string
}

/** Source: /stats/email_spam. */
export type SpamComplaints = Report & { readonly spams: number; readonly spam_percent: string }

/** Source: /stats/email_unsubs. */
export type Unsubscribes = Report & { readonly unsubscribes: number; readonly unsubscribe_percent: string }

/** The account's plan; times are `2022-11-01 00:00:00+00:00`, or lack the zone and are UTC. Source: /stats/email_cycle. */
export type BillingCycle = {
  readonly cycle_start: string
  readonly cycle_end: string
  readonly cycle_used: number
  readonly cycle_remaining: number
  readonly cycle_max: number
}

/** All of the above in one answer. Source: /stats/email_summary. */
export type MailSummary = BillingCycle & {
  readonly email_count: number
  readonly softbounces: number
  readonly hardbounces: number
  readonly bounce_percent: string
  readonly spam_emails: number
  readonly spam_percent: string
  readonly unsubscribes: number
  readonly unsubscribe_percent: string
  readonly opens: number
  readonly clicks: number
  readonly rejects: number
  /** Deprecated by the vendor. */
  readonly bounce_rejects?: number
  /** Deprecated by the vendor. */
  readonly spam_rejects?: number
}

/** What a history groups by. */
export type HistoryGroup = 'email_address' | 'username' | 'domain' | 'subaccount'

/** Times are ISO 8601, in UTC; the last 30 days if left out. `subaccounts` are ids. Source: /stats/email_history. */
export type HistoryQuery = {
  /** `email_address` if left out. */
  readonly group_by?: HistoryGroup
  readonly start_date?: string
  readonly end_date?: string
  readonly subaccounts?: readonly string[]
}

export type Percentages<Suffix extends string> = {
  readonly [N in `${'bounce' | 'open' | 'reject' | 'spam' | 'unsubscribe'}_percent${Suffix}`]?: number
}

/** A line of a history; what it is about stands in the field that the history groups by. */
export type HistoryRow = Percentages<''> & {
  readonly email_address?: string
  readonly username?: string
  /** Of the username. */
  readonly description?: string
  readonly domain?: string
  readonly domain_verified?: boolean
  /** Its name, where the question had ids. */
  readonly subaccount?: string
  /** Mails sent. */
  readonly used: number
  readonly bytecount: number
  readonly avgsize: number
  readonly lastip: string
  readonly bounces?: number
  readonly clicks?: number
  readonly opens?: number
  readonly rejects?: number
  readonly spam?: number
  readonly unsubscribes?: number
}

/** Who sent what in a time. */
export type History = Percentages<'_total'> & { readonly count: number; readonly history: readonly HistoryRow[] }
