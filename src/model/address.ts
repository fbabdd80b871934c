/** An account, or one subaccount of it: what one document of a spec describes. */
export interface Scope {
  readonly account: string
  readonly subaccount: string | null
}

/** The scope as people write it: `main` or `main/Acme`. */
export function formatScope({ account, subaccount }: Scope): string {
  return subaccount === null ? account : `${account}/${subaccount}`
}

/** An address inside its scope: `smtpUsers/billing-app`, or the kind alone for a singleton. */
export function formatAddress(kind: string, key: string): string {
  return key === '' ? kind : `${kind}/${key}`
}

/** An address with its scope in front: `main/Acme:smtpUsers/billing-app`. */
export function qualify(scope: Scope, address: string): string {
  return `${formatScope(scope)}:${address}`
}

/** True if a glob (`*` for any text) matches a whole text. Takes no longer than both are long: what stands between two stars is looked for once. */
export function globMatches(glob: string, text: string): boolean {
  if (glob === text) return true
  const [first = '', ...rest] = glob.split('*')
  const last = rest.pop()
  if (last === undefined || text.length < first.length + last.length) return false
  if (!text.startsWith(first) || !text.endsWith(last)) return false
  let at = first.length
  const end = text.length - last.length
  for (const part of rest) {
    const found = text.indexOf(part, at)
    if (found < 0 || found + part.length > end) return false
    at = found + part.length
  }
  return true
}
