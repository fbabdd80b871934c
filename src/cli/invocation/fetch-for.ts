import { proxyFor } from '../../http/proxy.ts'
import type { Io } from './io.ts'

/** A `fetch` through the proxy that the environment names for a URL; undefined where it names none, and the usual one will do. */
export async function fetchFor(url: string, env: Io['env']): Promise<typeof fetch | undefined> {
  const proxy = proxyFor(url, env)
  return proxy === undefined ? undefined : await (await import('../../http/exchange.ts')).proxyFetch(proxy)
}
