import type { ForSubaccount } from './senders.ts'

/** Which subaccounts may send from a domain of the master account. */
export type SubaccountAccess = { readonly subaccounts: readonly string[]; readonly future_subaccounts: boolean }

/** A new sender domain; `auto_verify` and `requisition_ssl` are true if left out. Source: /domain/add. */
export type DomainAdd = ForSubaccount & {
  readonly domain: string
  readonly tracking_subdomain?: string
  readonly returnpath_subdomain?: string
  readonly auto_verify?: boolean
  readonly requisition_ssl?: boolean
  readonly subaccount_access?: Partial<SubaccountAccess>
}

/** Asks the API to look up the records of a domain now. */
export type DomainVerify = ForSubaccount & { readonly domain: string; readonly requisition_ssl?: boolean }

/** Changes one label of a domain; the label that stands must be given. Source: /domain/tracking, /domain/returnpath. */
export type DomainLabel = ForSubaccount & {
  readonly domain: string
  readonly old_subdomain: string
  readonly new_subdomain: string
}

/** Replaces who may send from a domain. */
export type DomainAccess = {
  readonly domain: string
  readonly subaccounts: readonly string[]
  readonly future_subaccounts?: boolean
}

/** The domain itself. `*_value` is what DNS answers, `*_expected` (live only) what it should answer. */
export type DomainState = {
  readonly fulldomain: string
  readonly subdomain: string | null
  readonly domain: string
  readonly suffix: string
  readonly dkim_selector: string
  readonly dkim_value: string
  readonly dkim_expected?: string
  readonly dkim_verified: boolean
  readonly dkim_status: string
  readonly rpath_selector: string
  readonly rpath_value: string
  readonly rpath_expected?: string
  readonly rpath_verified: boolean
  readonly rpath_status: string
  readonly setup_link?: string
  readonly registrar?: string | null
}

/** A tracking label; one that is not enabled is shown and looked up all the same. */
export type Tracker = {
  readonly fulldomain: string
  readonly subdomain: string
  readonly domain: string
  readonly suffix: string
  readonly cname_value: string
  readonly cname_expected?: string
  readonly cname_verified: boolean
  readonly cname_status: string
  readonly enabled: boolean
  readonly ssl_status?: string | null
}

/** Sender domains; from `/domain/remove` it is not known which. Source: /domain/view. */
export type Domains = {
  readonly domains: readonly {
    readonly domain: DomainState
    readonly trackers: readonly Tracker[]
    readonly subaccount_access?: SubaccountAccess
    /** Whether a master account lends it. */
    readonly from_master?: boolean
  }[]
}
