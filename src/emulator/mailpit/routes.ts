import { type Context, Hono } from 'hono'
import { type InboxAccess, open, viewerOf } from '../inbox/access.ts'
import { delivered } from '../inbox/deliver.ts'
import { safeDocument } from '../inbox/document.ts'
import { type ParsedMail, parseMail } from '../inbox/parsed.ts'
import { isFound, readSearch } from '../inbox/search.ts'
import { isObject, type JsonObject, parseJson } from '../input/json.ts'
import type { Chaos } from '../mail/chaos.ts'
import type { BoxMessage } from '../world/mailbox.ts'
import { chaosDocument, setChaos } from './chaos.ts'
import { composed } from './send.ts'
import { listItem, messageSummary } from './shapes.ts'

/** Whose calls these are, so that a client sees what it knows. */
const VERSION = 'v1.30.5'
/** Calls of Mailpit that are not served. */
const NOT_SERVED = ['release', 'html-check', 'link-check', 'sa-check'] as const

/** Mailpit's API as far as tests use it: `/api/v1/*` and `/view/*`. Source: mailpit.axllent.org/docs/api-v1. */
export function mailpitRoutes(
  access: InboxAccess,
  { chaos, now, origin }: { readonly chaos: Chaos; readonly now: () => Date; readonly origin: (c: Context) => string },
): Hono {
  const app = new Hono()
  const newest = () => access.messages().toReversed()
  const named = (id: string) => (id === 'latest' ? newest()[0] : newest().find((one) => one.id === id))
  const found = (query: string) => {
    const terms = readSearch(query)
    return newest().filter((one) => isFound(terms, one))
  }

  app.get('/api/v1/info', (c) => {
    const all = access.messages()
    const tags: Record<string, number> = {}
    for (const tag of all.flatMap((one) => one.tags)) tags[tag] = (tags[tag] ?? 0) + 1
    return c.json({
      Version: VERSION,
      LatestVersion: VERSION,
      Database: 'the mailconfig emulator',
      DatabaseSize: all.reduce((sum, { size }) => sum + size, 0),
      Messages: all.length,
      Unread: all.filter(({ seen }) => !seen).length,
      Tags: tags,
      RuntimeStats: {
        Uptime: Math.round(process.uptime()),
        Memory: process.memoryUsage().rss,
        MessagesDeleted: 0,
        SMTPAccepted: all.filter(({ refused }) => refused === null).length,
        SMTPAcceptedSize: 0,
        SMTPRejected: all.filter(({ refused }) => refused !== null).length,
        SMTPIgnored: 0,
      },
    })
  })
  app.get('/api/v1/webui', (c) =>
    c.json({
      Label: 'mailconfig emulator',
      ChaosEnabled: true,
      DuplicatesIgnored: false,
      HideDeleteAllButton: false,
      SpamAssassin: false,
      MessageRelay: {
        Enabled: false,
        SMTPServer: '',
        ReturnPath: '',
        AllowedRecipients: '',
        BlockedRecipients: '',
        OverrideFrom: '',
        PreserveMessageIDs: false,
      },
    }),
  )
  app.get('/api/v1/messages', (c) => listing(c, newest()))
  app.get('/api/v1/search', (c) => listing(c, found(c.req.query('query') ?? '')))
  app.delete('/api/v1/search', (c) => {
    access.remove(found(c.req.query('query') ?? '').map(({ id }) => id))
    return c.text('ok')
  })
  app.put('/api/v1/messages', async (c) => {
    const body = await bodyOf(c)
    const search = typeof body['Search'] === 'string' ? body['Search'] : ''
    const ids = idsIn(body)
    const chosen = ids !== undefined ? ids : (search === '' ? newest() : found(search)).map(({ id }) => id)
    for (const id of chosen) access.change(id, { seen: body['Read'] === true })
    return c.text('ok')
  })
  app.delete('/api/v1/messages', async (c) => {
    access.remove(idsIn(await bodyOf(c)))
    return c.text('ok')
  })
  app.post('/api/v1/send', async (c) => {
    const body = await bodyOf(c)
    const mail = await composed(body, now())
    if (mail === undefined) return c.json({ Error: 'a sender and a recipient are needed' }, 400)
    const sent = access.send(mail.from, mail.to, mail.raw)
    if ('refused' in sent) return c.json({ Error: sent.refused }, 400)
    if (Array.isArray(body['Tags'])) access.change(sent.id, { tags: body['Tags'].map(String) })
    return c.json({ ID: sent.id })
  })

  app.get('/api/v1/tags', (c) => c.json([...new Set(access.messages().flatMap(({ tags }) => tags))].sort()))
  app.put('/api/v1/tags', async (c) => {
    const body = await bodyOf(c)
    const tags = Array.isArray(body['Tags']) ? body['Tags'].map(String) : []
    for (const id of idsIn(body) ?? []) access.change(id, { tags })
    return c.text('ok')
  })
  app.put('/api/v1/tags/:tag', async (c) => {
    const { Name: name } = await bodyOf(c)
    return retag(c, (tag) => (typeof name === 'string' && name !== '' ? [name] : [tag]))
  })
  app.delete('/api/v1/tags/:tag', (c) => retag(c, () => []))

  app.get('/api/v1/chaos', (c) => c.json(chaosDocument(chaos)))
  app.put('/api/v1/chaos', async (c) => {
    const wrong = setChaos(chaos, await bodyOf(c))
    return wrong === undefined ? c.json(chaosDocument(chaos)) : c.json({ Error: wrong }, 400)
  })

  app.get('/api/v1/message/:id', (c) =>
    withMessage(c, (message, mail) => {
      if (!message.seen) access.change(message.id, { seen: true })
      return c.json(messageSummary(message, mail, seenBy(message, mail, c)))
    }),
  )
  app.get('/api/v1/message/:id/headers', (c) =>
    withMessage(c, (_, { headers }) => {
      const all: Record<string, string[]> = {}
      for (const [name, value] of headers) all[name] = [...(all[name] ?? []), value]
      return c.json(all)
    }),
  )
  app.get('/api/v1/message/:id/raw', (c) =>
    withMessage(c, ({ raw }) =>
      c.body(Buffer.from(raw, 'latin1'), 200, { 'content-type': 'text/plain; charset=utf-8', ...QUIET }),
    ),
  )
  app.get('/api/v1/message/:id/part/:part', (c) =>
    withMessage(c, (_, { parts }) => {
      const part = parts[Number(c.req.param('part'))]
      if (part === undefined) return c.json({ Error: 'there is no such part' }, 404)
      return c.body(Buffer.from(part.bytes), 200, { 'content-type': part.type, ...QUIET })
    }),
  )
  app.get('/api/v1/message/:id/part/:part/thumb', (c) => notServed(c))
  for (const name of NOT_SERVED) app.all(`/api/v1/message/:id/${name}`, (c) => notServed(c))
  app.get('/view/:name{.+\\.html}', (c) =>
    withMessage(c, (message, mail) => {
      open(access, message, viewerOf(message))
      const { html, policy } = safeDocument(seenBy(message, mail, c).html, mail, false)
      return c.body(html, 200, {
        ...QUIET,
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': policy,
      })
    }),
  )
  app.get('/view/:name{.+\\.txt}', (c) => withMessage(c, (message, mail) => c.text(seenBy(message, mail, c).text)))
  return app

  function seenBy(message: BoxMessage, mail: ParsedMail, c: Context) {
    return delivered(message, mail, viewerOf(message), origin(c))
  }

  async function withMessage(
    c: Context,
    answer: (message: BoxMessage, mail: ParsedMail) => Response | Promise<Response>,
  ): Promise<Response> {
    const id = c.req.param('id') ?? (c.req.param('name') ?? '').replace(/\.(?:html|txt)$/, '')
    const message = named(id)
    if (message === undefined) return c.json({ Error: 'message not found' }, 404)
    return await answer(message, await parseMail(message.raw))
  }

  async function listing(c: Context, wanted: readonly BoxMessage[]): Promise<Response> {
    const all = access.messages()
    const number = (name: string, usual: number) => Math.max(0, Number(c.req.query(name) ?? usual) || 0)
    const [start, limit] = [number('start', 0), number('limit', 50)]
    const page = wanted.slice(start, start + limit)
    const unread = (some: readonly BoxMessage[]) => some.filter(({ seen }) => !seen).length
    return c.json({
      total: all.length,
      unread: unread(all),
      count: page.length,
      messages_count: wanted.length,
      messages_unread: unread(wanted),
      start,
      tags: [...new Set(all.flatMap(({ tags }) => tags))].sort(),
      messages: await Promise.all(page.map(async (one) => listItem(one, await parseMail(one.raw)))),
    })
  }

  function retag(c: Context, change: (tag: string) => readonly string[]): Response {
    const tag = c.req.param('tag') ?? ''
    for (const { id, tags } of access.messages())
      if (tags.includes(tag)) access.change(id, { tags: tags.flatMap((one) => (one === tag ? change(one) : [one])) })
    return c.text('ok')
  }
}

const QUIET = { 'x-content-type-options': 'nosniff', 'content-security-policy': "default-src 'none'; sandbox" }

function notServed(c: Context): Response {
  return c.json({ Error: 'the emulator does not serve this call of Mailpit' }, 501)
}

async function bodyOf(c: Context): Promise<JsonObject> {
  const body = parseJson(await c.req.text())
  return isObject(body) ? body : {}
}

function idsIn(body: JsonObject): string[] | undefined {
  const ids = body['IDs'] ?? body['ids']
  return Array.isArray(ids) && ids.length > 0 ? ids.map(String) : undefined
}
