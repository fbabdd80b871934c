import { type Context, Hono } from 'hono'
import { isObject, parseJson } from '../input/json.ts'
import type { BoxMessage, Reaction } from '../world/mailbox.ts'
import { type InboxAccess, open, viewerOf } from './access.ts'
import { INBOX } from './assets.ts'
import { delivered } from './deliver.ts'
import { safeDocument } from './document.ts'
import { download, headersOf } from './headers.ts'
import { listed } from './listing.ts'
import type { MailReader } from './reader.ts'
import { opened } from './view.ts'

const REACTIONS: readonly Reaction[] = ['open', 'spam', 'unsubscribe', 'bounce']

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>Inbox of the emulator</title>
<link rel="stylesheet" href="/__emulator/inbox/style.css">
</head>
<body>
<noscript><p>The inbox needs JavaScript. The same messages are at /__emulator/messages.</p></noscript>
<script src="/__emulator/inbox/script.js"></script>
</body>
</html>
`
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** The page at `/`, and what it asks for under `/__emulator/inbox`. */
export function inboxRoutes(access: InboxAccess, reader: MailReader): Hono {
  const app = new Hono()
  app.get('/', (c) => c.body(PAGE, 200, headersOf('text/html; charset=utf-8', PAGE_POLICY)))
  const inbox = app.basePath('/__emulator/inbox')
  inbox.get('/script.js', (c) => c.body(INBOX.script, 200, headersOf('text/javascript; charset=utf-8')))
  inbox.get('/style.css', (c) => c.body(INBOX.style, 200, headersOf('text/css; charset=utf-8')))

  inbox.get('/messages', async (c) => {
    const { since, search = '', login, channel } = c.req.query()
    if (since === access.version()) return c.body(null, 204)
    return c.json(await listed(access, reader, { search, login, channel }))
  })
  inbox.delete('/messages', async (c) => {
    const body = parseJson(await c.req.text())
    access.remove(isObject(body) && Array.isArray(body['ids']) ? body['ids'].map(String) : undefined)
    return c.body(null, 204)
  })
  inbox.get('/messages/:id', (c) =>
    withMessage(c, async (message) =>
      c.json(await opened(reader, message, viewerOf(message, c.req.query('to')), originOf(c))),
    ),
  )
  inbox.get('/messages/:id/html', (c) =>
    withMessage(c, async (message) => {
      const mail = await reader.mail(message)
      const seen = delivered(message, mail, viewerOf(message, c.req.query('to')), originOf(c))
      const { html, policy } = safeDocument(seen.html, mail.parts, {
        withPictures: c.req.query('pictures') === '1',
        frame: { isDark: c.req.query('dark') === '1' },
      })
      return c.body(html, 200, headersOf('text/html; charset=utf-8', policy))
    }),
  )
  inbox.get('/messages/:id/raw', (c) =>
    withMessage(c, ({ id, raw }) => download(c, Buffer.from(raw, 'latin1'), `${id}.eml`, 'message/rfc822')),
  )
  inbox.get('/messages/:id/parts/:part', (c) =>
    withMessage(c, async (message) => {
      const part = (await reader.mail(message)).parts[Number(c.req.param('part'))]
      if (part === undefined) return c.json({ error: 'there is no such part' }, 404)
      return download(c, part.bytes, part.name, 'application/octet-stream') // a file is kept, and never shown
    }),
  )
  inbox.post('/messages/:id/open', (c) =>
    withMessage(c, (message) => {
      open(access, message, viewerOf(message, c.req.query('to')))
      return c.body(null, 204)
    }),
  )
  inbox.post('/messages/:id/unread', (c) =>
    withMessage(c, ({ id }) => {
      access.change(id, { seen: false })
      return c.body(null, 204)
    }),
  )
  inbox.post('/messages/:id/reactions', async (c) => {
    const body = parseJson(await c.req.text())
    const { recipient = '', reaction = '' } = isObject(body) ? body : {}
    const known = REACTIONS.find((one) => one === reaction)
    if (known === undefined) return c.json({ error: `a reaction is one of ${REACTIONS.join(', ')}` }, 400)
    const done = access.react(c.req.param('id'), String(recipient), known)
    return done ? c.body(null, 204) : c.json({ error: 'there is no such message for this recipient' }, 404)
  })

  // What the links in a delivered message lead to.
  inbox.get('/click/:id/:recipient', (c) => {
    const url = c.req.query('url') ?? ''
    if (!/^https?:\/\//i.test(url)) return c.json({ error: 'the link leads nowhere' }, 400)
    const done = access.react(c.req.param('id'), c.req.param('recipient'), 'click', url)
    return done ? c.redirect(url, 302) : c.json({ error: 'there is no such message for this recipient' }, 404)
  })
  inbox.get('/unsubscribe/:id/:recipient', (c) => {
    const recipient = c.req.param('recipient')
    const done = access.react(c.req.param('id'), recipient, 'unsubscribe')
    if (!done) return c.json({ error: 'there is no such message for this recipient' }, 404)
    return c.body(`${recipient} gets no more mail.\n`, 200, headersOf('text/plain; charset=utf-8'))
  })
  return app

  async function withMessage(
    c: Context,
    answer: (message: BoxMessage) => Response | Promise<Response>,
  ): Promise<Response> {
    const message = access.find(c.req.param('id') ?? '')
    return message === undefined ? c.json({ error: 'there is no such message' }, 404) : await answer(message)
  }
}

/** Where the page was called: links in a message lead there. */
function originOf(c: Context): string {
  return new URL(c.req.url).origin
}
