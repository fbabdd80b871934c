import { isRecord } from '../../model/json.ts'
import type { Values } from '../../model/kind/field.ts'
import type { Source } from '../../model/position.ts'
import { canonicalCidr } from '../../model/value/network.ts'
import { parsePeriod } from '../../model/value/period.ts'
import {
  emptyPolicy,
  type Login,
  type NetworkList,
  type Policy,
  type Suppressed,
  USUAL_FACTS,
  type Verified,
} from './policy.ts'

/** An object of an account, declared or live, in the words of the spec. */
export interface PolicyObject {
  /** The section it stands in: `smtpUsers`. */
  readonly kind: string
  readonly key: string
  readonly values: Values
  /** Whether the API shows it; a declared sender that it does not show is taken for verified. */
  readonly isLive: boolean
  readonly source?: Source
}

/** One scope: what is in it, and which sections are known as a whole. */
export interface PolicyScope {
  /** `main`, `main/Acme`. */
  readonly scope: string
  readonly objects: readonly PolicyObject[]
}

/** The kinds of objects that decide who may send. */
export const POLICY_KINDS: readonly string[] = [
  ...['smtpUsers', 'apiKeys', 'ipAuth', 'ipAllowlist', 'allowedSenders', 'allowedRecipients'],
  ...['senderDomains', 'singleSenders', 'suppressions', 'subaccounts'],
]

/** What decides who may send in a scope; a subaccount has the domains that its account lends it, and that account's word on whether it is open. */
export function policyFrom({ scope, objects }: PolicyScope, parent?: PolicyScope): Policy {
  const of = (kind: string) => objects.filter((one) => one.kind === kind)
  const name = scope.slice(scope.indexOf('/') + 1)
  const inner = parent?.objects.find((one) => one.kind === 'subaccounts' && one.key === name)
  const lent = (parent?.objects ?? []).filter((one) => one.kind === 'senderDomains' && isLentTo(one, name))
  const empty = emptyPolicy(scope)
  const limit = inner?.values['limit']
  return {
    ...empty,
    isSubaccount: scope.includes('/'),
    closed: inner?.values['state'] !== undefined && String(inner.values['state']).toLowerCase() !== 'active',
    users: byKey(of('smtpUsers').map(login)),
    keys: byKey(of('apiKeys').map(login)),
    addresses: byKey(of('ipAuth').map(login)),
    smtpNetworks: networks(of('ipAllowlist').find(({ key }) => key === 'smtp')) ?? empty.smtpNetworks,
    apiNetworks: networks(of('ipAllowlist').find(({ key }) => key === 'api')) ?? empty.apiNetworks,
    senders: senders(of('allowedSenders')[0]) ?? empty.senders,
    recipients: recipients(of('allowedRecipients')[0]) ?? empty.recipients,
    domains: new Map([...lent, ...of('senderDomains')].map((one) => [one.key.toLowerCase(), domain(one)])),
    singleSenders: new Map(of('singleSenders').map((one) => [one.key.toLowerCase(), single(one)])),
    suppressions: suppressions(of('suppressions')),
    ...(typeof limit === 'number' ? { planSize: limit } : {}),
    facts: USUAL_FACTS,
  }
}

function byKey(logins: readonly Login[]): ReadonlyMap<string, Login> {
  return new Map(logins.map((one) => [one.name, one]))
}

const at = ({ source }: PolicyObject) => (source === undefined ? {} : { source })

function login(one: PolicyObject): Login {
  const { status, rateLimit, endpoints } = one.values
  const seconds = isRecord(rateLimit) ? parsePeriod(String(rateLimit['per'])) : undefined
  return {
    name: one.key,
    status: status === 'blocked' || status === 'sandbox' ? status : 'allowed',
    ...(isRecord(rateLimit) && seconds !== undefined
      ? { rate: { messages: Number(rateLimit['messages']), seconds } }
      : {}),
    ...(Array.isArray(endpoints) ? { endpoints: endpoints.map(String) } : {}),
    ...at(one),
  }
}

function networks(one: PolicyObject | undefined): NetworkList | undefined {
  if (one === undefined) return undefined
  const { enabled, entries } = one.values
  const list = (Array.isArray(entries) ? entries : []).filter(isRecord)
  return {
    isKnown: true,
    enabled: enabled === true,
    networks: list.flatMap(({ address }) => canonicalCidr(String(address)) ?? []),
    ...at(one),
  }
}

function entriesOf({ values: { entries } }: PolicyObject): ReadonlySet<string> {
  return new Set((Array.isArray(entries) ? entries : []).map((one) => String(one).toLowerCase()))
}

function senders(one: PolicyObject | undefined): Policy['senders'] | undefined {
  if (one === undefined) return undefined
  const { mode } = one.values
  return {
    isKnown: true,
    mode: mode === 'allow' || mode === 'block' ? mode : 'disabled',
    entries: entriesOf(one),
    ...at(one),
  }
}

function recipients(one: PolicyObject | undefined): Policy['recipients'] | undefined {
  if (one === undefined) return undefined
  return { isKnown: true, enabled: one.values['enabled'] === true, entries: entriesOf(one), ...at(one) }
}

function domain(one: PolicyObject): Verified {
  const { dkimVerified, returnPathVerified } = one.values
  const verified = dkimVerified === true && returnPathVerified === true ? 'yes' : one.isLive ? 'no' : 'assumed'
  return { verified, ...at(one) }
}

function single(one: PolicyObject): Verified {
  const verified = one.values['verified'] === true ? 'yes' : one.isLive ? 'no' : 'assumed'
  return { verified, ...at(one) }
}

function isLentTo({ values: { subaccountAccess } }: PolicyObject, name: string): boolean {
  if (!isRecord(subaccountAccess)) return false
  const { subaccounts } = subaccountAccess
  return Array.isArray(subaccounts) && subaccounts.includes(name)
}

function suppressions(all: readonly PolicyObject[]): ReadonlyMap<string, readonly Suppressed[]> {
  const found = new Map<string, Suppressed[]>()
  for (const one of all) {
    const { reason, timestamp } = one.values
    const since = typeof timestamp === 'string' ? Date.parse(`${timestamp.replace(' ', 'T')}Z`) : Number.NaN
    const made: Suppressed = {
      reason: typeof reason === 'string' ? reason : 'manual',
      ...(Number.isNaN(since) ? {} : { since }),
      ...at(one),
    }
    const address = one.key.toLowerCase()
    found.set(address, [...(found.get(address) ?? []), made])
  }
  return found
}
