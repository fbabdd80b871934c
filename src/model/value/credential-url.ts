import { SENSITIVE } from '../secret.ts'

/** Names of query parameters whose values give access. */
const TELLING =
  /^(?:.*[_.-])?(?:token|key|apikey|secret|password|passwd|pwd|pass|sig|signature|auth|authorization|credential|code)$/i

/** A URL in which a password or a token stands: in front of the host, or as a parameter that is called so. References do not count. */
export function holdsCredential(url: string): boolean {
  return maskedUrl(url) !== url
}

/** A URL as anybody may see it: without the password in front of its host, and without parameters that give access. */
export function maskedUrl(url: string): string {
  const found = /^([a-z][a-z0-9+.-]*:\/\/)([^/?#]*)([^?#]*)(\?[^#]*)?(#.*)?$/is.exec(url)
  if (found === null) return url
  const [, scheme = '', authority = '', path = '', query = '', rest = ''] = found
  const at = authority.lastIndexOf('@')
  const login = at < 0 ? '' : authority.slice(0, at)
  const colon = login.indexOf(':')
  const shown =
    at < 0
      ? authority
      : `${colon < 0 ? login : `${login.slice(0, colon)}:${masked(login.slice(colon + 1))}`}@${authority.slice(at + 1)}`
  return `${scheme}${shown}${path}${query.replace(/([?&])([^=&]*)=([^&]*)/g, (whole, mark, name, value) => (TELLING.test(name) ? `${mark}${name}=${masked(value)}` : whole))}${rest}`
}

/** A value that is a reference is not there yet, and one that is masked already stays. */
function masked(value: string): string {
  return value === '' || value.includes('${') || value === SENSITIVE ? value : SENSITIVE
}
