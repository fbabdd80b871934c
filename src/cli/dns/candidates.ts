import { senderDomain } from '../../apis/smtp2go/kinds/sender-domain.ts'
import { singleSender } from '../../apis/smtp2go/kinds/single-sender.ts'
import { formatScope, type Scope } from '../../model/address.ts'
import type { DesiredObject } from '../../model/desired/object.ts'
import type { Spec } from '../../model/desired/spec.ts'
import { isRecord } from '../../model/json.ts'
import type { Values } from '../../model/kind/field.ts'
import type { LiveObject } from '../../model/kind/live-object.ts'
import type { Change } from '../../model/run/change.ts'
import type { Live } from '../../model/run/live.ts'
import { domainOf, isVerified } from './domains.ts'

/** What signs in and sends, from every domain of its scope. */
const LOGINS = ['smtpUsers', 'apiKeys', 'ipAuth']

/** The senders of a spec about which DNS has to be asked. */
interface DnsCandidates {
  /** Declared single senders that are new, and in no verified sender domain. */
  readonly singles: readonly DesiredObject[]
  /** Sender domains of scopes that get something that sends. */
  readonly domains: readonly PlacedDomain[]
}

/** A live sender domain, and the scopes that may send from it. */
export interface PlacedDomain {
  readonly scope: Scope
  readonly object: LiveObject
}

/** Which senders a plan of this spec may add to, as far as it can be told before the plan. */
export function dnsCandidates(spec: Spec, active: ReadonlySet<string>, live: Live): DnsCandidates {
  const added = spec.objects.filter(
    (one) => one.state === 'present' && active.has(formatScope(one.scope)) && liveOf(one, live) === undefined,
  )
  const singles = added.filter(
    ({ kind, key, scope }) =>
      kind.name === singleSender.name &&
      !domainsFor(scope, live).some(({ object }) => object.key === domainOf(key) && isVerified(object.values)),
  )
  const getting = added.filter(({ kind }) => LOGINS.includes(kind.name))
  const from = new Set(spec.objects.flatMap((one) => sendFromOf(one) ?? []))
  const all = [...new Set(getting.map(({ scope }) => formatScope(scope)))].flatMap((name) => {
    const scope = getting.find((one) => formatScope(one.scope) === name)?.scope
    return scope === undefined ? [] : domainsFor(scope, live)
  })
  const named = spec.scopes.flatMap(({ scope }) => ownDomains(scope, live).filter(({ object }) => from.has(object.key)))
  return {
    singles,
    domains: [
      ...new Map([...all, ...named].map((one) => [`${formatScope(one.scope)} ${one.object.key}`, one])).values(),
    ],
  }
}

/** The domain from which a provider sends. */
function sendFromOf({ kind, values, state }: Pick<DesiredObject, 'kind' | 'values' | 'state'>): string | undefined {
  const address = kind.name === 'providers' && state === 'present' ? values['sendFrom'] : undefined
  return typeof address === 'string' ? domainOf(address) : undefined
}

function liveOf({ kind, scope, key }: DesiredObject, live: Live): LiveObject | undefined {
  const collection = live.get(formatScope(scope))?.collections.get(kind.name)
  return collection?.known === true ? collection.objects.find((one) => one.key === key && !one.dormant) : undefined
}

/** The sender domains of a scope, and those that its account lends to it. */
function domainsFor(scope: Scope, live: Live): PlacedDomain[] {
  if (scope.subaccount === null) return ownDomains(scope, live)
  const account = { ...scope, subaccount: null }
  return [...ownDomains(scope, live), ...ownDomains(account, live).filter(({ object }) => lends(object.values, scope))]
}

function ownDomains(scope: Scope, live: Live): PlacedDomain[] {
  const collection = live.get(formatScope(scope))?.collections.get(senderDomain.name)
  return collection?.known === true ? collection.objects.map((object) => ({ scope, object })) : []
}

function lends({ subaccountAccess }: Values, { subaccount }: Scope): boolean {
  if (!isRecord(subaccountAccess)) return false
  const { subaccounts, future } = subaccountAccess
  return future === true || (Array.isArray(subaccounts) && subaccounts.includes(subaccount))
}

/** True for a change that adds something which may send from a domain: a login of its scope, or a provider that names it. */
export function sendsFrom(
  change: Change,
  { scope, key, values }: { readonly scope: Scope; readonly key: string; readonly values: Values },
): boolean {
  if (change.action === 'create' && LOGINS.includes(change.kind.name)) {
    if (formatScope(change.scope) === formatScope(scope)) return true
    return change.scope.account === scope.account && scope.subaccount === null && lends(values, change.scope)
  }
  if (change.action !== 'create' && change.action !== 'update') return false
  const isNew = change.action === 'create' || change.fields.some(({ path }) => path === 'sendFrom')
  return isNew && sendFromOf(change.desired) === key
}
