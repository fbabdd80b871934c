import { describe, expect, test } from 'vitest'
import type { Fault } from '../../../src/apis/emulator.ts'
import { at, type Bench, bench, call, listAt } from '../harness.ts'

const users = Array.from({ length: 3 }, (_, n) => ({ username: `user-${n}` }))
const seed = { smtp2go: { scopes: { '': { smtpUsers: users } } } }
const view = { path: '/v3/users/smtp/view' }
const add = { path: '/v3/users/smtp/add', method: 'POST' }
const names = async (emulator: Bench) => {
  return listAt((await emulator.post('/users/smtp/view')).data, 'results').map((user) => at(user, 'username'))
}
const start = async (...faults: readonly Fault[]) => {
  const emulator = await bench({ seed })
  emulator.faults(faults)
  return emulator
}

describe('faults', () => {
  test('meet the nth matching call only, or all of them, until they are cleared', async () => {
    await using emulator = await start({ match: { ...view, nth: 2 }, fault: 'status', status: 503 })
    const status = async () => (await emulator.post('/users/smtp/view')).status
    expect([await status(), await status(), await status()]).toEqual([200, 503, 200])
    emulator.faults([{ match: { path: '/v3/users/*' }, fault: 'status', status: 500 }])
    expect([await status(), await status()]).toEqual([500, 500])
    expect((await emulator.post('/webhook/view')).status).toBe(200)
    await emulator.control('DELETE', '/faults')
    expect(await status()).toBe(200)
  })

  test('can be set over HTTP, one or several, and are checked', async () => {
    await using emulator = await start()
    expect((await emulator.control('POST', '/faults', { match: view, fault: 'status', status: 418 })).status).toBe(204)
    expect((await emulator.control('POST', '/faults', [{ fault: 'latency', ms: 1 }])).status).toBe(204)
    expect((await emulator.post('/users/smtp/view')).status).toBe(418)
    for (const wrong of [
      { fault: 'gremlin' },
      { fault: 'latency' },
      { fault: 'status' },
      { fault: 'html', nth: 2 },
      {},
      null,
    ]) {
      expect((await emulator.control('POST', '/faults', wrong)).status).toBe(400)
    }
    expect(() => emulator.faults([{ fault: 'redirect' }])).toThrow("'location' is required")
  })

  test('latency delays an answer', async () => {
    await using emulator = await start({ match: view, fault: 'latency', ms: 80 })
    const before = performance.now()
    expect(await names(emulator)).toHaveLength(3)
    expect(performance.now() - before).toBeGreaterThan(75)
  })

  test('a status comes with headers and a body of choice, before or after the change', async () => {
    const status = { fault: 'status', status: 503, headers: { 'retry-after': '3' }, body: { oops: true } } as const
    await using emulator = await start(
      { match: { ...add, nth: 1 }, ...status },
      { match: { ...add, nth: 2 }, ...status, afterCommit: true },
    )
    const reply = await emulator.post('/users/smtp/add', { username: 'before' })
    expect([reply.status, reply.headers.get('retry-after'), reply.body]).toEqual([503, '3', { oops: true }])
    expect((await emulator.post('/users/smtp/add', { username: 'after-it' })).status).toBe(503)
    expect(await names(emulator)).toEqual(['user-0', 'user-1', 'user-2', 'after-it'])
  })

  test('a reset loses the call or only the answer', async () => {
    await using emulator = await start(
      { match: { ...add, nth: 1 }, fault: 'reset-before-commit' },
      { match: { ...add, nth: 2 }, fault: 'reset-after-commit' },
    )
    await expect(emulator.post('/users/smtp/add', { username: 'lost-1' })).rejects.toThrow()
    await expect(emulator.post('/users/smtp/add', { username: 'kept-2' })).rejects.toThrow()
    expect(await names(emulator)).toEqual(['user-0', 'user-1', 'user-2', 'kept-2'])
    const log = emulator.requests().filter(({ path }) => path === add.path)
    expect(log.map(({ status, committed }) => [status, committed])).toEqual([
      [null, false],
      [null, true],
    ])
  })

  test('a hanging call is carried out and never answered', async () => {
    await using emulator = await start({ match: add, fault: 'hang-after-commit' })
    const url = `${emulator.smtp2go}/users/smtp/add`
    const hanging = fetch(url, {
      method: 'POST',
      headers: { 'x-smtp2go-api-key': emulator.apiKey },
      body: '{"username":"kept-3"}',
      signal: AbortSignal.timeout(100),
    })
    await expect(hanging).rejects.toThrow()
    expect(await names(emulator)).toContain('kept-3')
  })

  test('a slow body arrives whole, a truncated one does not', async () => {
    await using emulator = await start(
      { match: { ...view, nth: 1 }, fault: 'slow-body', ms: 60 },
      { match: { ...view, nth: 2 }, fault: 'truncated-body' },
    )
    const before = performance.now()
    expect(await names(emulator)).toHaveLength(3)
    expect(performance.now() - before).toBeGreaterThan(55)
    await expect(names(emulator)).rejects.toThrow()
  })

  test('a proxy may answer with a page or send elsewhere', async () => {
    await using emulator = await start(
      { match: { ...view, nth: 1 }, fault: 'html', status: 502 },
      { match: { ...view, nth: 2 }, fault: 'redirect', location: 'http://127.0.0.1:9/' },
    )
    const page = await emulator.post('/users/smtp/view')
    expect([page.status, page.headers.get('content-type'), String(page.body).slice(0, 15)]).toEqual([
      502,
      'text/html; charset=utf-8',
      '<!DOCTYPE html>',
    ])
    const moved = await emulator.post('/users/smtp/view')
    expect([moved.status, moved.headers.get('location')]).toEqual([302, 'http://127.0.0.1:9/'])
  })

  test('a type may be wrong in the header or in the data', async () => {
    await using emulator = await start(
      { match: { ...view, nth: 1 }, fault: 'wrong-type' },
      { match: { ...view, nth: 2 }, fault: 'wrong-type', part: 'data' },
    )
    expect((await emulator.post('/users/smtp/view')).headers.get('content-type')).toBe('text/plain')
    expect((await emulator.post('/users/smtp/view')).data).toBe('unexpected')
  })

  test('lists lie: empty, short or a page twice', async () => {
    const suppressions = ['a', 'b', 'c', 'd'].map((name) => ({
      email_address: `${name}@b.example`,
      timestamp: '2026-01-01 00:00:00',
    }))
    await using emulator = await bench({
      seed: { smtp2go: { scopes: { '': { suppressions } } } },
      settings: { suppressionPageSize: 2 },
    })
    const match = { path: '/v3/suppression/view' }
    const question = { start_date: '2000-01-01' }
    emulator.faults([
      { match: { ...match, nth: 1 }, fault: 'short-page' },
      { match: { ...match, nth: 2 }, fault: 'duplicate-page' },
      { match: { ...match, nth: 3 }, fault: 'empty-list' },
    ])
    const one = (await emulator.post('/suppression/view', question)).data
    expect([listAt(one, 'results').length, at(one, 'total_results')]).toEqual([1, 4])
    const two = (await emulator.post('/suppression/view', { continue_token: at(one, 'continue_token') })).data
    expect(at(two, 'results', 0, 'email_address')).toBe('a@b.example')
    const three = (await emulator.post('/suppression/view', question)).data
    expect(three).toEqual({ results: [], continue_token: null, total_results: 0 })
  })

  test('lists of every shape can be emptied', async () => {
    await using emulator = await start({ fault: 'empty-list' })
    for (const listEnvelope of ['array', 'data', 'data+total'] as const) {
      emulator.settings({ listEnvelope })
      const { body } = await emulator.office('GET', '/mail/providers')
      expect(listEnvelope === 'array' ? body : at(body, 'data')).toEqual([])
    }
    expect((await emulator.post('/api_keys/view')).data).toEqual([])
  })

  test('a stale list shows the past, for as long as it is told to', async () => {
    let now = 1_000_000
    await using emulator = await bench({ seed, now: () => new Date(now) })
    emulator.faults([{ match: view, fault: 'stale-list', ms: 5000 }])
    now += 1000
    await emulator.post('/users/smtp/add', { username: 'printer' })
    expect(await names(emulator)).not.toContain('printer')
    now += 4999
    expect(await names(emulator)).not.toContain('printer')
    now += 1
    expect(await names(emulator)).toContain('printer')
  })

  test('faults reach the Back Office too', async () => {
    await using emulator = await start({
      match: { path: '/api/v2/mail/providers/*', method: 'get' },
      fault: 'status',
      status: 502,
      body: 'bad gateway',
    })
    const { status, body } = await emulator.office('GET', '/mail/providers/1')
    expect([status, body]).toEqual([502, 'bad gateway'])
    expect((await call('GET', `${emulator.backoffice}/api/v2/mail/providers`, {})).status).toBe(401)
  })
})
