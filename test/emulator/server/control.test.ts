import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { startEmulator } from '../../../src/apis/emulator.ts'
import { at, bench, call, listAt } from '../harness.ts'

const folder = mkdtempSync(join(tmpdir(), 'emulator-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('the log of calls', () => {
  test('holds every call of both APIs and none of the control', async () => {
    await using emulator = await bench()
    await emulator.post('/users/smtp/add', { username: 'printer' })
    await emulator.office('GET', '/mail/providers?limit=5')
    await emulator.control('GET', '/state')
    const log = listAt((await emulator.control('GET', '/requests')).body)
    expect(log).toMatchObject([
      {
        method: 'POST',
        path: '/v3/users/smtp/add',
        body: { username: 'printer' },
        status: 200,
        writes: true,
        committed: true,
        faults: [],
      },
      {
        method: 'GET',
        path: '/api/v2/mail/providers',
        query: 'limit=5',
        body: null,
        status: 200,
        writes: false,
        committed: false,
      },
    ])
    expect(Date.parse(String(at(log, 0, 'time')))).not.toBeNaN()
    await emulator.control('DELETE', '/requests')
    expect(emulator.requests()).toEqual([])
  })

  test('holds no secret', async () => {
    await using emulator = await bench({ settings: { minPasswordEntropy: 0 } })
    const made = await emulator.post('/api_keys/add', { api_key: emulator.apiKey })
    const id = String(at(made.data, 0, 'api_key'))
    await emulator.patch('/api_keys/edit', { id, description: 'x' })
    await emulator.post('/users/smtp/add', { username: 'printer', email_password: 'canary-1' })
    await emulator.post('/webhook/add', {
      url: 'https://u:canary-2@x.example/',
      auth_header_value: 'canary-3',
      usernames: [id],
    })
    await emulator.office('POST', '/mail/providers', { password: 'canary-4' })
    await emulator.office('POST', '/signin', { email: 'a@b.example', password: 'canary-5' })
    await call('POST', `${emulator.smtp2go}/webhook/view`, {}, 'not json canary-6')
    const log = JSON.stringify(emulator.requests())
    expect(log).not.toMatch(/canary-\d/)
    expect(log).not.toContain(id)
    expect(log).not.toContain(emulator.apiKey)
    expect(log).not.toContain(emulator.token)
    expect(log).toContain('"email_password":"(secret)"')
  })

  test('is empty when nobody wants it', async () => {
    await using emulator = await bench({ log: false })
    await emulator.post('/webhook/view')
    expect(emulator.requests()).toEqual([])
  })
})

describe('settings', () => {
  test('are merged over HTTP; an unknown name is refused with the list of names', async () => {
    await using emulator = await bench()
    expect(
      (await emulator.control('POST', '/settings', { maxWebhooks: null, publishedDns: ['a.example'] })).status,
    ).toBe(204)
    expect((await emulator.control('GET', '/settings')).body).toMatchObject({
      maxWebhooks: null,
      publishedDns: ['a.example'],
      errorShape: 'nested',
    })
    const refused = await emulator.control('POST', '/settings', { maxHooks: 1 })
    expect([refused.status, at(refused.body, 'error')]).toEqual([400, expect.stringContaining('maxWebhooks')])
    for (const wrong of [
      { errorShape: 'round' },
      { maxWebhooks: 'many' },
      { statusFailure: { '1': 200 } },
      { liveExtras: null },
      [],
    ]) {
      expect((await emulator.control('POST', '/settings', wrong)).status).toBe(400)
    }
  })
})

