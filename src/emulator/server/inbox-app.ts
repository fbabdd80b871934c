import { randomUUID } from 'node:crypto'
import { type Context, Hono } from 'hono'
import type { InboxAccess } from '../inbox/access.ts'
import type { Mailbox } from '../world/mailbox.ts'
import { type Core, noteChange, surroundings } from './core.ts'

/** The inbox and what answers as Mailpit does; loaded when somebody asks for it first, for most emulators run without. */
export function inboxApp(core: Core): (c: Context) => Promise<Response> {
  let opened: Promise<Hono> | undefined
  return async (c) => {
    opened ??= openInbox(core)
    return (await opened).fetch(c.req.raw, c.env)
  }
}

async function openInbox(core: Core): Promise<Hono> {
  const [{ inboxRoutes }, { mailpitRoutes }, { createReader }] = await Promise.all([
    import('../inbox/routes.ts'),
    import('../mailpit/routes.ts'),
    import('../inbox/reader.ts'),
  ])
  const [access, reader] = [accessTo(core), createReader()]
  const app = new Hono()
  app.route('/', inboxRoutes(access, reader))
  app.route('/', mailpitRoutes(access, reader, core))
  app.notFound((c) => c.json({ error: `nothing is served at ${c.req.path}` }, 404))
  return app
}

/** The messages of the first service that has some. */
function accessTo(core: Core): InboxAccess {
  const run = randomUUID() // a page that is open while the emulator starts again has to notice
  // The world may have been replaced since the last call.
  const box = (): Mailbox | undefined => [...core.world.values()].flatMap(({ mailbox }) => mailbox ?? [])[0]
  const changed = <T>(result: T): T => {
    noteChange(core)
    return result
  }
  return {
    version: () => `${run} ${[...core.world.values()].reduce((sum, { kept }) => sum + kept.version, 0)}`,
    messages: () => box()?.messages(surroundings(core)) ?? [],
    find: (id) => box()?.find(surroundings(core), id),
    logins: () => box()?.logins(surroundings(core)) ?? [],
    change: (...given) => changed(box()?.change(surroundings(core), ...given) ?? false),
    remove: (ids) => changed(box()?.remove(surroundings(core), ids)),
    react: (...given) => changed(box()?.react(surroundings(core), ...given) ?? false),
    send: (...given) => changed(box()?.send(surroundings(core), ...given) ?? { refused: 'nothing here takes mail' }),
  }
}
