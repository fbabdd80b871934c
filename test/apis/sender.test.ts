import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type AccountConnection, type SenderOptions, sender } from '../../src/apis/sender.ts'
import { Secret } from '../../src/model/secret.ts'
import { errorOf, fastClock, json, KEY, type Reply, serve, text } from '../http/server.ts'

async function open(replies: Reply[], options: SenderOptions = {}, more: AccountConnection[] = []) {
  const server = await serve(...replies)
  const accounts: AccountConnection[] = [
    { name: 'mail', api: 'smtp2go', url: `${server.url}/v3`, credential: new Secret(KEY) },
    { name: 'office', api: 'backoffice', url: server.url, credential: new Secret('token') },
    ...more,
  ]
  const made = sender(accounts, { clock: fastClock(), random: () => 0, ...options })
  onTestFinished(() => made.close())
  return { ...server, ...made }
}

const list = { method: 'GET', path: '/api/v2/mail/providers', query: { limit: 100, offset: 0 }, reads: true } as const
const item = { method: 'GET', path: '/api/v2/mail/providers/7', reads: true } as const

describe('the sender', () => {
  test('takes the data of SMTP2GO out of its envelope', async () => {
    const { send, seen } = await open([json(200, { request_id: 'r', data: { senders: [] } })])
    expect(await send('mail', { method: 'POST', path: '/single_sender_emails/view', body: {}, reads: true })).toEqual({
      senders: [],
    })
    expect(seen[0]?.headers['x-smtp2go-api-key']).toBe(KEY)
  })

  test.each([
    ['a bare array', [{ id: 1 }]],
    ['data', { data: [{ id: 1 }], total: 1 }],
    ['data with items', { data: { items: [{ id: 1 }] } }],
    ['items', { items: [{ id: 1, password: 'echoed' }] }],
  ])('makes an array of a Back Office list in the shape of %s', async (_name, body) => {
    const { send } = await open([json(200, body)])
    expect(await send('office', list)).toEqual([{ id: 1 }])
  })

  test('answers the object of the Back Office, and null where there is no body', async () => {
    const { send, seen } = await open([
      json(200, { data: { id: 7 } }),
      text(204, 'text/plain', ''),
      text(204, 'text/plain', ''),
    ])
    expect(await send('office', item)).toEqual({ id: 7 })
    expect(await send('office', { ...item, method: 'DELETE', reads: false })).toBeNull()
    expect(await send('office', { ...item, path: `${item.path}/status` })).toBeNull()
    expect(seen[0]?.headers.authorization).toBe('Bearer token')
  })

  test('an account that nobody knows is an error', async () => {
    const { send, seen } = await open([json(200, {})])
    expect(await errorOf(send('nobody', item))).toMatchObject({ kind: 'auth', account: 'nobody' })
    expect(seen).toHaveLength(0)
  })

  test('an account with a bad URL or key fails when it is used, and not before', async () => {
    const bad: AccountConnection[] = [
      { name: 'plain', api: 'backoffice', url: 'http://example.com', credential: new Secret('t') },
      { name: 'masked', api: 'smtp2go', url: 'https://api.smtp2go.com/v3', credential: new Secret('api-***') },
    ]
    const { send } = await open([json(200, { id: 7 })], {}, bad)
    expect(await send('office', item)).toEqual({ id: 7 })
    expect(await errorOf(send('plain', item))).toMatchObject({ kind: 'network', account: 'plain' })
    expect(await errorOf(send('masked', item))).toMatchObject({ kind: 'auth', account: 'masked' })
  })

  test('counts what goes on the wire and passes events on', async () => {
    const events: string[] = []
    const { send, stats } = await open([json(503, {}), json(429, {}), json(200, { id: 7 }), json(500, {})], {
      onCall: (event) => events.push(`${event.account} ${event.method} ${event.status}`),
    })
    await send('office', item)
    await errorOf(send('office', { ...item, method: 'PATCH', body: {}, reads: false }))
    expect(stats()).toEqual({ calls: 4, reads: 3, writes: 1, retries: 2, limited: 1, failures: 0 })
    expect(events).toEqual(['office GET 503', 'office GET 429', 'office GET 200', 'office PATCH 500'])
  })

  test('one account that is held back does not hold back the other', async () => {
    const real = { now: Date.now, sleep: (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms)) }
    const byAccount: Reply = (response, request) => {
      const reply = request.headers.authorization ? json(200, { id: 7 }) : json(429, {}, { 'retry-after': '1' })
      reply(response, request)
    }
    const { send, seen } = await open([byAccount], { clock: real })
    const stop = new AbortController()
    const held = errorOf(send('mail', { method: 'POST', path: '/webhook/view', reads: true }, stop.signal))
    await expect.poll(() => seen.length).toBe(1)
    const began = Date.now()
    expect(await send('office', item)).toEqual({ id: 7 })
    expect(Date.now() - began).toBeLessThan(500)
    stop.abort()
    expect((await held).kind).toBe('cancelled')
  })

  test('takes no call after it is closed', async () => {
    const { send, close, seen } = await open([json(200, { id: 7 })])
    await send('office', item)
    await close()
    expect(await errorOf(send('office', item))).toMatchObject({ kind: 'cancelled' })
    expect(seen).toHaveLength(1)
  })
})

test('undici is loaded by the first call and by one file only', () => {
  const root = new URL('../../src/http/', import.meta.url)
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
  const naming = files.filter((name) => readFileSync(new URL(name, root), 'utf8').includes("'undici'"))
  expect(naming.filter((name) => !name.endsWith('.d.ts'))).toEqual(['exchange.ts'])
  const lines = readFileSync(new URL('exchange.ts', root), 'utf8')
    .split('\n')
    .filter((line) => line.includes("'undici'"))
  expect(lines.every((line) => line.startsWith('import type') || line.includes("await import('undici')"))).toBe(true)
})
