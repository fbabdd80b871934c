import { inspect } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { sender } from '../../src/apis/sender.ts'
import type { CallEvent } from '../../src/http/connection.ts'
import { Secret } from '../../src/model/secret.ts'
import { ApiError, type WireRequest } from '../../src/model/wire.ts'
import { breakOff, fastClock, hangUp, json, KEY, type Reply, serve, silence, text } from './server.ts'

const TOKEN = 'c4nary.t0ken+with(regex)[signs]$^'
const PASSWORD = 'c4nary "p4ss" \\d+ .*/%'

/** Answers that give back all they were sent, in every place that a message could be made of. */
const echoes: readonly (readonly [string, (sent: string) => Reply])[] = [
  [
    'the nested error text',
    (sent) => json(400, { data: { error: `you sent ${sent}`, error_code: 'E.API_EXCEPTION' } }),
  ],
  ['the flat error text', (sent) => json(400, { error: sent, error_code: 'E.API_EXCEPTION' })],
  [
    'a field error',
    (sent) =>
      json(400, {
        data: {
          error: 'x',
          error_code: 'E.NON_VALIDATING_IN_PAYLOAD',
          field_validation_errors: { fieldname: 'username', message: sent },
        },
      }),
  ],
  ['a message', (sent) => json(422, { message: sent, errors: { caption: [sent], password: [sent] } })],
  ['an error object', (sent) => json(400, { error: { message: sent }, errors: [{ field: 'host', message: sent }] })],
  ['HTML', (sent) => text(500, 'text/html', `${sent}<html>`)],
  ['HTML with status 200', (sent) => text(200, 'text/html', `<p>${sent}`)],
  ['plain text', (sent) => text(403, 'text/plain', sent)],
  ['broken JSON', (sent) => text(200, 'application/json', `{"data":{"error":${JSON.stringify(sent)}`)],
  ['JSON that is a text', (sent) => json(400, sent)],
  [
    'a content type',
    (sent) => (response) =>
      response.writeHead(200, { 'content-type': `text/x; a="${encodeURIComponent(sent)}"` }).end('x'),
  ],
  [
    'a redirect',
    (sent) => (response) =>
      response
        .writeHead(302, { location: `https://${encodeURIComponent('u')}:p@example.com/${encodeURIComponent(sent)}` })
        .end(),
  ],
  [
    'a request id',
    (sent) => json(400, { request_id: sent, data: { error: `'${sent}'`, error_code: 'E.API_EXCEPTION' } }),
  ],
  [
    'an error code and a field name',
    (sent) => json(400, { error: 'x', error_code: sent, field_validation_errors: { fieldname: sent, message: 'x' } }),
  ],
  ['a field name', (sent) => json(400, { message: 'x', errors: { [sent]: ['x'] } })],
  ['no HTTP at all', (sent) => (response) => response.socket?.end(`${sent}\r\n\r\n`)],
  ['a hang-up', () => hangUp],
  ['silence', () => silence],
  ['half an answer', () => breakOff],
]

const requests: readonly (readonly [string, WireRequest])[] = [
  [
    'mail',
    {
      method: 'POST',
      path: '/users/smtp/add',
      body: { username: 'ann', email_password: PASSWORD },
      reads: false,
      secrets: ['email_password'],
    },
  ],
  [
    'mail',
    {
      method: 'POST',
      path: '/webhook/add',
      body: { url: `https://u:${encodeURIComponent(PASSWORD)}@example.com`, auth_header_value: PASSWORD },
      reads: false,
    },
  ],
  [
    'mail',
    {
      method: 'PATCH',
      path: '/api_keys/edit',
      body: { id: `api-${'C4nary00'.repeat(4)}` },
      reads: false,
      secrets: ['id'],
    },
  ],
  [
    'mail',
    { method: 'POST', path: '/users/smtp/view', body: { deep: { note: PASSWORD } }, reads: true, secrets: ['deep'] },
  ],
  [
    'office',
    {
      method: 'POST',
      path: '/api/v2/mail/providers',
      body: { host: 'h', password: PASSWORD },
      reads: false,
      secrets: ['password'],
    },
  ],
  ['office', { method: 'GET', path: '/api/v2/mail/providers', query: { limit: 5, offset: 0 }, reads: true }],
]

describe.each(echoes)('when the API answers with %s', (_name, echo) => {
  test('no secret shows up in an error, its cause or an event', async () => {
    const all: Reply = (response, request) => {
      const sent = [KEY, TOKEN, `Bearer ${TOKEN}`, PASSWORD, request.body].join(' ')
      echo(sent)(response, request)
    }
    const server = await serve(all)
    const events: CallEvent[] = []
    const { send, close } = sender(
      [
        { name: 'mail', api: 'smtp2go', url: server.url, credential: new Secret(KEY) },
        { name: 'office', api: 'backoffice', url: server.url, credential: new Secret(TOKEN) },
      ],
      { clock: fastClock(), timeoutMs: 40, onCall: (event) => events.push(event) },
    )
    onTestFinished(() => close())
    const errors = await Promise.all(
      requests.map(([account, request]) =>
        send(account, request).then(
          () => undefined,
          (error: unknown) => error,
        ),
      ),
    )
    // a request without a secret of its own cannot tell the API's echo of one from its words, so it is not asked
    const shown = [...events, ...errors].flatMap((one) => [
      inspect(one, { depth: 20, showHidden: true }),
      JSON.stringify(one),
      String(one),
      one instanceof ApiError ? `${one.message} ${one.hint} ${one.stack} ${inspect(one.cause, { depth: 20 })}` : '',
    ])
    expect(events.length).toBeGreaterThanOrEqual(requests.length)
    for (const out of shown) expect(out).not.toMatch(/c4nary.{1,3}t0ken|C4nary/)
    const own = [...events, ...errors.slice(0, 2), errors[3], errors[4]]
      .map((one) => inspect(one, { depth: 20 }))
      .join('\n')
    expect(own).not.toMatch(/c4nary/i)
  })
})

