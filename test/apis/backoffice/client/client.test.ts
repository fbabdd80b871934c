import { describe, expect, onTestFinished, test } from 'vitest'
import { type BackofficeOptions, backoffice } from '../../../../src/apis/backoffice/client/client.ts'
import { PROVIDERS } from '../../../../src/apis/backoffice/client/providers.ts'
import { Secret } from '../../../../src/model/secret.ts'
import { errorOf, fastClock, hangUp, json, type Reply, serve, silence, text } from '../../../http/server.ts'

const TOKEN = 'token-of-nobody'

async function open(replies: Reply[], options: Partial<BackofficeOptions> = {}) {
  const server = await serve(...replies)
  const client = backoffice({ url: server.url, token: TOKEN, clock: fastClock(), random: () => 0, ...options })
  onTestFinished(() => client.close())
  return { ...server, client }
}

const raw = (id: number, more: object = {}) => ({
  ...{
    id,
    caption: `p${id}`,
    driver: 'smtp',
    host: 'mx.example.com',
    port: 25,
    username: 'u',
    password: 'echoed-secret',
  },
  ...{ sendFrom: 'a@example.com', sendFromName: 'A', encryption: 'tls', isEnabled: true, createTime: 'now', ...more },
})
const provider = (id: number) => ({
  ...{ id: String(id), caption: `p${id}`, driver: 'smtp', host: 'mx.example.com', port: 25, username: 'u' },
  ...{ sendFrom: 'a@example.com', sendFromName: 'A', encryption: 'tls', isEnabled: true },
})
const input = {
  ...{ caption: 'c', host: 'mx.example.com', port: 587, username: 'u', password: new Secret('wire-only-secret') },
  ...({ sendFrom: 'a@example.com', sendFromName: 'A', encryption: 'tls', isEnabled: true } as const),
}

/** A list that honours limit and offset, with a maximum of its own. */
function listOf(count: number, most: number, wrap: (items: unknown[]) => unknown = (items) => items): Reply {
  const all = Array.from({ length: count }, (_, n) => raw(n + 1))
  return (response, request) => {
    const query = new URL(request.url, 'http://x').searchParams
    const offset = Number(query.get('offset'))
    json(200, wrap(all.slice(offset, offset + Math.min(most, Number(query.get('limit'))))))(response, request)
  }
}

describe('a call', () => {
  test('carries the bearer token, JSON and the language', async () => {
    const { client, seen } = await open([json(201, raw(7))])
    expect(await client.providers.create(input)).toEqual(provider(7))
    expect(seen[0]).toMatchObject({ method: 'POST', url: PROVIDERS })
    expect(seen[0]?.headers).toMatchObject({
      authorization: `Bearer ${TOKEN}`,
      accept: 'application/json',
      'content-type': 'application/json',
      'accept-language': 'en',
    })
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({
      ...input,
      driver: 'smtp',
      password: 'wire-only-secret',
      isEnabled: 1,
    })
  })

  test('changes only what is given, and deletes without a body', async () => {
    const { client, seen } = await open([json(200, { data: raw(7) }), text(204, 'text/plain', '')])
    expect(await client.providers.update(7, { isEnabled: false })).toEqual(provider(7))
    await client.providers.delete('7')
    expect(seen.map(({ method, url, body }) => [method, url, body])).toEqual([
      ['PATCH', `${PROVIDERS}/7`, '{"isEnabled":0}'],
      ['DELETE', `${PROVIDERS}/7`, ''],
    ])
  })

  test('that changes something may be answered without a body', async () => {
    const { client } = await open([text(200, 'application/json', ''), text(204, 'application/json', '')])
    expect(await client.providers.create(input)).toBeNull()
    expect(await client.providers.update(7, {})).toBeNull()
  })

  test.each([true, 1, '1', 'true'])('isEnabled %j is read as true', async (isEnabled) => {
    const { client } = await open([json(200, raw(7, { isEnabled, port: '25', encryption: 'TLS' }))])
    expect(await client.providers.get(7)).toEqual(provider(7))
  })

  test.each([
    ['isEnabled', { isEnabled: 2 }],
    ['port', { port: 'x' }],
    ['id', { id: null }],
    ['host', { host: null }],
  ])('a provider with a strange %s is an error', async (_name, more) => {
    const { client } = await open([json(200, raw(7, more))])
    expect(await errorOf(client.providers.get(7))).toMatchObject({ kind: 'shape' })
  })

  test('an id cannot leave its place in the path', async () => {
    const { client, seen } = await open([json(200, raw(7))])
    await client.providers.get('../x?y')
    expect(seen[0]?.url).toBe(`${PROVIDERS}/..%2Fx%3Fy`)
  })
})

