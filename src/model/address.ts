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

/** True if a glob (`*` for any text) matches a whole text. */
export function globMatches(glob: string, text: string): boolean {
  const pattern = glob.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*+/g, '.*')
  return new RegExp(`^${pattern}$`, 's').test(text)
}
