import { Hono } from 'hono'
import type { InboxAccess } from '../inbox/access.ts'
import type { MailReader } from '../inbox/reader.ts'
import type { Chaos } from '../mail/chaos.ts'
import { mailpitBox } from './box.ts'
import { messageRoutes } from './message.ts'
import { messagesRoutes } from './messages.ts'
import { serverRoutes } from './server-calls.ts'
import { tagsRoutes } from './tags.ts'

/** Mailpit's API as far as tests use it: `/api/v1/*` and `/view/*`. Source: the OpenAPI description of Mailpit 1.30. */
export function mailpitRoutes(
  access: InboxAccess,
  reader: MailReader,
  { chaos, now }: { readonly chaos: Chaos; readonly now: () => Date },
): Hono {
  const box = mailpitBox(access, reader)
  const app = new Hono()
  app.route('/', messagesRoutes(box, now))
  app.route('/', messageRoutes(box))
  app.route('/', tagsRoutes(box))
  app.route('/', serverRoutes(box, chaos))
  return app
}
