import { formatScope, type Scope } from '../../model/address.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import { canonicalKey } from '../../model/value/canonical.ts'
import { UNKNOWN, Unknown, type Value, type ValueMap } from '../protocol/plugin.ts'

/** How Terraform names an object: `main/Acme:billing-app` for what is in a subaccount. */
export function idText(kind: ResourceKind, key: string, scope: Scope): string {
  const name = kind.singleton === 'one' ? kind.resource : key
  return scope.subaccount === null ? name : `${formatScope(scope)}:${name}`
}

/** The key that a state or a plan holds, in its one form. */
export function keyOf(kind: ResourceKind, values: ValueMap): string {
  if (kind.singleton === 'one') return ''
  const text = String(values[kind.key] ?? '')
  const field = kind.fields[kind.key]
  return field === undefined ? text : canonicalKey(field, text)
}

/** The `id` that an object will have, as far as it is known already. */
export function plannedId(kind: ResourceKind, planned: ValueMap): Value {
  const [key, subaccount] = [planned[kind.key], planned['subaccount'] ?? null]
  if (key instanceof Unknown || subaccount instanceof Unknown) return UNKNOWN
  const scope = { account: kind.api.account, subaccount: typeof subaccount === 'string' ? subaccount : null }
  return idText(kind, keyOf(kind, planned), scope)
}

/** The parts of a name to import; a key may hold a colon itself (a URL), so only what looks like a scope is one. */
export function parseId(
  kind: ResourceKind,
  id: string,
): { readonly key: string; readonly subaccount: string | null } | undefined {
  const found = /^[A-Za-z0-9_.-]+(?:\/([^:]+))?:(?!\/\/)(.+)$/.exec(id)
  const [key, subaccount] = found === null ? [id, null] : [found[2] ?? '', found[1] ?? null]
  if (key === '' || (subaccount !== null && kind.scope !== 'subaccount')) return undefined
  if (Array.isArray(kind.singleton) && !kind.singleton.includes(key)) return undefined
  return { key: kind.singleton === 'one' ? '' : key, subaccount }
}
