/** What a subaccount may do. `limit` is one of the plan sizes that the API's page lists. Source: /subaccount/add. */
export type SubaccountSettings = {
  /** Mails per billing cycle. */
  readonly limit?: number
  readonly dedicated_ip?: boolean
  readonly archiving?: boolean
  readonly enforce_2fa?: boolean
  readonly enable_sms?: boolean
  /** Messages per month. */
  readonly sms_limit?: number
}

/** A new subaccount; the address gets an invitation. */
export type SubaccountAdd = SubaccountSettings & { readonly fullname: string; readonly subaccount_email?: string }

/** Changes what is given. */
export type SubaccountEdit = SubaccountSettings & { readonly id: string; readonly fullname?: string }

/** Closes or opens a subaccount again; none is ever deleted. */
export type SubaccountRef = { readonly id: string; readonly email?: string }

/** A subaccount in the answers to add and edit. */
export type Subaccount = {
  readonly id: string
  readonly name: string
  readonly plan_size: number
  readonly plan_used: number
  readonly plan_remaining: number
  readonly state: string
  readonly dedicated_ip: boolean
  readonly archiving: boolean
  readonly enforce_2fa: boolean
  readonly sms_enabled: boolean
  readonly sms_limit: number
}

/** What to look for; names match in part unless `fuzzy_search` is false. Source: /subaccounts/search. */
export type SubaccountSearch = {
  readonly search_terms?: readonly string[]
  readonly fuzzy_search?: boolean
  readonly states?: 'all' | 'active' | 'closed' | 'suspended'
  readonly sort_direction?: 'asc' | 'desc'
  /** 100 if left out. */
  readonly page_size?: number
  readonly continue_token?: string
}

/** One page of subaccounts; ask again with `continue_token` until it is empty or null. */
export type Subaccounts = {
  readonly subaccounts: readonly {
    readonly id: string
    readonly name: string
    readonly email: string
    readonly state: string
    readonly plan_size: number
    readonly plan_used: number
    readonly plan_remaining: number
    readonly dedicated_ip?: boolean
  }[]
  readonly continue_token: string | null
  readonly total_count: number
}
