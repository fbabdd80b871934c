import { formatScope, type Scope } from '../../model/address.ts'
import type { DesiredObject } from '../../model/desired/object.ts'
import type { Spec } from '../../model/desired/spec.ts'
import { isRecord } from '../../model/json.ts'

/** Who may send in one scope, as the spec has it. */
export interface Senders {
  readonly scope: Scope
  /** Its own sender domains, and those that its account lends to it. */
  readonly domains: ReadonlyMap<string, DesiredObject>
  readonly singles: ReadonlyMap<string, DesiredObject>
  /** The list that decides instead of both. */
  readonly list?: { readonly mode: 'allow' | 'block'; readonly entries: ReadonlySet<string> }
  /** The spec says something about senders here; else they are nobody's business. */
  readonly isDeclared: boolean
  /** A sender stands for a value that was not looked up, so that it is unknown what it covers. */
  readonly isOpen: boolean
}

/** Who may send in each scope of a spec, by its name. */
export function sendersOf(spec: Pick<Spec, 'scopes' | 'objects'>): ReadonlyMap<string, Senders> {
  const byScope = new Map<string, DesiredObject[]>()
  for (const object of spec.objects) {
    if (object.state === 'absent' || !SENDER_KINDS.has(object.kind.name)) continue
    const name = formatScope(object.scope)
    const known = byScope.get(name)
    if (known === undefined) byScope.set(name, [object])
    else known.push(object)
  }
  return new Map(
    spec.scopes.map(({ scope, sections }) => {
      const own = byScope.get(formatScope(scope)) ?? []
      const lent = (byScope.get(scope.account) ?? []).filter((one) => lends(one, scope))
      return [formatScope(scope), sendersIn(scope, [...own, ...lent], sections)] as const
    }),
  )
}

const SENDER_KINDS = new Set(['senderDomains', 'singleSenders', 'allowedSenders'])

/** True for a sender domain of an account that this subaccount may use. */
function lends({ kind, values }: DesiredObject, { subaccount }: Scope): boolean {
  const access = values['subaccountAccess']
  if (subaccount === null || kind.name !== 'senderDomains' || !isRecord(access)) return false
  const { subaccounts, future } = access
  return future === true || (Array.isArray(subaccounts) && subaccounts.includes(subaccount))
}

function sendersIn(scope: Scope, objects: readonly DesiredObject[], sections: ReadonlyMap<string, unknown>): Senders {
  const named = (kind: string, field: string) =>
    objects.flatMap((one): [unknown, DesiredObject][] => (one.kind.name === kind ? [[one.values[field], one]] : []))
  const [domains, singles] = [named('senderDomains', 'domain'), named('singleSenders', 'email')]
  const list = listOf(objects.find(({ kind }) => kind.name === 'allowedSenders'))
  const isText = (pair: [unknown, DesiredObject]): pair is [string, DesiredObject] => typeof pair[0] === 'string'
  return {
    scope,
    domains: new Map(domains.filter(isText)),
    singles: new Map(singles.filter(isText)),
    ...(list === undefined ? {} : { list }),
    isDeclared:
      domains.length > 0 || sections.has('senderDomains') || sections.has('singleSenders') || list !== undefined,
    isOpen: ![...domains, ...singles].every(isText),
  }
}

function listOf(object: DesiredObject | undefined): Senders['list'] {
  const { mode, entries } = object?.values ?? {}
  if ((mode !== 'allow' && mode !== 'block') || !Array.isArray(entries)) return undefined
  return { mode, entries: new Set(entries.map(String)) }
}

/** The domain of an address. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1)
}

/** True if mail from an address is taken in a scope. */
export function maySend({ domains, singles, list, isOpen }: Senders, address: string): boolean {
  if (list === undefined) return isOpen || domains.has(domainOf(address)) || singles.has(address)
  const isListed = list.entries.has(address) || list.entries.has(domainOf(address))
  return (list.mode === 'allow') === isListed
}

/** True if an address belongs to the people of a scope: one of its domains, or below it, or one of its senders. */
export function isOurs({ domains, singles, list, isOpen }: Senders, address: string): boolean {
  const labels = domainOf(address).split('.')
  const above = labels.map((_, at) => labels.slice(at).join('.'))
  const allowed = list?.mode === 'allow' ? list.entries : new Set<string>()
  return (
    isOpen ||
    singles.has(address) ||
    allowed.has(address) ||
    above.some((domain) => domains.has(domain) || allowed.has(domain))
  )
}
