import { spawn } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { request as plain } from 'node:http'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { startEmulator } from '../../src/apis/emulator.ts'
import { operations } from '../../src/apis/smtp2go/emulator/families.ts'
import { at, bench, call } from './harness.ts'

const RUNS = Number(process.env['MAILCONFIG_RUNS'] ?? 400)

describe('no input makes a 500', () => {
  const odd = fc.oneof(
    fc.anything({ maxDepth: 3, withBigInt: false }).filter((value) => value !== undefined),
    fc.constantFrom<unknown>(
      'Mon, 02 Jan 2006 15:04:05 MST',
      '1 January 2026',
      '2026-02-30',
      '+275760-09-13',
      '9999999',
      '',
      ' ',
    ),
    fc.constantFrom<unknown>(-1, 0, 1e308, 1e-7, Number.MAX_SAFE_INTEGER + 2, [], {}, null, true),
  )
  test('whatever stands in the fields of any endpoint', async () => {
    await using emulator = await bench({ log: false })
    const fields = [
      'start_date',
      'end_date',
      'id',
      'username',
      'email_address',
      'subaccount_id',
      'page_size',
      'continue_token',
    ]
    const names = fc.constantFrom(
      ...fields,
      'domain',
      'events',
      'settings',
      'custom_ratelimit_period',
      'api_key',
      '__proto__',
    )
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...operations), fc.dictionary(names, odd), async ({ method, path }, body) => {
        const headers = { 'x-smtp2go-api-key': emulator.apiKey, 'content-type': 'application/json' }
        const answer = await call(method, emulator.smtp2go + path, headers, JSON.stringify(body) ?? 'null')
        expect(answer.status).toBeLessThan(500)
        expect(answer.body).toMatchObject({ request_id: expect.any(String), data: expect.anything() })
      }),
      { numRuns: RUNS },
    )
  })

  test('whatever bytes are sent to whatever path, to either API', async () => {
    await using emulator = await bench({ log: false })
    const paths = [
      ...operations.map(({ path }) => `/v3${path}`),
      '/api/v2/mail/providers',
      '/api/v2/mail/providers/1',
      '/api/v2/signin',
      '/api/v2/refresh',
    ]
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('GET', 'POST', 'PATCH', 'DELETE', 'PUT'),
        fc.constantFrom(...paths, '/v3/%00', '/v3//', '/api/v2/mail/providers/9007199254740993'),
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.constantFrom('['.repeat(20_000), '{"a":'.repeat(5000), '"', 'null', '\u0000'),
        ),
        fc.constantFrom('application/json', 'text/plain', ''),
        async (method, path, text, type) => {
          const headers = {
            authorization: `Bearer ${emulator.token}`,
            'x-smtp2go-api-key': emulator.apiKey,
            ...(type === '' ? {} : { 'content-type': type }),
          }
          const body = method === 'GET' ? undefined : text
          expect((await call(method, emulator.backoffice + path, headers, body)).status).toBeLessThan(500)
        },
      ),
      { numRuns: RUNS },
    )
  })

  test.each([
    'Mon, 02 Jan 2006 15:04:05 MST',
    '1 January 2026',
    '2026-01-31',
    '2026-01-31 12:00:00',
    '2026-01-31T12:00:00+02:00',
  ])('a date as the vendor lists it is read: %s', async (start_date) => {
    await using emulator = await bench()
    expect((await emulator.post('/suppression/view', { start_date })).status).toBe(200)
  })
})

