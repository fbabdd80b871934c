import { createServer } from 'node:http'
import { type AddressInfo, connect as connectTcp, createServer as createTcpServer } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type CallEvent, type ConnectOptions, connect } from '../../src/http/connection.ts'
import { limiter } from '../../src/http/pace/limiter.ts'
import { retryAfter } from '../../src/http/retry.ts'
import { Secret } from '../../src/model/secret.ts'
import { isLoopbackHost } from '../../src/model/value/loopback.ts'
import type { WireRequest } from '../../src/model/wire.ts'
import { breakOff, errorOf, fastClock, hangUp, json, type Reply, serve, silence } from './server.ts'

const READ: WireRequest = { method: 'POST', path: '/things/view', body: { a: 1 }, reads: true }
const WRITE: WireRequest = { method: 'POST', path: '/things/add', body: { name: 'n' }, reads: false }
const OK = json(200, { data: {} })

async function open(replies: Reply[], options: Partial<ConnectOptions> = {}) {
  const server = await serve(...replies)
  const clock = fastClock()
  const events: CallEvent[] = []
  const connection = connect({
    account: 'acme',
    baseUrl: `${server.url}/v3/`,
    headers: () => ({ 'x-key': 'k' }),
    credentials: () => [new Secret('k')],
    limiter: limiter({ clock }),
    onCall: (event) => events.push(event),
    random: () => 0.5,
    clock,
    ...options,
  })
  onTestFinished(() => connection.close())
  return { ...server, connection, clock, events }
}

describe('a call', () => {
  test('carries path, query, headers and body, and brings status, headers and text', async () => {
    const { connection, seen } = await open([json(418, { a: 'ö' }, { 'X-Two': 'b' })])
    const answer = await connection.request({ ...READ, query: { limit: 2, 'a b': 'c&d' } })
    expect(answer).toMatchObject({ status: 418, text: '{"a":"ö"}', headers: { 'x-two': 'b' } })
    expect(seen).toMatchObject([
      {
        method: 'POST',
        url: '/v3/things/view?limit=2&a+b=c%26d',
        body: '{"a":1}',
        headers: {
          'x-key': 'k',
          accept: 'application/json',
          'content-type': 'application/json',
          'user-agent': 'mailconfig',
        },
      },
    ])
  })

  test('a call without a body announces none', async () => {
    const { connection, seen } = await open([OK])
    await connection.request({ method: 'DELETE', path: '/things/7', reads: false })
    expect(seen[0]?.headers['content-type']).toBeUndefined()
    expect(seen[0]?.method).toBe('DELETE')
  })

  test('many calls share a few kept-alive connections', async () => {
    const { connection, connections, seen } = await open([OK])
    await Promise.all(Array.from({ length: 40 }, () => connection.request(READ)))
    expect(seen).toHaveLength(40)
    expect(connections()).toBeLessThanOrEqual(8)
    expect(connections()).toBeGreaterThan(1)
  })
})

describe('where a credential may go', () => {
  const options = { account: 'a', headers: () => ({}), credentials: () => [], limiter: limiter() }

  test.each([
    'http://api.smtp2go.com/v3',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'http://0.0.0.0',
    'ftp://localhost',
    'https://user:pass@example.com',
    'https://example.com/?a=b',
    'example.com',
    '',
  ])('%j is refused before anything is sent, and a password in it is not repeated', (baseUrl) => {
    expect(() => connect({ ...options, baseUrl })).toThrow(/^nothing was sent: (?!.*pass@)/)
  })

  test('https goes anywhere, http stays on this machine', () => {
    expect(connect({ ...options, baseUrl: 'https://api.smtp2go.com/v3' }).host).toBe('api.smtp2go.com')
    expect(['localhost', '[::1]', '127.0.0.1', '127.9.8.7'].map(isLoopbackHost)).toEqual([true, true, true, true])
  })

  test.each([301, 302, 303, 307, 308])(
    'a redirect with %i is an error that names the other origin, and is not followed',
    async (status) => {
      const other = await serve(OK)
      const away: Reply = (response) => response.writeHead(status, { location: `${other.url}/path?key=k` }).end()
      const { connection, seen } = await open([away])
      const error = await errorOf(connection.request(READ))
      expect(error).toMatchObject({ kind: 'shape', status, account: 'acme', path: '/things/view', ambiguous: false })
      expect(error.message).toContain(other.url)
      expect(error.message).not.toContain('key=')
      expect([seen.length, other.seen.length]).toEqual([1, 0])
    },
  )

  test('calls go through a proxy if there is one', async () => {
    const asked: string[] = []
    const proxy = createServer().on('connect', (request, socket) => {
      asked.push(request.url ?? '')
      const [host = '', port] = (request.url ?? '').split(':')
      const target = connectTcp(Number(port), host, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        socket.pipe(target).pipe(socket)
      })
      target.on('error', () => socket.destroy())
      socket.on('error', () => target.destroy())
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void proxy.close())
    const { port } = proxy.address() as AddressInfo
    const { connection, url } = await open([OK], { proxy: `http://127.0.0.1:${port}` })
    expect((await connection.request(READ)).status).toBe(200)
    expect(asked).toEqual([url.replace('http://', '')])
    await expect(open([OK], { proxy: 'nonsense' })).rejects.toThrow('proxy')
  })
})