describe('a list', () => {
  test.each([
    ['a bare array', (items: unknown[]) => items],
    ['data', (data: unknown[]) => ({ data })],
    ['data with items', (items: unknown[]) => ({ data: { items } })],
    ['items', (items: unknown[]) => ({ items })],
    ['data with a total', (data: unknown[]) => ({ data, total: 23 })],
  ])('in the shape of %s is read to the end, even if the server gives less than asked for', async (_name, wrap) => {
    const { client } = await open([listOf(23, 10, wrap)])
    const found = await client.providers.list()
    expect(found.map((one) => Number(one.id))).toEqual(Array.from({ length: 23 }, (_, n) => n + 1))
  })

  test('advances by what it got', async () => {
    const { client, seen } = await open([listOf(20, 10)])
    await client.providers.list({ limit: 50 })
    expect(seen.map((one) => one.url)).toEqual([0, 10, 20].map((offset) => `${PROVIDERS}?limit=50&offset=${offset}`))
  })

  test.each([
    ['null', null],
    ['an object', {}],
    ['a text', 'none'],
    ['data that is null', { data: null }],
    ['a list of texts', ['a']],
    ['an error with status 200', { message: 'no' }],
  ])('in the shape of %s is an error, never empty', async (_name, body) => {
    const { client } = await open([json(200, body)])
    expect(await errorOf(client.providers.list())).toMatchObject({ kind: 'shape' })
    expect(await errorOf(client.send({ method: 'GET', path: PROVIDERS, reads: true }))).toMatchObject({ kind: 'shape' })
  })

  test('without a body is an error, never empty', async () => {
    const { client } = await open([text(204, 'application/json', '')])
    expect(await errorOf(client.providers.list())).toMatchObject({ kind: 'shape' })
  })

  test('from a server that ignores the offset is an error', async () => {
    const { client, seen } = await open([json(200, [raw(1), raw(2)])])
    const error = await errorOf(client.providers.list({ limit: 2 }))
    expect(error.kind).toBe('shape')
    expect(error.message).toContain('offset')
    expect(seen).toHaveLength(2)
  })

  test('that ends before its total, or goes beyond it, is an error', async () => {
    const early = await open([listOf(3, 10, (data) => ({ data, total: 5 }))])
    expect((await errorOf(early.client.providers.list())).message).toContain('5')
    const late = await open([listOf(3, 10, (data) => ({ data, total: 2 }))])
    expect(await errorOf(late.client.providers.list())).toMatchObject({ kind: 'shape' })
  })

  test('without an end is given up', async () => {
    let id = 0
    const endless: Reply = (response, request) => json(200, [raw(++id)])(response, request)
    const { client, seen } = await open([endless])
    expect(await errorOf(client.providers.list({ mostPages: 5 }))).toMatchObject({ kind: 'shape' })
    expect(seen).toHaveLength(5)
  })

  test('one page that fails fails the whole', async () => {
    const { client } = await open([listOf(20, 10), json(500, {})])
    expect(await errorOf(client.providers.list())).toMatchObject({ kind: 'server' })
  })
})

describe('an error answer', () => {
  test.each([
    [400, 'refused'],
    [401, 'auth'],
    [403, 'permission'],
    [404, 'missing'],
    [409, 'refused'],
    [422, 'refused'],
    [429, 'rate'],
    [500, 'server'],
  ])('with status %i is of kind %s', async (status, kind) => {
    const { client } = await open([json(status, { message: 'no' })])
    const error = await errorOf(client.providers.update(7, {}))
    expect(error).toMatchObject({ kind, status, message: 'no', ambiguous: status === 500 })
    if (kind === 'auth') expect(error.hint).toContain('POST /api/v2/signin')
  })

  test.each([
    [{ message: 'no' }, 'no', undefined],
    [{ error: 'no' }, 'no', undefined],
    [{ error: { message: 'no' } }, 'no', undefined],
    [{ message: 'no', errors: { port: ['too big', 'odd'] } }, 'no; port: too big; port: odd', 'port'],
    [{ errors: ['a', 'b'] }, 'a; b', undefined],
    [{ errors: [{ field: 'host', message: 'bad' }] }, 'host: bad', 'host'],
    [{ error: { errors: { host: 'bad' } } }, 'host: bad', 'host'],
  ])('%j says %j', async (body, message, field) => {
    const { client } = await open([json(400, body)])
    expect(await errorOf(client.providers.create(input))).toMatchObject({ kind: 'refused', message, field })
  })

  test('a 404 of another web server does not say that the object is gone', async () => {
    const { client } = await open([text(404, 'text/html', '<h1>Not Found</h1>')])
    expect(await errorOf(client.providers.delete(7))).toMatchObject({ kind: 'shape' })
  })

  test('about a token that has run out says when', async () => {
    const claims = Buffer.from(JSON.stringify({ exp: Date.parse('2025-05-05T05:05:05Z') / 1000 })).toString('base64url')
    const { client } = await open([json(401, {})], { token: `eyJhbGciOiJub25l.${claims}.sig` })
    expect((await errorOf(client.providers.list())).hint).toContain('expired at 2025-05-05T05:05:05.000Z')
  })

  test('a create is never repeated', async () => {
    for (const fault of [hangUp, json(503, {}), json(500, {})]) {
      const { client, seen } = await open([fault])
      expect(await errorOf(client.providers.create(input))).toMatchObject({ ambiguous: true })
      expect(seen).toHaveLength(1)
    }
  })
})