describe('a refusal', () => {
  test('says in general that a field does not fit, and which one beside it', async () => {
    await using emulator = await bench()
    const { data } = await emulator.post('/single_sender_emails/add', { email_address: 'nobody' })
    expect(at(data, 'error')).toMatch(/^An error occurred processing the json data you sent/)
    expect(at(data, 'field_validation_errors', 'message')).toContain("found 'nobody'")
    emulator.settings({ validationError: 'detail' })
    const detail = await emulator.post('/single_sender_emails/add', { email_address: 'nobody' })
    expect(at(detail.data, 'error')).toBe(at(detail.data, 'field_validation_errors', 'message'))
  })

  test('of a key that has not the right form has one of two statuses', async () => {
    await using emulator = await bench()
    const wrong = () => call('POST', `${emulator.smtp2go}/webhook/view`, { 'x-smtp2go-api-key': 'no' }, '{}')
    expect((await wrong()).status).toBe(403)
    emulator.settings({ malformedKeyStatus: 400 })
    expect(await wrong()).toMatchObject({
      status: 400,
      body: { data: { error_code: 'E_ApiResponseCodes.INVALID_IN_PAYLOAD' } },
    })
  })

  test('of a body that is too large has the id of the request; lengths are said in numbers', async () => {
    await using emulator = await bench()
    const large = await emulator.post('/template/view', { id: 'x'.repeat(1_100_000) })
    expect(large.body).toMatchObject({ request_id: expect.any(String) })
    expect(JSON.stringify(await emulator.post('/subaccount/add', { fullname: '' }))).not.toContain('Infinity')
  })

  test('of a sign-in lasts for ten minutes after five attempts', async () => {
    let time = Date.parse('2026-11-26T12:00:00Z')
    await using emulator = await bench({ now: () => new Date(time) })
    const signIn = () =>
      call(
        'POST',
        `${emulator.backoffice}/api/v2/signin`,
        { 'content-type': 'application/json' },
        '{"email":"a","password":"b"}',
      )
    for (let tries = 0; tries < 5; tries++) expect((await signIn()).status).toBe(401)
    expect((await signIn()).status).toBe(429)
    time += 599_000
    expect((await signIn()).status).toBe(429)
    time += 2000
    expect((await signIn()).status).toBe(401)
    emulator.settings({ signinBlockSeconds: null })
    for (let tries = 0; tries < 6; tries++) await signIn()
    time += 61_000
    expect((await signIn()).status).toBe(401)
  })
})

test('a login without a pool shows none, or null', async () => {
  await using emulator = await bench({
    seed: { smtp2go: { scopes: { '': { smtpUsers: [{ username: 'printer' }] } } } },
  })
  const user = async () => at((await emulator.post('/users/smtp/view')).data, 'results', 0)
  expect(await user()).toHaveProperty('ippool', null)
  emulator.settings({ noIpPool: 'omit' })
  expect(await user()).not.toHaveProperty('ippool')
})

test('a connection that works may say something all the same', async () => {
  const provider = { id: 1, caption: 'A', driver: 'smtp', host: 'a.example', port: 25, encryption: 'tls' }
  await using emulator = await bench({ seed: { backoffice: { providers: [provider] } } })
  const status = () =>
    call('GET', `${emulator.backoffice}/api/v2/mail/providers/1/status`, { authorization: `Bearer ${emulator.token}` })
  expect((await status()).status).toBe(204)
  emulator.settings({ statusBody: 'queued' })
  expect(await status()).toMatchObject({ status: 200, body: { message: 'queued' } })
})

test('the log names a key by its short form, and no key whole', async () => {
  await using emulator = await bench()
  await emulator.post('/webhook/view')
  expect(emulator.requests()[0]?.headers['x-smtp2go-api-key']).toBe(`${emulator.apiKey.slice(0, 16)}…(secret)`)
})

test('the example of a PATCH in the vendor’s page works, which names no type of its body', async () => {
  const provider = { id: 1, caption: 'A', driver: 'smtp', host: 'a.example', port: 25, encryption: 'tls' }
  await using emulator = await bench({ seed: { backoffice: { providers: [provider] } } })
  const headers = { authorization: `Bearer ${emulator.token}`, 'content-type': 'application/x-www-form-urlencoded' }
  const answer = await call('PATCH', `${emulator.backoffice}/api/v2/mail/providers/1`, headers, '{"caption":"B"}')
  expect(answer.status).toBeLessThan(300)
})

