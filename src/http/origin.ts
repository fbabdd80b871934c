import { isLoopbackHost } from '../model/value/loopback.ts'
import { ApiError } from '../model/wire.ts'

/** A base URL taken apart: where to connect, and what stands before every path. */
export type Base = { readonly origin: string; readonly host: string; readonly prefix: string }

/**
 * Checks where a credential is about to go: https anywhere, http on this machine alone, and no password in the URL.
 * Throws an `ApiError` of kind `network` before anything is sent.
 */
export function checkBase(account: string, baseUrl: string): Base {
  const refuse = (why: string) =>
    new ApiError(`nothing was sent: ${why}`, { kind: 'network', account, method: '', path: '' })
  if (!URL.canParse(baseUrl)) throw refuse('the URL of the API is not a URL')
  const url = new URL(baseUrl)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refuse(`${url.protocol}// is not https`)
  if (url.username !== '' || url.password !== '') throw refuse('the URL of the API must not contain a user or password')
  if (url.search !== '' || url.hash !== '') throw refuse('the URL of the API must not contain "?" or "#"')
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname)) {
    throw refuse(`http to ${url.host} would show the credential to everyone on the way; use https`)
  }
  return { origin: url.origin, host: url.host, prefix: url.pathname.replace(/\/+$/, '') }
}

/** Checks the URL of a proxy, which may hold a user and a password; throws as `checkBase` does. */
export function checkProxy(account: string, proxy: string | undefined): void {
  if (proxy === undefined || (URL.canParse(proxy) && /^https?:/.test(proxy))) return
  const message = 'nothing was sent: the URL of the proxy is not an http or https URL'
  throw new ApiError(message, { kind: 'network', account, method: '', path: '' })
}