describe('state', () => {
  test('has the shape that a seed has', async () => {
    const first = await startEmulator({ settings: { maxWebhooks: 3 } })
    const state = first.state()
    await first.close()
    const second = await startEmulator({ seed: state })
    expect(second.state()).toEqual(state)
    await second.close()
    expect(state).toMatchObject({
      smtp2go: {
        keys: [{ api_key: expect.stringMatching(/^api-[a-zA-Z0-9]{32}$/), endpoints: ['*'], subaccount_id: '' }],
        scopes: {
          '': { smtpUsers: [], allowedSenders: { mode: 'disabled', entries: [] }, sender_domains_enabled: true },
        },
        subaccounts: [],
      },
      backoffice: { users: [{ email: 'admin@example.com' }], tokens: [{ kind: 'access' }], providers: [] },
      settings: { maxWebhooks: 3 },
    })
  })

  test('is replaced, and a name that does not exist is refused', async () => {
    await using emulator = await bench()
    const state = { smtp2go: { scopes: { '': { smtpUsers: [{ username: 'printer' }] } } } }
    expect((await emulator.control('PUT', '/state', state)).status).toBe(204)
    expect(at((await emulator.post('/users/smtp/view')).data, 'results', 0, 'username')).toBe('printer')
    await emulator.control('PUT', '/state', {})
    expect(listAt((await emulator.post('/users/smtp/view')).data, 'results')).toEqual([])
    for (const wrong of [
      { smtp: {} },
      { smtp2go: { scopes: { '': { users: [] } } } },
      { backoffice: { providers: [{ id: 1, pasword: '' }] } },
      5,
    ]) {
      expect((await emulator.control('PUT', '/state', wrong)).status).toBe(400)
    }
    expect(() => emulator.setState({ smtp2go: { keys: [{}] } })).toThrow('state.smtp2go.keys[0].api_key')
  })

  test('takes objects as the API answers them', async () => {
    await using emulator = await bench()
    await emulator.post('/users/smtp/add', { username: 'printer' })
    await emulator.post('/domain/add', { domain: 'shop.example' })
    const smtpUsers = listAt((await emulator.post('/users/smtp/view')).data, 'results')
    const domains = listAt((await emulator.post('/domain/view')).data, 'domains')
    emulator.setState({ smtp2go: { scopes: { '': { smtpUsers, domains } } } })
    expect(listAt((await emulator.post('/domain/view')).data, 'domains')).toMatchObject([
      { domain: { dkim_selector: at(domains, 0, 'domain', 'dkim_selector') } },
    ])
  })

  test('ids go on after the highest that was ever given', async () => {
    await using emulator = await bench({
      seed: { smtp2go: { scopes: { '': { webhooks: [{ id: 9000, url: 'https://x.example/' }] } } } },
    })
    expect(at((await emulator.post('/webhook/add', { url: 'https://y.example/' })).data, 'id')).toBe(9001)
  })

  test('a scope without a subaccount makes one', async () => {
    await using emulator = await bench({
      seed: { smtp2go: { scopes: { sub001: { smtpUsers: [{ username: 'printer' }] } } } },
    })
    const reply = await emulator.post('/users/smtp/view', { subaccount_id: 'sub001' })
    expect(listAt(reply.data, 'results')).toHaveLength(1)
  })
})

describe('a data file', () => {
  test('keeps state and settings from one run to the next, for its owner only', async () => {
    const data = join(folder, 'state.json')
    const first = await bench({ data, seed: { backoffice: { tokens: [{ token: 'seeded' }] } } })
    await first.post('/users/smtp/add', { username: 'printer' })
    first.settings({ publishedDns: 'all' })
    await first.close()
    expect(statSync(data).mode & 0o777).toBe(0o600)
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([])
    await using second = await bench({ data, seed: { backoffice: { tokens: [{ token: 'ignored' }] } } })
    expect(second.token).toBe('seeded')
    expect(listAt((await second.post('/users/smtp/view')).data, 'results')).toHaveLength(1)
    expect((await second.control('GET', '/settings')).body).toMatchObject({ publishedDns: 'all' })
  })

  test('is written soon after a change, not only at the end', async () => {
    const data = join(folder, 'soon.json')
    await using emulator = await bench({ data })
    await emulator.post('/users/smtp/add', { username: 'printer' })
    await expect.poll(() => existsSync(data) && readFileSync(data, 'utf8'), { timeout: 2000 }).toContain('printer')
  })

  test('that holds something else is not touched', async () => {
    const data = join(folder, 'other.json')
    writeFileSync(data, 'not ours')
    await expect(startEmulator({ data })).rejects.toThrow('other.json')
    expect(readFileSync(data, 'utf8')).toBe('not ours')
  })
})

describe('the port', () => {
  test('is on loopback or nowhere', async () => {
    await expect(startEmulator({ host: '0.0.0.0' })).rejects.toThrow('not on 0.0.0.0')
    const emulator = await startEmulator({ host: 'localhost' })
    expect(emulator.smtp2go).toBe(`http://localhost:${emulator.port}/v3`)
    await emulator.close()
  })

  test('in use is an error', async () => {
    await using emulator = await bench()
    await expect(startEmulator({ port: emulator.port })).rejects.toThrow('EADDRINUSE')
  })

  test.each([{ host: 'evil.example' }, { host: '127.0.0.1.evil.example:80' }, { origin: 'https://evil.example' }])(
    'turns %j away',
    async (headers) => {
      await using emulator = await bench()
      const status = await new Promise((resolve, reject) => {
        const sent = request(`${emulator.backoffice}/__emulator/state`, { headers }, (reply) => {
          reply.resume()
          resolve(reply.statusCode)
        })
        sent.on('error', reject).end()
      })
      expect(status).toBe(403)
    },
  )

  test('serves nothing else', async () => {
    await using emulator = await bench()
    expect((await call('GET', `${emulator.backoffice}/nothing`, {})).status).toBe(404)
    expect((await call('POST', emulator.backoffice, {})).status).toBe(404)
  })
})
