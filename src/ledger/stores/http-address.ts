import { isLoopbackHost } from '../../model/value/loopback.ts'
import { LedgerError } from './store.ts'

/** Where a ledger is reached over HTTP, and with which methods. */
export interface HttpAddress {
  /** For people: without user, password and query. */
  readonly where: string
  readonly address: URL
  readonly lockAddress: URL
  readonly unlockAddress: URL
  readonly updateMethod: string
  readonly lockMethod: string
  readonly unlockMethod: string
  readonly headers: Readonly<Record<string, string>>
  /** GitLab takes an UNLOCK without an ID for a forced one, so the ID is in the address as well. */
  readonly unlockById: boolean
}

const OPTIONS = ['lock_address', 'unlock_address', 'lock_method', 'unlock_method', 'update_method'] as const

/** Reads the address of a ledger; throws `LEDGER_URL` where credentials would be shown to others. */
export function httpAddressOf(text: string, env: Readonly<Record<string, string | undefined>>): HttpAddress {
  if (!URL.canParse(text)) throw wrongAddress('it is not a URL')
  const address = new URL(text)
  const user = env['MAILCONFIG_LEDGER_USERNAME'] ?? env['TF_HTTP_USERNAME'] ?? ''
  const password = env['MAILCONFIG_LEDGER_PASSWORD'] ?? env['TF_HTTP_PASSWORD'] ?? ''
  const fromUrl = address.username !== '' || address.password !== ''
  const credentials: [string, string] = fromUrl
    ? [decodedUserinfo(address.username), decodedUserinfo(address.password)]
    : [user, password]
  address.username = ''
  address.password = ''
  address.hash = ''
  const option = Object.fromEntries(OPTIONS.map((name) => [name, address.searchParams.get(name) ?? undefined]))
  for (const name of OPTIONS) address.searchParams.delete(name)
  checkSafe(address)

  const gitlab = /\/api\/v4\/projects\/[^/]+\/terraform\/state\/[^/]+$/.test(address.pathname)
  const lock = beside(option['lock_address'], address) ?? (gitlab ? lockOfGitLab(address) : address)
  return {
    where: `${address.origin}${address.pathname}`,
    address,
    lockAddress: lock,
    unlockAddress: beside(option['unlock_address'], address) ?? lock,
    updateMethod: option['update_method'] ?? 'POST',
    lockMethod: option['lock_method'] ?? (gitlab ? 'POST' : 'LOCK'),
    unlockMethod: option['unlock_method'] ?? (gitlab ? 'DELETE' : 'UNLOCK'),
    headers: credentials.every((part) => part === '')
      ? {}
      : { authorization: `Basic ${Buffer.from(credentials.join(':')).toString('base64')}` },
    unlockById: gitlab,
  }
}

function lockOfGitLab(address: URL): URL {
  const lock = new URL(address)
  lock.pathname += '/lock'
  return lock
}

/** An address that gets the same credentials, so it is on the same server. */
function beside(text: string | undefined, address: URL): URL | undefined {
  if (text === undefined) return undefined
  if (!URL.canParse(text, address.href)) throw wrongAddress('its lock_address or unlock_address is not a URL')
  const found = new URL(text, address)
  if (found.origin !== address.origin || found.username !== '' || found.password !== '')
    throw wrongAddress('its lock_address and unlock_address have to be on the same server, without user and password')
  return found
}

/** Throws `LEDGER_URL` for an address that a credential must not be sent to: https anywhere, http on this machine alone. */
export function checkSafe({ protocol, hostname, host }: URL): void {
  if (protocol === 'https:' || isLoopbackHost(hostname)) return
  throw wrongAddress(`http to ${host} would show the ledger and its password to everyone on the way; use https`)
}

/** A user or password as it was before it was written into a URL. */
export function decodedUserinfo(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw wrongAddress('its user or password has a % that is not an escape; write it as %25')
  }
}

/** The address of the ledger is not one that can be used; it is not quoted, for it may hold a password. */
export function wrongAddress(why: string): LedgerError {
  return new LedgerError('LEDGER_URL', `the address of the ledger cannot be used: ${why}`)
}
