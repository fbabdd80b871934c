import type { Source } from '../../model/position.ts'

/** Something that a policy knows, and where the spec says it. */
interface Stated {
  readonly source?: Source
}

/** A way to sign in: an SMTP user, an API key, or an address that sends without a login. */
export interface Login extends Stated {
  readonly name: string
  readonly status: 'allowed' | 'blocked' | 'sandbox'
  /** Its own limit: so many messages in so many seconds. */
  readonly rate?: { readonly messages: number; readonly seconds: number }
  /** What an API key may call. */
  readonly endpoints?: readonly string[]
}

/** An IP allow list. */
export interface NetworkList extends Stated {
  readonly isKnown: boolean
  readonly enabled: boolean
  /** Addresses and networks in canonical form. */
  readonly networks: readonly string[]
}

/** Addresses and domains, in lower case. */
interface AddressList extends Stated {
  readonly isKnown: boolean
  readonly entries: ReadonlySet<string>
}

/** A sender that the service trusts, or not: `assumed` where the spec declares it and the service was not asked. */
export interface Verified extends Stated {
  readonly verified: 'yes' | 'no' | 'assumed'
}

/** Why an address gets no mail. */
export interface Suppressed extends Stated {
  readonly reason: string
  /** When it was made, in milliseconds; unknown for one that is only declared. */
  readonly since?: number
}

/** What no answer of the API says about the service: settings, each with the value that the emulator starts with. */
export interface ServiceFacts {
  readonly plan: 'free' | 'paid' | 'new'
  readonly coversSubdomains: boolean
  readonly blankSenders: boolean
  /** Percent of a subaccount's plan that it may send. */
  readonly subaccountQuota: number
  /** Names that have records, in lower case; undefined where DNS is not looked at. */
  readonly publishedNames?: ReadonlySet<string>
}

/** How the service behaves where nobody has said otherwise. */
export const USUAL_FACTS: ServiceFacts = {
  plan: 'paid',
  coversSubdomains: false,
  blankSenders: false,
  subaccountQuota: 100,
}

/** What was sent already, in messages; each recipient is one. */
export interface Usage {
  /** By login, within the period of its own limit. */
  readonly byLogin: ReadonlyMap<string, number>
  readonly inCycle: number
  readonly inDay: number
  readonly inHour: number
  readonly ever: number
}

/** Nothing was sent yet. */
export const NO_USAGE: Usage = { byLogin: new Map(), inCycle: 0, inDay: 0, inHour: 0, ever: 0 }

/** Everything that decides who may send in one account or subaccount. */
export interface Policy {
  /** `main`, `main/Acme`. */
  readonly scope: string
  readonly isSubaccount: boolean
  readonly closed: boolean
  readonly users: ReadonlyMap<string, Login>
  /** API keys by the name that the spec gives them. */
  readonly keys: ReadonlyMap<string, Login>
  /** IP authentications by address. */
  readonly addresses: ReadonlyMap<string, Login>
  readonly smtpNetworks: NetworkList
  readonly apiNetworks: NetworkList
  readonly senders: AddressList & { readonly mode: 'allow' | 'block' | 'disabled' }
  readonly recipients: AddressList & { readonly enabled: boolean }
  readonly domains: ReadonlyMap<string, Verified>
  readonly singleSenders: ReadonlyMap<string, Verified>
  /** By address or domain, in lower case. */
  readonly suppressions: ReadonlyMap<string, readonly Suppressed[]>
  /** Messages that the plan includes in a billing cycle; undefined where it is unknown. */
  readonly planSize?: number
  readonly facts: ServiceFacts
  readonly usage: Usage
}

/** A policy in which nothing is known and nothing is declared. */
export function emptyPolicy(scope: string): Policy {
  return {
    scope,
    isSubaccount: scope.includes('/'),
    closed: false,
    users: new Map(),
    keys: new Map(),
    addresses: new Map(),
    smtpNetworks: { isKnown: false, enabled: false, networks: [] },
    apiNetworks: { isKnown: false, enabled: false, networks: [] },
    senders: { isKnown: false, mode: 'disabled', entries: new Set() },
    recipients: { isKnown: false, enabled: false, entries: new Set() },
    domains: new Map(),
    singleSenders: new Map(),
    suppressions: new Map(),
    facts: USUAL_FACTS,
    usage: NO_USAGE,
  }
}

/** How somebody signs in; `ip` is without a login, by the address alone. */
export type SignIn =
  | { readonly by: 'user'; readonly name: string; readonly isWrong?: true }
  | { readonly by: 'key'; readonly name: string }
  | { readonly by: 'ip' }

/** A message that somebody wants to send. */
export interface Message {
  readonly as: SignIn
  /** Address of the client; undefined for one that every list has. */
  readonly ip?: string
  /** Envelope sender; empty for a bounce. */
  readonly from: string
  /** Address in the From header; that of the envelope if left out. */
  readonly headerFrom?: string
  readonly to: readonly string[]
  /** When, in milliseconds. */
  readonly at: number
}