describe('who may call', () => {
  test('this machine alone, until a name is allowed', async () => {
    await expect(startEmulator({ host: '0.0.0.0' })).rejects.toThrow('unless a host is allowed')
    await using emulator = await bench({ allowHosts: ['Emulator'] })
    const as = (host: string) =>
      new Promise((done, fail) => {
        plain(`${emulator.backoffice}/__emulator/health`, { headers: { host } }, (answer) => done(answer.statusCode))
          .on('error', fail)
          .end()
      })
    expect(await as('emulator:8025')).toBe(200)
    expect(await as('evil.example')).toBe(403)
  })

  test('a page of an allowed name reads the answers, no other', async () => {
    await using emulator = await bench({ allowHosts: ['console.example'] })
    const url = `${emulator.smtp2go}/webhook/view`
    const preflight = await fetch(url, { method: 'OPTIONS', headers: { origin: 'https://console.example' } })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-headers')).toContain('x-smtp2go-api-key')
    const answer = await fetch(url, { method: 'POST', headers: { origin: 'https://console.example' } })
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://console.example')
    expect((await fetch(url, { method: 'OPTIONS', headers: { origin: 'https://evil.example' } })).status).toBe(403)
  })

  test('over https with a certificate that is made', async () => {
    await using emulator = await bench({ tls: true, allowHosts: ['api.smtp2go.com'] })
    expect(emulator.smtp2go).toMatch(/^https:\/\/127\.0\.0\.1:/)
    const status = await new Promise((done, fail) => {
      const asked = { ca: emulator.certificate, servername: 'api.smtp2go.com', headers: { host: 'api.smtp2go.com' } }
      request(`${emulator.backoffice}/__emulator/health`, asked, (answer) => done(answer.statusCode))
        .on('error', fail)
        .end()
    })
    expect(status).toBe(200)
  })
})

test('a reset puts back what it started with', async () => {
  await using emulator = await bench({ settings: { maxWebhooks: 3 } })
  await emulator.post('/webhook/add', { url: 'https://a.example', events: ['bounce'] })
  emulator.settings({ maxWebhooks: 1 })
  emulator.faults([{ fault: 'status', status: 418 }])
  expect((await call('POST', `${emulator.backoffice}/__emulator/reset`, {})).status).toBe(204)
  expect((await emulator.post('/webhook/view')).data).toEqual([])
  expect(emulator.state()).toMatchObject({ settings: { maxWebhooks: 3 } })
  expect(emulator.requests()).toHaveLength(1)
})

describe('the command', () => {
  const start = (args: readonly string[]) =>
    spawn(process.execPath, ['dist/bin.js', 'emulator', ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const line = (child: ReturnType<typeof start>) =>
    new Promise<Record<string, string>>((done) => child.stdout.once('data', (text) => done(JSON.parse(String(text)))))

  test('takes settings as JSON and from a file', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'mailconfig-settings-')), 'settings.json')
    writeFileSync(file, '{"maxWebhooks":1}')
    for (const given of ['{"maxWebhooks":1}', file]) {
      const child = start(['--settings', given])
      const { backoffice } = await line(child)
      expect((await call('GET', `${backoffice}/__emulator/settings`, {})).body).toMatchObject({ maxWebhooks: 1 })
      child.kill()
    }
  })

  test('ends with the process that started it', async () => {
    const script = `const c = require('child_process').spawn(process.execPath, ['dist/bin.js', 'emulator', '--with-parent'], { stdio: ['ignore', 'inherit', 'inherit'] }); setTimeout(() => process.kill(process.pid, 'SIGKILL'), 1500)`
    const parent = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
    const { backoffice } = await line(parent)
    const health = async () => (await fetch(`${backoffice}/__emulator/health`).catch(() => undefined))?.status
    expect(await health()).toBe(200)
    await expect.poll(health, { timeout: 10_000, interval: 100 }).toBeUndefined()
  })
})
