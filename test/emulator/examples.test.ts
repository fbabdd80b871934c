import { describe, expect, test } from 'vitest'
import { operations } from '../../src/apis/smtp2go/emulator/families.ts'
import { domains } from './fixtures/domains.ts'
import { lists } from './fixtures/lists.ts'
import { objects } from './fixtures/objects.ts'
import { senders } from './fixtures/senders.ts'
import { misfits } from './fixtures/shape.ts'
import { statistics } from './fixtures/statistics.ts'
import { traffic } from './fixtures/traffic.ts'
import { at, bench, listAt } from './harness.ts'

const examples = [...senders, ...domains, ...lists, ...objects, ...statistics, ...traffic]
const key = { api_key: 'api-Q7w8Q7w8Q7w8Q7w8Q7w8Q7w8Q7w8Q7w8' }
const master = { api_key: 'api-M4ster00000000000000000000000000', endpoints: ['*'] }
const subaccounts = [{ id: 'sub001', name: 'Sub', email: 'sub@shop.example' }]

describe('the answers look like the published ones', () => {
  test.each(examples)('$call', async ({ call, first = [], scope = {}, send, data }) => {
    const seed = { smtp2go: { keys: [master, key], scopes: { '': scope }, subaccounts } }
    await using emulator = await bench({ seed, settings: { liveExtras: false } })
    for (const [path, body] of first) expect((await emulator.post(path, body)).status).toBe(200)
    const [method, path = ''] = call.split(' ')
    const reply = await (method === 'PATCH' ? emulator.patch(path, send) : emulator.post(path, send))
    expect(reply.status).toBe(200)
    expect(at(reply.body, 'request_id')).toMatch(/^[0-9a-f-]{36}$/)
    expect(misfits(data, reply.data)).toEqual([])
  })

  test('every operation has an example', () => {
    const shown = examples.map(({ call }) => call)
    expect(
      operations.map(({ method, path }) => `${method} ${path}`).filter((one) => !shown.some((call) => call === one)),
    ).toEqual([])
  })

  test('a shape that does not fit is noticed', () => {
    expect(misfits({ a: 'string', b: ['integer'] }, { a: 1, b: ['x'], c: true })).toHaveLength(3)
  })

  test('a refusal has the published envelope', async () => {
    await using emulator = await bench()
    const reply = await emulator.post('/domain/verify', { domain: 'nobody.example' })
    expect(misfits({ error: 'string', error_code: 'string' }, reply.data)).toEqual([])
    const invalid = await emulator.post('/domain/verify', { domain: 5 })
    const errors = { fieldname: 'string', message: 'string' } as const
    expect(misfits({ error: 'string', error_code: 'string', field_validation_errors: errors }, invalid.data)).toEqual(
      [],
    )
  })

  test('live answers about domains have more fields than the schema', async () => {
    await using emulator = await bench()
    const reply = await emulator.post('/domain/add', { domain: 'shop.example' })
    expect(at(listAt(reply.data, 'domains'), 0, 'domain')).toMatchObject({
      dkim_expected: 'dkim.smtp2go.net',
      rpath_expected: 'return.smtp2go.net',
      subdomain: '',
    })
    expect(at(reply.data, 'domains', 0, 'trackers', 0)).toMatchObject({
      cname_expected: 'track.smtp2go.net',
      ssl_status: '',
    })
  })
})