describe('a reading call', () => {
  test.each([
    ['a hang-up', hangUp],
    ['a truncated body', breakOff],
    ['502', json(502, {})],
    ['503', json(503, {})],
    ['504', json(504, {})],
    ['429', json(429, {})],
  ])('is repeated after %s, with growing waits', async (_name, fault) => {
    const { connection, seen, clock, events } = await open([fault, fault, fault, OK])
    expect((await connection.request(READ)).status).toBe(200)
    expect(seen).toHaveLength(4)
    expect(events.map((event) => event.attempt)).toEqual([1, 2, 3, 4])
    const [first = 0, second = 0, third = 0] = events.map((event) => event.waitMs ?? 0)
    expect(first).toBeGreaterThan(0)
    expect(second).toBeGreaterThan(first)
    expect(third).toBeGreaterThan(second)
    expect(clock.slept.length).toBeGreaterThanOrEqual(3)
  })

  test('is given up after four tries', async () => {
    const { connection, seen } = await open([hangUp])
    expect(await errorOf(connection.request(READ))).toMatchObject({ kind: 'network', ambiguous: false })
    expect(seen).toHaveLength(4)
    const limited = await open([json(429, {})])
    expect((await limited.connection.request(READ)).status).toBe(429)
    expect(limited.seen).toHaveLength(4)
  })

  test.each([400, 401, 404, 500, 501])('is not repeated after %i', async (status) => {
    const { connection, seen } = await open([json(status, {}), OK])
    expect((await connection.request(READ)).status).toBe(status)
    expect(seen).toHaveLength(1)
  })

  test('that gets no answer in time is a network error', async () => {
    const { connection, seen } = await open([silence], { timeoutMs: 40 })
    const error = await errorOf(connection.request(READ))
    expect(error).toMatchObject({ kind: 'network', ambiguous: false })
    expect(error.message).toMatch(/no answer from 127.0.0.1:\d+ within 0.04 s/)
    expect(seen).toHaveLength(4)
  })
})

describe('a changing call', () => {
  test.each([
    ['a hang-up', hangUp],
    ['a truncated body', breakOff],
  ])('is not repeated after %s, and may have taken effect', async (_name, fault) => {
    const { connection, seen } = await open([fault, OK])
    expect(await errorOf(connection.request(WRITE))).toMatchObject({ kind: 'network', ambiguous: true })
    expect(seen).toHaveLength(1)
  })

  test('that gets no answer in time may have taken effect', async () => {
    const { connection, seen } = await open([silence, OK])
    expect(await errorOf(connection.request({ ...WRITE, timeout: 40 }))).toMatchObject({
      kind: 'network',
      ambiguous: true,
    })
    expect(seen).toHaveLength(1)
  })

  test.each([500, 502, 503, 504])('is not repeated after %i', async (status) => {
    const { connection, seen } = await open([json(status, {}), OK])
    expect((await connection.request(WRITE)).status).toBe(status)
    expect(seen).toHaveLength(1)
  })

  test('is repeated after 429, which is said before it is looked at', async () => {
    const { connection, seen } = await open([json(429, {}), OK])
    expect((await connection.request(WRITE)).status).toBe(200)
    expect(seen.map((one) => one.body)).toEqual(['{"name":"n"}', '{"name":"n"}'])
  })

  test('is repeated when nothing listens, and cannot have taken effect', async () => {
    const free = createTcpServer()
    await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve))
    const { port } = free.address() as AddressInfo
    await new Promise((resolve) => free.close(resolve))
    const { connection, events } = await open([], { baseUrl: `http://127.0.0.1:${port}` })
    const error = await errorOf(connection.request(WRITE))
    expect(error).toMatchObject({ kind: 'network', ambiguous: false, cause: { code: 'ECONNREFUSED' } })
    expect(events.map((event) => event.failure)).toEqual(Array(4).fill('ECONNREFUSED'))
  })

  test('is tried once if the caller says so', async () => {
    const { connection, seen } = await open([json(429, {}), OK])
    expect((await connection.request(WRITE, undefined, 1)).status).toBe(429)
    expect(seen).toHaveLength(1)
  })
})

