import type { LiveObject } from '../kind/live-object.ts'

/** The subaccount that a name means, wherever one is looked for: the open one; a closed one only where none is open. */
type InnerAccount =
  | { readonly found: LiveObject }
  | { readonly found: undefined; readonly among: readonly LiveObject[] }

/** Looks a subaccount up by its name. Names need not be unique, and a closed one stays listed for ever. */
export function innerAccount(parents: readonly LiveObject[], name: string | null | undefined): InnerAccount {
  const named = parents.filter(({ key }) => key === name)
  const open = named.filter(({ dormant }) => !dormant)
  const [first, second] = open.length > 0 ? open : named
  return first !== undefined && second === undefined
    ? { found: first }
    : { found: undefined, among: open.length > 0 ? open : named }
}

/** What a name means that several objects have, where nobody can tell which is meant. */
export function ambiguousName(name: string, among: readonly LiveObject[]): string {
  return `${among.length} subaccounts are called "${name}" (ids ${among.map(({ id }) => id).join(', ')})`
}
