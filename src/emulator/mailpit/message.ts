import { type Context, Hono } from 'hono'
import { open, viewerOf } from '../inbox/access.ts'
import { delivered } from '../inbox/deliver.ts'
import { safeDocument } from '../inbox/document.ts'
import { headersOf } from '../inbox/headers.ts'
import type { ParsedMail } from '../inbox/parsed.ts'
import type { BoxMessage } from '../world/mailbox.ts'
import { type MailpitBox, plain } from './box.ts'
import { messageSummary } from './shapes.ts'

/** Calls about one message that are not served. */
const NOT_SERVED = ['release', 'html-check', 'link-check', 'sa-check', 'part/:part/thumb'] as const
/** What comes out of a message is shown with what it says that it is, and can do nothing. */
const POWERLESS = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"

/** One message: `/api/v1/message/{id}` and what is under it, `/view/{id}.html` and `.txt`; `latest` is the last one that was taken. */
export function messageRoutes(box: MailpitBox): Hono {
  const { access } = box
  const app = new Hono()
  const message = app.basePath('/api/v1/message/:id')
  message.get('/', (c) =>
    withMessage(c, c.req.param('id'), (found, mail) => {
      if (!found.seen) access.change(found.id, { seen: true })
      return c.json(messageSummary(found, mail, asDelivered(c, found, mail)))
    }),
  )
  message.get('/headers', (c) =>
    withMessage(c, c.req.param('id'), (_, { headers }) => {
      const all = new Map<string, string[]>()
      for (const [name, value] of headers) all.set(name, [...(all.get(name) ?? []), value])
      return c.json(Object.fromEntries([...all].sort(([a], [b]) => (a < b ? -1 : 1))))
    }),
  )
  message.get('/raw', (c) =>
    withMessage(c, c.req.param('id'), ({ raw }) =>
      c.body(new Uint8Array(Buffer.from(raw, 'latin1')), 200, headersOf('text/plain; charset=utf-8')),
    ),
  )
  message.get('/part/:part', (c) =>
    withMessage(c, c.req.param('id'), (_, { parts }) => {
      const part = parts[Number(c.req.param('part'))]
      if (part === undefined) return plain(c, 'there is no such part', 404)
      const type = /^[\w.+-]+\/[\w.+-]+$/.test(part.type) ? part.type : 'application/octet-stream'
      return c.body(new Uint8Array(part.bytes), 200, headersOf(type, POWERLESS))
    }),
  )
  for (const name of NOT_SERVED)
    message.all(`/${name}`, (c) => plain(c, 'the emulator does not serve this call of Mailpit', 501))
  app.get('/view/:name{.+\\.html}', (c) =>
    withMessage(c, c.req.param('name').slice(0, -'.html'.length), (found, mail) => {
      const shown = asDelivered(c, found, mail)
      if (shown.html === '') return plain(c, 'this message has no HTML', 404)
      open(access, found, viewerOf(found))
      const isFramed = c.req.query('embed') === '1'
      const { html, policy } = safeDocument(shown.html, mail.parts, {
        withPictures: false,
        ...(isFramed ? { frame: { isDark: false } } : {}),
      })
      return c.body(html, 200, headersOf('text/html; charset=utf-8', policy))
    }),
  )
  app.get('/view/:name{.+\\.txt}', (c) =>
    withMessage(c, c.req.param('name').slice(0, -'.txt'.length), (found, mail) => {
      open(access, found, viewerOf(found))
      return plain(c, asDelivered(c, found, mail).text)
    }),
  )
  return app

  async function withMessage(
    c: Context,
    id: string,
    answer: (message: BoxMessage, mail: ParsedMail) => Response | Promise<Response>,
  ): Promise<Response> {
    const found = box.named(id)
    return found === undefined
      ? plain(c, 'there is no such message', 404)
      : await answer(found, await box.reader.mail(found))
  }
}

function asDelivered(c: Context, message: BoxMessage, mail: ParsedMail) {
  return delivered(message, mail, viewerOf(message), new URL(c.req.url).origin)
}