describe('Retry-After', () => {
  const now = Date.parse('2026-01-01T00:00:00Z')

  test.each([
    ['7', 7000],
    ['0', 0],
    ['9999', 60_000],
    ['Thu, 01 Jan 2026 00:00:09 GMT', 9000],
    ['Thu, 01 Jan 2026 09:00:00 GMT', 60_000],
    ['Thu, 01 Jan 2020 00:00:00 GMT', 0],
    ['soon', undefined],
    [undefined, undefined],
  ])('%j means %j ms', (header, ms) => {
    expect(retryAfter(header, now)).toBe(ms)
  })

  test.each([
    ['seconds', '3', 3000],
    ['a date', new Date(now + 5000).toUTCString(), 5000],
    ['too long a time', '3600', 60_000],
  ])('in %s holds back the whole account', async (_name, header, ms) => {
    const { connection, clock, events, seen } = await open([json(429, {}, { 'retry-after': header }), OK])
    await connection.request(READ)
    const began = clock.now()
    await connection.request({ ...READ, path: '/other' })
    expect(events[0]).toMatchObject({ status: 429, waitMs: ms })
    expect(Math.max(...clock.slept)).toBeGreaterThanOrEqual(ms - 10)
    expect(clock.now() - began).toBeLessThan(1000)
    expect(seen).toHaveLength(3)
  })

  test('three waits without it outlast the minute for which an address is blocked', async () => {
    const { connection, events } = await open([json(429, {})], { random: () => 0 })
    await connection.request(READ)
    expect(events.reduce((sum, event) => sum + (event.waitMs ?? 0), 0)).toBeGreaterThan(60_000)
  })
})

describe('a signal', () => {
  test('ends a call that waits for its turn', async () => {
    const limit = limiter()
    limit.pause(60_000)
    const { connection, seen } = await open([OK], { limiter: limit })
    const stop = new AbortController()
    const waiting = errorOf(connection.request(WRITE, stop.signal))
    stop.abort()
    expect(await waiting).toMatchObject({ kind: 'cancelled', ambiguous: false })
    expect(await errorOf(connection.request(READ, stop.signal))).toMatchObject({ kind: 'cancelled' })
    expect(seen).toHaveLength(0)
  })

  test('that many calls wait on makes Node warn of nothing', async () => {
    const warnings: unknown[] = []
    const warned = (warning: unknown) => warnings.push(warning)
    process.on('warning', warned)
    onTestFinished(() => void process.off('warning', warned))
    const { connection } = await open([OK])
    const stop = new AbortController()
    await Promise.all(Array.from({ length: 60 }, () => connection.request(READ, stop.signal)))
    await new Promise((resolve) => setTimeout(resolve, 10))
    expect(warnings).toEqual([])
  })

  test('ends the wait before another try', async () => {
    const stop = new AbortController()
    const fault: Reply = (response, request) => {
      setTimeout(() => stop.abort(), 20)
      json(503, {})(response, request)
    }
    const real = {
      now: Date.now,
      sleep: (_ms: number, signal?: AbortSignal) =>
        new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve())),
    }
    const { connection, seen } = await open([fault, OK], { clock: real })
    expect(await errorOf(connection.request(READ, stop.signal))).toMatchObject({ kind: 'cancelled' })
    expect(seen).toHaveLength(1)
  })

  test('ends a reading call on the wire, but lets a changing one finish', async () => {
    const slow: Reply = (response, request) => void setTimeout(() => OK(response, request), 60)
    const { connection, seen } = await open([slow])
    const stop = new AbortController()
    const reading = errorOf(connection.request(READ, stop.signal))
    const changing = connection.request(WRITE, stop.signal)
    await expect.poll(() => seen.length).toBe(2)
    stop.abort()
    expect(await reading).toMatchObject({ kind: 'cancelled' })
    expect((await changing).status).toBe(200)
  })

  test('closing waits for what is on the wire and ends what is not', async () => {
    const slow: Reply = (response, request) => void setTimeout(() => OK(response, request), 60)
    const { connection, seen } = await open([slow], { limiter: limiter({ concurrency: 1 }) })
    const first = connection.request(WRITE)
    const second = errorOf(connection.request(WRITE))
    await expect.poll(() => seen.length).toBe(1)
    await connection.close()
    expect((await first).status).toBe(200)
    expect(await second).toMatchObject({ kind: 'cancelled' })
    expect(await errorOf(connection.request(READ))).toMatchObject({ kind: 'cancelled' })
    expect(seen).toHaveLength(1)
  })
})

test('a listener that throws does not break the call', async () => {
  const { connection } = await open([OK], {
    onCall: () => {
      throw new Error('listener')
    },
  })
  expect((await connection.request(READ)).status).toBe(200)
})

test('an event carries the body without its secrets', async () => {
  const { connection, events } = await open([OK])
  await connection.request({ ...WRITE, body: { name: 'n', pin: 1, email_password: 'n' }, secrets: ['pin'] })
  expect(events).toMatchObject([
    { account: 'acme', method: 'POST', path: '/things/add', reads: false, attempt: 1, status: 200 },
  ])
  expect(events[0]?.body).toEqual({ name: 'n', pin: '(sensitive)', email_password: '(sensitive)' })
})
