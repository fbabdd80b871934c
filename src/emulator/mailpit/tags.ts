import { type Context, Hono } from 'hono'
import { bodyOf, idsIn, type MailpitBox, plain, tagsOf } from './box.ts'

/** `/api/v1/tags` */
export function tagsRoutes({ access, taken }: MailpitBox): Hono {
  const app = new Hono().basePath('/api/v1/tags')
  app.get('/', (c) => c.json(tagsOf(taken())))
  app.put('/', async (c) => {
    const body = await bodyOf(c)
    const tags = Array.isArray(body['Tags']) ? body['Tags'].map(String) : []
    for (const id of idsIn(body) ?? []) access.change(id, { tags: named(tags) })
    return plain(c, 'ok')
  })
  app.put('/:tag', async (c) => {
    const [name] = named([String((await bodyOf(c))['Name'] ?? '')])
    return name === undefined ? plain(c, 'a tag needs a name', 400) : retag(c, [name])
  })
  app.delete('/:tag', (c) => retag(c, []))
  return app

  function retag(c: Context, instead: readonly string[]): Response {
    const tag = c.req.param('tag') ?? ''
    for (const { id, tags } of access.messages())
      if (tags.includes(tag)) {
        const next = tags.flatMap((one) => (one === tag ? instead : [one]))
        access.change(id, { tags: [...new Set(next)] })
      }
    return plain(c, 'ok')
  }
}

/** Tags as Mailpit takes them: letters, digits, `-`, `.`, `_` and spaces; other characters are dropped. */
function named(tags: readonly string[]): string[] {
  const plainTags = tags.map((one) => one.replace(/[^\w. -]/g, '').trim())
  return [...new Set(plainTags.filter((one) => one !== ''))]
}
