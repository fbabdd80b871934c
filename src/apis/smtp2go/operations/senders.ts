/** A call that a master account can make for one of its subaccounts. */
export type ForSubaccount = { readonly subaccount_id?: string }

/** Whether the list of senders allows, blocks or does nothing. */
export type SenderMode = 'whitelist' | 'blacklist' | 'disabled'

/** Entries of the list of senders: addresses or domains. Source: /allowed_senders. */
export type AllowedSendersChange = ForSubaccount & { readonly allowed_senders: readonly string[] }

/** The whole list and its mode; `whitelist` and `blacklist` turn sender domains and single senders off. */
export type AllowedSendersUpdate = AllowedSendersChange & { readonly mode: SenderMode }

/** The list of senders as it stands after the call. */
export type AllowedSenders = { readonly allowed_senders: readonly string[]; readonly mode: SenderMode }

/** Entries of the list of recipients: addresses or domains. Source: /allowed_recipients. */
export type AllowedRecipientsChange = ForSubaccount & {
  readonly allowed_recipients: readonly string[]
  readonly enabled?: boolean
}

/** The whole list of recipients, and whether it counts. */
export type AllowedRecipientsUpdate = AllowedRecipientsChange & { readonly enabled: boolean }

/** The list of recipients as it stands after the call. */
export type AllowedRecipients = { readonly allowed_recipients: readonly string[]; readonly enabled: boolean }

/** A sender of one address; adding an unverified one again sends another mail. Source: /single_sender_emails. */
export type SingleSenderAdd = ForSubaccount & { readonly email_address: string; readonly message?: string }

/** Single senders, all or those that match; the filter may match in part. */
export type SingleSenders = {
  readonly senders: readonly { readonly email_address: string; readonly verified: boolean }[]
}

/** The list of machines that may use SMTP or the API; `smtp` if left out. Source: /ip_allow_list. */
export type IpListType = { readonly type?: 'smtp' | 'api' }

/** One address, or a range in CIDR notation. */
export type IpEntry = { readonly ip_address: string; readonly description: string }

/** What an IP allow list holds. */
export type IpAllowList = { readonly enabled: boolean; readonly ip_addresses: readonly IpEntry[] }

/** Why an address is not written to. */
export type SuppressionReason = 'manual' | 'spam' | 'unsubscribe' | 'bounce' | 'compliance'

/** What to look for; without dates the API looks at about the last 30 days only. Dates are ISO 8601, in UTC. */
export type SuppressionView = ForSubaccount & {
  readonly email_address?: string
  readonly wildcard?: string
  readonly recipient?: string
  readonly recipients?: readonly string[]
  readonly reason?: string
  readonly reasons?: readonly string[]
  readonly suppression_type?: SuppressionReason
  readonly suppression_types?: readonly SuppressionReason[]
  readonly fuzzy?: boolean
  readonly start_date?: string
  readonly end_date?: string
  readonly sort?: 'asc' | 'desc'
  readonly continue_token?: string
}

/** One page of suppressions; ask again with `continue_token` until it is null or empty. Source: /suppression/view. */
export type Suppressions = {
  readonly results: readonly {
    readonly email_address: string
    readonly reason: string
    readonly block_description: string
    readonly complaint: string
    readonly subject?: string | null
    /** `YYYY-MM-DD HH:MM:SS`, UTC. */
    readonly timestamp: string
  }[]
  readonly continue_token: string | null
  readonly total_results: number
}