describe('a status check', () => {
  test.each([
    ['204', text(204, 'text/plain', ''), { verdict: 'valid' }],
    ['a body that says anything', json(200, { ok: false }), { verdict: 'valid' }],
    ['422', json(422, { message: 'login failed' }), { verdict: 'invalid', message: 'login failed' }],
    ['400', json(400, { error: 'no route' }), { verdict: 'invalid', message: 'no route' }],
    ['502', json(502, { message: 'bad gateway' }), { verdict: 'unknown', message: 'bad gateway' }],
    ['a hang-up', hangUp, { verdict: 'unknown' }],
    ['a log-in page', text(200, 'text/html', '<html>'), { verdict: 'unknown' }],
  ])('answered with %s', async (_name, reply, verdict) => {
    const { client, seen } = await open([reply])
    expect(await client.providers.status(7)).toMatchObject(verdict)
    expect(seen.map((one) => [one.method, one.url])).toEqual([['GET', `${PROVIDERS}/7/status`]])
  })

  test.each([401, 403, 404, 429])('answered with %i is no verdict but an error', async (status) => {
    const { client } = await open([json(status, {})])
    await errorOf(client.providers.status(7))
  })
})

describe('a session', () => {
  const token = { token: 'access-secret', createdAt: 'a', expiresAt: 'b' }

  test('begins with tokens, and they do not print', async () => {
    const { client, seen } = await open([json(200, { '2faRequired': false, accessToken: token, refreshToken: token })])
    const signed = await client.signIn('a@example.com', new Secret('pass-secret'))
    expect(signed).toMatchObject({ done: true, accessToken: { expiresAt: 'b' } })
    expect(signed.done && signed.accessToken.token.reveal()).toBe('access-secret')
    expect(JSON.stringify(signed)).not.toContain('access-secret')
    expect(seen[0]).toMatchObject({ url: '/api/v2/signin', body: '{"email":"a@example.com","password":"pass-secret"}' })
    expect(seen[0]?.headers.authorization).toBeUndefined()
  })

  test('may need a code first', async () => {
    const details = { token: 'pending-secret', provider: 'email', expiresAt: 'c' }
    const { client, seen } = await open(
      [json(200, { '2faRequired': true, '2faDetails': details }), json(200, { accessToken: token })],
      {},
    )
    const first = await client.signIn('a@example.com', 'p')
    if (first.done) throw new Error('no code asked for')
    expect(first).toMatchObject({ provider: 'email', expiresAt: 'c' })
    expect(await client.confirm2fa(first.token, '123456')).toMatchObject({ done: true })
    expect(seen[1]).toMatchObject({ url: '/api/v2/2fa/confirm', body: '{"token":"pending-secret","code":"123456"}' })
  })

  test('is refreshed and ended', async () => {
    const { client, seen } = await open([json(200, { data: { accessToken: token } }), text(204, 'text/plain', '')])
    expect(await client.refresh(new Secret('old'))).toMatchObject({ done: true, refreshToken: undefined })
    await client.signOut()
    expect(seen.map((one) => one.url)).toEqual(['/api/v2/refresh', '/api/v2/signout'])
  })

  test('shows nothing of what it sent, the address included', async () => {
    const events: unknown[] = []
    const { client } = await open([json(422, { message: 'a@example.com with pass-secret' })], {
      onCall: (event) => events.push(event.body),
    })
    const error = await errorOf(client.signIn('a@example.com', 'pass-secret'))
    expect(error.message).toBe('(sensitive) with (sensitive)')
    expect(events).toEqual([{ email: '(sensitive)', password: '(sensitive)' }])
  })

  test('is never tried twice, since five tries a minute are allowed', async () => {
    for (const fault of [json(429, {}), json(503, {}), hangUp]) {
      const { client, seen } = await open([fault])
      await errorOf(client.signIn('a@example.com', 'p'))
      expect(seen).toHaveLength(1)
    }
  })

  test('without a token nothing else can be called, and a token must be one', async () => {
    const server = await serve(silence)
    const client = backoffice({ url: server.url })
    expect(await errorOf(client.providers.list())).toMatchObject({
      kind: 'auth',
      hint: expect.stringContaining('signin'),
    })
    expect(server.seen).toHaveLength(0)
    expect(() => backoffice({ url: server.url, token: 'a b' })).toThrow('token')
    expect(() => backoffice({ url: server.url, token: '' })).toThrow('token')
  })
})
