import { Server } from 'node:http'
import { createAdaptorServer, type HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { serveCall } from './calls.ts'
import { control } from './control.ts'
import type { Core } from './core.ts'

/** The hosts the emulator may listen on. */
export const loopback = ['127.0.0.1', '::1', 'localhost'] as const

/** Everything behind the port. */
export function createApp(core: Core): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>()
  app.use(async (c, next) => {
    const strange = [`http://${c.req.header('host') ?? ''}`, c.req.header('origin')].find((one) => !isLoopback(one))
    if (strange === undefined) return next()
    return c.json({ error: `only for this machine, not for ${strange}` }, 403)
  })
  app.route('/__emulator', control(core))
  app.all('/v3/*', (c) => serveCall(core, c))
  app.all('/api/v2/*', (c) => serveCall(core, c))
  app.notFound((c) => c.json({ error: `nothing is served at ${c.req.path}` }, 404))
  return app
}

/** A page of another site that reaches this port under its own name is turned away. */
function isLoopback(url: string | undefined): boolean {
  if (url === undefined) return true
  if (!URL.canParse(url)) return false
  return ['127.0.0.1', '[::1]', 'localhost'].includes(new URL(url).hostname)
}

/** Listens; answers the port. */
export async function listen(core: Core, host: string, port: number): Promise<{ server: Server; port: number }> {
  const app = createApp(core)
  const server = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false })
  if (!(server instanceof Server)) throw new Error('the emulator needs a plain HTTP server')
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the emulator has no port')
  return { server, port: address.port }
}
