import { isIP } from 'node:net'

type Env = Readonly<Record<string, string | undefined>>

/**
 * The proxy for a URL as the usual variables say, or undefined: `https_proxy` or `http_proxy` by its scheme, else `all_proxy`, in small
 * letters or large ones, and not for what `no_proxy` names. As with other tools, that is the place to name loopback.
 */
export function proxyFor(url: string, env: Env): string | undefined {
  if (!URL.canParse(url)) return undefined
  const { protocol, hostname, port } = new URL(url)
  if (isExempt(hostname, port, read(env, 'no_proxy') ?? '')) return undefined
  const found = read(env, protocol === 'https:' ? 'https_proxy' : 'http_proxy') ?? read(env, 'all_proxy')
  return found === undefined ? undefined : found.includes('://') ? found : `http://${found}`
}

function read(env: Env, name: string): string | undefined {
  const value = env[name] ?? env[name.toUpperCase()]
  return value === undefined || value.trim() === '' ? undefined : value.trim()
}

/** `*`, a host, a domain with or without a dot in front, each with or without a port. */
function isExempt(host: string, port: string, list: string): boolean {
  return list
    .split(/[\s,]+/)
    .filter((one) => one !== '')
    .some((one) => {
      if (one === '*') return true
      const [, name = '', only] = /^(.*?)(?::(\d+))?$/.exec(one.toLowerCase()) ?? []
      if (only !== undefined && only !== port && isIP(one) === 0) return false
      const domain = (isIP(one) === 6 ? `[${one}]` : name).replace(/^\*?\./, '')
      return host === domain || (isIP(host) === 0 && host.endsWith(`.${domain}`))
    })
}
