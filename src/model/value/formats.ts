import { domainToASCII } from 'node:url'
import { oddities } from '../text/visible.ts'

const LABELS = /^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/
const LOCAL = /^[^\s@"(),:;<>[\\\]]{1,64}$/

/** A domain in lower case and ASCII form (IDN as punycode), or undefined if it is none; an IP address is none. */
export function canonicalDomain(text: string): string | undefined {
  const plain = text.trim().replace(/\.$/, '')
  if (!/^[\p{L}\p{M}\p{N}._-]+$/u.test(plain)) return undefined // whatever follows `#`, `?` or `:` would be cut off silently
  const ascii = domainToASCII(plain).toLowerCase()
  return LABELS.test(ascii) && !/(?:^|\.)\d+$/.test(ascii) ? ascii : undefined
}

/** An e-mail address in lower case with its domain in ASCII form, or undefined if it is none. */
export function canonicalEmail(text: string): string | undefined {
  const at = text.lastIndexOf('@')
  if (at < 1 || oddities(text) !== undefined || text.startsWith('*@')) return undefined
  const domain = canonicalDomain(text.slice(at + 1))
  const local = text.slice(0, at).trimStart()
  return domain !== undefined && LOCAL.test(local) ? `${local.toLowerCase()}@${domain}` : undefined
}

/** True for an http or https URL; `userinfo` is the API's own way to write basic auth. */
function isUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname } = new URL(text)
  return (protocol === 'https:' || protocol === 'http:') && hostname !== ''
}

/** A URL in the form in which two are compared: scheme and host in lower case and ASCII, no default port, and a path of at least "/"; all that follows stays as it is. */
export function canonicalUrl(text: string): string | undefined {
  const plain = text.trim()
  const found = /^([a-z][a-z0-9+.-]*):\/\/([^/?#\\]*)(.*)$/is.exec(plain)
  if (found === null || !isUrl(plain) || oddities(plain) !== undefined || /\s/.test(plain)) return undefined
  const [, scheme = '', authority = '', rest = ''] = found
  const login = authority.slice(0, authority.lastIndexOf('@') + 1)
  const way = rest.startsWith('/') ? rest : `/${rest}`
  return `${scheme.toLowerCase()}://${login}${new URL(plain).host}${way}`
}
