import { Server } from 'node:http'
import { createServer as createTlsServer, Server as TlsServer } from 'node:https'
import { createAdaptorServer, type HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import type { Certificate } from './certificate.ts'
import { control } from './control.ts'
import type { Core } from './core.ts'
import type { ErrandRunner } from './errands.ts'
import { inboxApp } from './inbox-app.ts'
import { serveCall } from './serve-call.ts'

/** The hosts the emulator may listen on. */
export const loopback = ['127.0.0.1', '::1', 'localhost'] as const

/** How the port is served. */
interface Serving {
  readonly host: string
  readonly port: number
  /** Names under which others may call, beside those of loopback. */
  readonly allowHosts: readonly string[]
  readonly tls?: Certificate | undefined
}

/** Everything behind the port. */
function createApp(
  core: Core,
  errands: ErrandRunner,
  allowHosts: readonly string[] = [],
): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>()
  app.use(async (c, next) => {
    const origin = c.req.header('origin')
    const strange = [`http://${c.req.header('host') ?? ''}`, origin].find((one) => !isAllowed(one, allowHosts))
    if (strange !== undefined) return c.json({ error: `only for this machine, not for ${strange}` }, 403)
    if (origin === undefined) return next()
    if (c.req.method === 'OPTIONS') return c.body(null, 204, { ...crossOrigin(origin), ...preflight(core) })
    await next()
    for (const [name, value] of Object.entries(crossOrigin(origin))) c.res.headers.set(name, value)
  })
  const inbox = inboxApp(core)
  for (const path of ['/', '/__emulator/inbox/*', '/api/v1/*', '/view/*']) app.all(path, inbox)
  app.route('/__emulator', control(core, errands))
  for (const service of core.services) app.all(`${service.prefix}*`, (c) => serveCall(core, service, c))
  app.notFound((c) => c.json({ error: `nothing is served at ${c.req.path}` }, 404))
  return app
}

/** A page of another site that reaches this port under its own name is turned away, unless somebody allowed that name. */
function isAllowed(url: string | undefined, allowHosts: readonly string[]): boolean {
  if (url === undefined) return true
  if (!URL.canParse(url)) return false
  const { hostname } = new URL(url)
  return ['127.0.0.1', '[::1]', 'localhost'].includes(hostname) || allowHosts.includes(hostname.toLowerCase())
}

/** A page that may call at all may read the answers. */
function crossOrigin(origin: string): Readonly<Record<string, string>> {
  return { 'access-control-allow-origin': origin, vary: 'Origin' }
}

function preflight({ services }: Core): Readonly<Record<string, string>> {
  const headers = new Set(['authorization', 'content-type', ...services.map(({ header }) => header)])
  return {
    'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE',
    'access-control-allow-headers': [...headers].join(', '),
    'access-control-max-age': '600',
  }
}

/** Listens; answers the port. */
export async function listen(
  core: Core,
  errands: ErrandRunner,
  { host, port, allowHosts, tls }: Serving,
): Promise<{ server: Server | TlsServer; port: number }> {
  const app = createApp(core, errands, allowHosts)
  const secure = tls === undefined ? {} : { createServer: createTlsServer, serverOptions: tls }
  const server = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false, ...secure })
  if (!(server instanceof Server || server instanceof TlsServer)) throw new Error('the emulator needs a plain server')
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the emulator has no port')
  return { server, port: address.port }
}
