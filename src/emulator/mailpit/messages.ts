import { type Context, Hono } from 'hono'
import type { BoxMessage } from '../world/mailbox.ts'
import { bodyOf, idsIn, type MailpitBox, plain, tagsOf } from './box.ts'
import { composed } from './send.ts'
import { listItem } from './shapes.ts'

/** Lists, searches, read marks, deletion, sending: `/api/v1/messages`, `/api/v1/search`, `/api/v1/send`. */
export function messagesRoutes(box: MailpitBox, now: () => Date): Hono {
  const { access } = box
  const app = new Hono().basePath('/api/v1')
  app.get('/messages', (c) => listing(c, box.taken()))
  app.get('/search', async (c) => listing(c, await box.found(c.req.query('query') ?? '', c.req.query('tz'))))
  app.delete('/search', async (c) => {
    access.remove((await box.found(c.req.query('query') ?? '', c.req.query('tz'))).map(({ id }) => id))
    return plain(c, 'ok')
  })
  app.put('/messages', async (c) => {
    const body = await bodyOf(c)
    const { Search: search, Read: read } = body
    const chosen = async () => (typeof search === 'string' ? await box.found(search, c.req.query('tz')) : box.taken())
    for (const id of idsIn(body) ?? (await chosen()).map((one) => one.id)) access.change(id, { seen: read === true })
    return plain(c, 'ok')
  })
  app.delete('/messages', async (c) => {
    access.remove(idsIn(await bodyOf(c)))
    return plain(c, 'ok')
  })
  app.post('/send', async (c) => {
    const body = await bodyOf(c)
    const mail = await composed(body, now())
    if (mail === undefined) return c.json({ Error: 'a sender and a recipient are needed' }, 400)
    const sent = access.send(mail.from, mail.to, mail.raw)
    if ('refused' in sent) return c.json({ Error: sent.refused }, 400)
    if (Array.isArray(body['Tags'])) access.change(sent.id, { tags: body['Tags'].map(String) })
    return c.json({ ID: sent.id })
  })
  return app

  async function listing(c: Context, wanted: readonly BoxMessage[]): Promise<Response> {
    const number = (name: string, usual: number) => Math.max(0, Math.trunc(Number(c.req.query(name) ?? usual)) || 0)
    const [start, limit] = [number('start', 0), number('limit', 50)]
    const page = wanted.slice(start, start + limit)
    const all = box.taken()
    return c.json({
      total: all.length,
      unread: all.filter(({ seen }) => !seen).length,
      count: page.length,
      messages_count: wanted.length,
      messages_unread: wanted.filter(({ seen }) => !seen).length,
      start,
      tags: tagsOf(all),
      messages: await Promise.all(
        page.map(async (one) => listItem(one, await box.reader.mail(one), await box.reader.digest(one))),
      ),
    })
  }
}
