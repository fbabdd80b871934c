import { type Context, Hono } from 'hono'
import { isObject, parseJson } from '../input/json.ts'
import type { BoxMessage, Reaction } from '../world/mailbox.ts'
import { type InboxAccess, messageOf, open, viewerOf } from './access.ts'
import { INBOX } from './assets.ts'
import { delivered } from './deliver.ts'
import { hasRemotePictures, safeDocument } from './document.ts'
import { parseMail } from './parsed.ts'
import { hasAttachment, isFound, readSearch } from './search.ts'

/** Messages in one list. */
const MOST = 500
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

/** The page at `/`. */
export function inboxPage(c: Context): Response {
  return c.body(PAGE, 200, headersOf('text/html; charset=utf-8', PAGE_POLICY))
}

/** What the page asks for, under `/__emulator/inbox`. */
export function inboxRoutes(access: InboxAccess, origin: (c: Context) => string): Hono {
  const app = new Hono()
  app.get('/script.js', (c) => c.body(INBOX.script, 200, headersOf('text/javascript; charset=utf-8')))
  app.get('/style.css', (c) => c.body(INBOX.style, 200, headersOf('text/css; charset=utf-8')))
  app.get('/messages', (c) => {
    const version = String(access.version())
    if (c.req.query('since') === version) return c.body(null, 204)
    const all = access.messages()
    const terms = readSearch(c.req.query('search') ?? '')
    const [login, channel] = [c.req.query('login'), c.req.query('channel')]
    const here = all.filter((one) => login === undefined || (one.login === login && one.channel === channel))
    const found = here.filter((one) => isFound(terms, one)).reverse()
    return c.json({ version, total: found.length, logins: loginsIn(all), messages: found.slice(0, MOST).map(summary) })
  })
  app.delete('/messages', async (c) => {
    const body = parseJson(await c.req.text())
    const ids = isObject(body) && Array.isArray(body['ids']) ? body['ids'].map(String) : undefined
    access.remove(ids)
    return c.body(null, 204)
  })
  app.get('/messages/:id', (c) =>
    withMessage(c, async (message) => {
      const mail = await parseMail(message.raw)
      const to = viewerOf(message, c.req.query('to'))
      const seen = delivered(message, mail, to, origin(c))
      return c.json({
        ...summary(message),
        envelopeFrom: message.envelopeFrom,
        refused: message.refused,
        events: message.events,
        calls: message.calls,
        tracked: {
          opens: message.tracked.opens,
          clicks: message.tracked.clicks,
          footer: message.tracked.footer !== null,
        },
        viewer: to,
        headers: mail.headers,
        text: seen.text,
        html: seen.html,
        hasRemotePictures: hasRemotePictures(seen.html),
        source: Buffer.from(message.raw, 'latin1').toString('utf8'),
        parts: mail.parts.map(({ name, type, bytes, isInline }) => ({ name, type, isInline, size: bytes.length })),
      })
    }),
  )
  app.get('/messages/:id/html', (c) =>
    withMessage(c, async (message) => {
      const mail = await parseMail(message.raw)
      const seen = delivered(message, mail, viewerOf(message, c.req.query('to')), origin(c))
      const { html, policy } = safeDocument(seen.html, mail, c.req.query('pictures') === '1')
      return c.body(html, 200, headersOf('text/html; charset=utf-8', policy))
    }),
  )
  app.get('/messages/:id/raw', (c) =>
    withMessage(c, ({ id, raw }) => download(c, Buffer.from(raw, 'latin1'), `${id}.eml`, 'message/rfc822')),
  )
  app.get('/messages/:id/parts/:part', (c) =>
    withMessage(c, async ({ raw }) => {
      const part = (await parseMail(raw)).parts[Number(c.req.param('part'))]
      if (part === undefined) return c.json({ error: 'there is no such part' }, 404)
      return download(c, part.bytes, part.name, 'application/octet-stream') // whatever it says that it is
    }),
  )
  app.post('/messages/:id/open', (c) =>
    withMessage(c, (message) => {
      open(access, message, viewerOf(message, c.req.query('to')))
      return c.body(null, 204)
    }),
  )
  app.post('/messages/:id/reactions', async (c) => {
    const body = parseJson(await c.req.text())
    const { recipient = '', reaction = '' } = isObject(body) ? body : {}
    const known = REACTIONS.find((one) => one === reaction)
    if (known === undefined) return c.json({ error: `a reaction is one of ${REACTIONS.join(', ')}` }, 400)
    const done = access.react(c.req.param('id'), String(recipient), known)
    return done ? c.body(null, 204) : c.json({ error: 'there is no such message for this recipient' }, 404)
  })
  app.get('/click/:id/:recipient', (c) => {
    const url = c.req.query('url') ?? ''
    if (!/^https?:\/\//i.test(url)) return c.json({ error: 'the link leads nowhere' }, 400)
    const done = access.react(c.req.param('id'), c.req.param('recipient'), 'click', url)
    return done ? c.redirect(url, 302) : c.json({ error: 'there is no such message' }, 404)
  })
  app.get('/unsubscribe/:id/:recipient', (c) => {
    const recipient = c.req.param('recipient')
    const done = access.react(c.req.param('id'), recipient, 'unsubscribe')
    return done ? c.text(`${recipient} gets no more mail.\n`) : c.json({ error: 'there is no such message' }, 404)
  })
  return app

  async function withMessage(
    c: Context,
    answer: (message: BoxMessage) => Response | Promise<Response>,
  ): Promise<Response> {
    const message = messageOf(access, c.req.param('id') ?? '')
    return message === undefined ? c.json({ error: 'there is no such message' }, 404) : await answer(message)
  }
}

function summary(message: BoxMessage) {
  const { id, time, account, channel, login, ip, from, envelopeFrom, subject, recipients, refused, size, seen, tags } =
    message
  return {
    id,
    time,
    account,
    channel,
    login,
    ip,
    from: from === '' ? envelopeFrom : from,
    subject,
    recipients,
    rule: refused?.rule ?? '',
    size,
    seen,
    tags,
    hasAttachment: hasAttachment(message),
    events: [...new Set(message.events.map(({ event }) => event))],
  }
}

/** A mailbox for each login: how it came, which one, how many messages and how many nobody has looked at. */
function loginsIn(all: readonly BoxMessage[]) {
  const found = new Map<string, { channel: string; login: string; count: number; unseen: number }>()
  for (const { channel, login, seen } of all) {
    const name = `${channel} ${login}`
    const one = found.get(name) ?? { channel, login, count: 0, unseen: 0 }
    found.set(name, { ...one, count: one.count + 1, unseen: one.unseen + (seen ? 0 : 1) })
  }
  return [...found.values()].sort((a, b) => (a.login < b.login ? -1 : 1))
}

function download(c: Context, bytes: Uint8Array, name: string, type: string): Response {
  const plain = name.replace(/[^\w. -]/g, '_')
  const header = `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name)}`
  return c.body(Buffer.from(bytes), 200, {
    ...headersOf(type, "default-src 'none'; sandbox"),
    'content-disposition': header,
  })
}

function headersOf(type: string, policy = "default-src 'none'"): Record<string, string> {
  return {
    'content-type': type,
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  }
}