test.each(['x', '7', '.', '$', '\\', '^.*$', 'true', 'password', 'expected'])(
  'a text that may quote a secret as common as %j is not shown, whether it does or not',
  async (value) => {
    const quoted = `the field 'email_password' was expecting more than '${value}'`
    const byField = {
      error: quoted,
      error_code: 'E.NON_VALIDATING_IN_PAYLOAD',
      field_validation_errors: { fieldname: 'email_password', message: quoted },
    }
    const unquoted = { error: 'cannot add: no such plan', error_code: 'E.API_EXCEPTION' }
    const byText = { error: `cannot add: '${value}' is in expected 7 places`, error_code: 'E.API_EXCEPTION' }
    const server = await serve(json(400, { data: byField }), json(400, { data: byText }), json(400, { data: unquoted }))
    const events: CallEvent[] = []
    const { send, close } = sender([{ name: 'mail', api: 'smtp2go', url: server.url, credential: new Secret(KEY) }], {
      onCall: (event) => events.push(event),
    })
    onTestFinished(() => close())
    const request: WireRequest = {
      method: 'POST',
      path: '/users/smtp/add',
      body: { username: 'x7', email_password: value },
      reads: false,
    }
    const errors = []
    for (let n = 0; n < 3; n++) errors.push(await send('mail', request).catch(String))
    expect(errors).toEqual([
      'ApiError: the API refuses the value of "email_password" (its text may quote the value and is not shown)',
      'ApiError: the API answers with an error (its text may quote a short secret and is not shown)',
      'ApiError: the API answers with an error (its text may quote a short secret and is not shown)',
    ])
    expect(events.map((event) => event.body)).toEqual(Array(3).fill({ username: 'x7', email_password: '(sensitive)' }))
  },
)

describe('a secret that the API showed once', () => {
  const users = (password: string) => json(200, { data: { results: [{ username: 'ann', email_password: password }] } })
  const refusal = (said: string) => json(400, { data: { error: said, error_code: 'E.API_EXCEPTION' } })
  const read: WireRequest = { method: 'POST', path: '/users/smtp/view', body: {}, reads: true }
  const write: WireRequest = { method: 'POST', path: '/users/smtp/edit', body: { username: 'ann' }, reads: false }

  test.each([
    ['is not repeated from a later error', PASSWORD, 'cannot change (sensitive) to that'],
    ['hides a later text where it is too short to be found', 'p', /its text may quote a short secret/],
    ['does not where it is only stars that stand for one', '********', 'cannot change ******** to that'],
  ])('%s', async (_, password, expected) => {
    const server = await serve(users(password), refusal(`cannot change ${password} to that`))
    const { send, close } = sender([{ name: 'mail', api: 'smtp2go', url: server.url, credential: new Secret(KEY) }])
    onTestFinished(() => close())
    await send('mail', read)
    const error = await send('mail', write).then(String, (one: Error) => one.message)
    if (typeof expected === 'string') expect(error).toBe(expected)
    else expect(error).toMatch(expected)
  })
})

test('a code, a field and a request id are shown beside a text that is not, where they cannot be a secret', async () => {
  const answer = (code: string, field: string, id: string) =>
    json(400, {
      request_id: id,
      data: { error: 'no', error_code: code, field_validation_errors: { fieldname: field, message: 'no' } },
    })
  const id = 'aa253464-0bd0-467a-b24b-6159dcd7be60'
  const server = await serve(answer('E.NON_VALIDATING_IN_PAYLOAD', 'username', id), answer('pw1', 'pw1', 'pw1'))
  const { send, close } = sender([{ name: 'mail', api: 'smtp2go', url: server.url, credential: new Secret(KEY) }])
  onTestFinished(() => close())
  const body = { username: 'ann', email_password: 'pw1' }
  const request: WireRequest = { method: 'POST', path: '/users/smtp/add', body, reads: false }
  const errors = [await send('mail', request).catch((one) => one), await send('mail', request).catch((one) => one)]
  const parts = errors.map((one) => (one instanceof ApiError ? [one.code, one.field, one.requestId] : []))
  expect(parts).toEqual([
    ['NON_VALIDATING_IN_PAYLOAD', 'username', id],
    [undefined, undefined, undefined],
  ])
  expect(errors.map(String).join()).not.toContain('pw1')
})
