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

type Env = Readonly<Record<string, string | undefined>>

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
function checkSafe({ protocol, hostname, host }: URL): void {
  if (protocol === 'https:' || isLoopbackHost(hostname)) return
  throw wrongAddress(`http to ${host} would show the ledger and its password to everyone on the way; use https`)
}

/** A user or password as it was before it was written into a URL. */
function decodedUserinfo(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw wrongAddress('its user or password has a % that is not an escape; write it as %25')
  }
}

/** The address of the ledger is not one that can be used; it is not quoted, for it may hold a password. */
function wrongAddress(why: string): LedgerError {
  return new LedgerError('LEDGER_URL', `the address of the ledger cannot be used: ${why}`)
}

/** Takes the address of an object apart. Throws `LEDGER_URL`. */
export function s3AddressOf(text: string) {
  const found = /^s3:\/\/([^/?#]+)\/([^?#]+)(?:\?([^#]*))?$/i.exec(text)
  const [, bucket = '', key = '', query = ''] = found ?? []
  if (found === null) throw wrongAddress('it is not of the form s3://bucket/key?region=…')
  if (bucket.includes('@'))
    throw wrongAddress('keys do not belong in it; the AWS SDK takes them from its own environment')
  const options = new URLSearchParams(query)
  const strange = [...options.keys()].find((name) => !['region', 'endpoint', 'profile'].includes(name))
  if (strange !== undefined)
    throw wrongAddress(`it has an unknown option "${strange}"; known: region, endpoint, profile`)
  const [region, endpoint, profile] = ['region', 'endpoint', 'profile'].map((name) => options.get(name) ?? undefined)
  if (endpoint !== undefined) {
    if (!URL.canParse(endpoint)) throw wrongAddress('its endpoint is not a URL')
    checkSafe(new URL(endpoint))
  }
  return {
    where: `s3://${bucket}/${key}`,
    bucket,
    key,
    config: {
      ...(region !== undefined && { region }),
      ...(profile !== undefined && { profile }),
      // Others than AWS seldom have a name for each bucket, and know few of its newer checksums.
      ...(endpoint !== undefined && {
        endpoint,
        forcePathStyle: true,
        requestChecksumCalculation: 'WHEN_REQUIRED' as const,
        responseChecksumValidation: 'WHEN_REQUIRED' as const,
      }),
    },
  }
}

/** Takes the address apart: our own options, and what PostgreSQL's driver gets. */
export function postgresAddressOf(text: string, env: Env) {
  if (!URL.canParse(text)) throw wrongAddress('it is not a URL')
  const url = new URL(text)
  const schema = url.searchParams.get('schema') ?? undefined
  url.searchParams.delete('schema')
  const where = `${url.protocol}//${url.host}${url.pathname}${schema === undefined ? '' : `?schema=${schema}`}`
  if (url.searchParams.has('password')) throw wrongAddress('a password stands in its options; write it before the host')
  if (url.username === '') url.username = encodeURIComponent(env['MAILCONFIG_LEDGER_USERNAME'] ?? '')
  if (url.password === '') url.password = encodeURIComponent(env['MAILCONFIG_LEDGER_PASSWORD'] ?? '')
  const mode = url.searchParams.get('sslmode')
  const host = url.searchParams.get('host') ?? url.hostname
  const local = host === '' || host.startsWith('/') || host.toLowerCase().startsWith('%2f') || isLoopbackHost(host)
  // To another machine only with TLS, unless somebody asks for it without. The driver warns of the weaker words for it.
  if (mode === null ? !local : ['prefer', 'require', 'verify-ca'].includes(mode)) {
    url.searchParams.set('sslmode', 'verify-full')
  }
  return { where, connection: url.href, schema, password: decodedUserinfo(url.password) }
}
