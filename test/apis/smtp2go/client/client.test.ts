import { describe, expect, onTestFinished, test } from 'vitest'
import { type Smtp2goOptions, smtp2go } from '../../../../src/apis/smtp2go/client/client.ts'
import { checkKey } from '../../../../src/apis/smtp2go/client/key.ts'
import { SMTP2GO_HOSTS } from '../../../../src/apis/smtp2go/client/regions.ts'
import { OPERATIONS, READS } from '../../../../src/apis/smtp2go/operations/operations.ts'
import { breakOff, errorOf, fastClock, json, KEY, type Reply, serve, text } from '../../../http/server.ts'

async function open(replies: Reply[], options: Partial<Smtp2goOptions> = {}) {
  const server = await serve(...replies)
  const client = smtp2go({ apiKey: KEY, url: `${server.url}/v3`, clock: fastClock(), random: () => 0, ...options })
  onTestFinished(() => client.close())
  return { ...server, client }
}

const refusal = (error_code: string, error: string, more: object = {}) => ({
  request_id: 'r-1',
  data: { error, error_code: `E_ApiResponseCodes.${error_code}`, ...more },
})
const UNKNOWN_KEY = refusal('API_EXCEPTION', "An API User matching the passed 'api_key' was not found")

describe('the client', () => {
  test('sends the key in the header alone and takes data out of the envelope', async () => {
    const data = { results: [{ username: 'ann' }] }
    const { client, seen } = await open([json(200, { request_id: 'r', data })])
    expect(await client.call('/users/smtp/view', { username: 'ann' })).toEqual(data)
    expect(seen).toMatchObject([
      { method: 'POST', url: '/v3/users/smtp/view', headers: { 'x-smtp2go-api-key': KEY }, body: '{"username":"ann"}' },
    ])
  })

  test('patches with PATCH, and sends an empty object where nothing is asked for', async () => {
    const { client, seen } = await open([
      json(200, { data: [{ username: 'ann' }] }),
      json(200, { data: ['/email/send'] }),
    ])
    expect(await client.patch('/users/smtp/edit', { username: 'ann', status: 'blocked' })).toEqual([
      { username: 'ann' },
    ])
    expect(await client.call('/api_keys/permissions')).toEqual(['/email/send'])
    expect(seen.map(({ method, url, body }) => [method, url, body])).toEqual([
      ['PATCH', '/v3/users/smtp/edit', '{"username":"ann","status":"blocked"}'],
      ['POST', '/v3/api_keys/permissions', '{}'],
    ])
  })

  test('knows the host of every region', () => {
    const hosts = (['global', 'us', 'eu', 'au'] as const).map((region) => smtp2go({ apiKey: KEY, region }).host)
    expect(hosts).toEqual(['api.smtp2go.com', 'us-api.smtp2go.com', 'eu-api.smtp2go.com', 'au-api.smtp2go.com'])
    expect(Object.values(SMTP2GO_HOSTS).every((url) => url.startsWith('https://') && url.endsWith('/v3'))).toBe(true)
  })

  test('never repeats an operation that adds, edits or removes', () => {
    const reading =
      /^\/(stats|archive)\/|\/(view|search|permissions|summary|usage|view-sent|view-received|subaccountsmsusage)$/
    expect(READS.every((name) => reading.test(name))).toBe(true)
    const others = Object.keys(OPERATIONS).filter((name) => !READS.some((read) => read === name))
    expect(others.some((name) => reading.test(name))).toBe(false)
  })
})

describe('a key', () => {
  test.each([
    [KEY, undefined],
    ['', 'error'],
    [`${KEY.slice(0, 16)}${'*'.repeat(20)}`, 'error'],
    [`${KEY}\n`, 'error'],
    ['my key', 'error'],
    ['sk-1234', 'warning'],
    [KEY.slice(0, 16), 'warning'],
  ])('%j is judged by its look', (key, severity) => {
    const found = checkKey(key)
    expect(found?.severity).toBe(severity)
    if (key !== '') expect(found?.message ?? '').not.toContain(key)
  })

  test('that is masked is refused before anything is sent', () => {
    expect(() => smtp2go({ apiKey: 'api-0123456789ab********************' })).toThrow('a masked key is not a key')
  })

  test('that looks odd is tried, and its look is the hint if it fails', async () => {
    const { client } = await open([json(400, UNKNOWN_KEY)], { apiKey: 'odd' })
    expect(await errorOf(client.call('/webhook/view'))).toMatchObject({
      kind: 'auth',
      hint: expect.stringContaining('32 letters and digits'),
    })
  })
})

describe('an error answer', () => {
  const flat = { request_id: 'r-1', error: 'no', error_code: 'E_ApiResponseCodes.API_EXCEPTION' }
  const wrongField = { field_validation_errors: { fieldname: 'username', message: 'too short' } }
  test.each([
    ['an unknown key at 400', 400, UNKNOWN_KEY, 'auth'],
    ['an unknown key at 401', 401, UNKNOWN_KEY, 'auth'],
    ['an unknown key at 500', 500, UNKNOWN_KEY, 'auth'],
    ['an absent key', 403, refusal('INVALID_IN_PAYLOAD', 'Invalid'), 'auth'],
    [
      'an endpoint the key lacks',
      400,
      refusal('ENDPOINT_PERMISSION_DENIED', 'You do not have permission'),
      'permission',
    ],
    [
      'a machine that is not on the list',
      400,
      refusal('API_EXCEPTION', "This request is coming from an IP address that isn't in the IP allow list"),
      'auth',
    ],
    ['too many calls', 400, refusal('REQ_LIMIT_EXCEEDED', 'This endpoint is rate limited'), 'rate'],
    ['a wrong field', 400, refusal('NON_VALIDATING_IN_PAYLOAD', 'wrong', wrongField), 'refused'],
    [
      'a missing object',
      400,
      refusal('API_EXCEPTION', "An error occurred deleting sender email a@b.c or it doesn't exist"),
      'missing',
    ],
    ['a missing object, said otherwise', 400, refusal('API_EXCEPTION', 'No template matching that id'), 'missing'],
    ['a missing object at 500', 500, refusal('API_EXCEPTION', 'User not found'), 'missing'],
    ['a missing subaccount', 400, refusal('API_EXCEPTION', 'The subaccount was not found'), 'refused'],
    [
      'a duplicate',
      400,
      refusal('API_EXCEPTION', 'A sender domain matching the passed value of a.b already exists'),
      'refused',
    ],
    ['a flat body', 400, flat, 'refused'],
    ['an error with status 200', 200, flat, 'refused'],
    ['a plan that is too small', 402, refusal('API_EXCEPTION', 'please upgrade'), 'refused'],
    ['a failing server', 500, refusal('API_EXCEPTION', 'oops'), 'server'],
    ['an error without a text', 404, {}, 'shape'],
  ])('about %s is told apart', async (_name, status, body, kind) => {
    const { client } = await open([json(status, body)])
    const error = await errorOf(client.call('/users/smtp/remove', { username: 'ann' }))
    expect(error).toMatchObject({ kind, status, method: 'POST', path: '/users/smtp/remove', account: 'smtp2go' })
    if ('request_id' in body) expect(error.requestId).toBe('r-1')
    expect(error.ambiguous).toBe(kind === 'server' || kind === 'shape')
  })

  test('about an unknown key says which host was asked and that keys belong to a region', async () => {
    const { client, url } = await open([json(500, UNKNOWN_KEY)])
    const { hint } = await errorOf(client.call('/webhook/view'))
    expect(hint).toContain(new URL(url).host)
    expect(hint).toContain('region')
  })

  test('about a permission names the endpoint to add', async () => {
    const { client } = await open([json(400, refusal('ENDPOINT_PERMISSION_DENIED', 'You do not have permission'))])
    expect((await errorOf(client.call('/domain/view'))).hint).toBe('add "/domain/view" to the endpoints of the API key')
  })

  test('names the field, whether it comes as an object, an array or a map', async () => {
    const forms = [wrongField.field_validation_errors, [wrongField.field_validation_errors], { username: 'too short' }]
    for (const field_validation_errors of forms) {
      const { client } = await open([
        json(400, refusal('NON_VALIDATING_IN_PAYLOAD', 'wrong', { field_validation_errors })),
      ])
      const error = await errorOf(client.call('/users/smtp/add', { username: 'a' }))
      expect(error).toMatchObject({ kind: 'refused', field: 'username', code: 'NON_VALIDATING_IN_PAYLOAD' })
      expect(error.message).toContain('too short')
    }
  })

  test('says whether an entry of an IP allow list is missing or this machine is', async () => {
    const { client } = await open([json(400, refusal('API_EXCEPTION', '192.0.2.1 is not in the IP allow list'))])
    expect((await errorOf(client.call('/ip_allow_list/remove', { ip_address: '192.0.2.1' }))).kind).toBe('missing')
    expect((await errorOf(client.call('/webhook/view'))).kind).toBe('auth')
  })

  test('about too many calls ends as such once the tries are used up', async () => {
    const { client, seen } = await open([json(429, refusal('REQ_LIMIT_EXCEEDED', 'slow down'))])
    expect(await errorOf(client.call('/webhook/view'))).toMatchObject({ kind: 'rate', status: 429 })
    expect(seen).toHaveLength(4)
  })
})

describe('an answer of the wrong shape is an error, never an empty list', () => {
  const read = { results: [] }
  test.each([
    [
      'HTML',
      text(200, 'text/html; charset=utf-8', '<html>\n<body>Log in</body></html>'),
      'text/html instead of JSON: <html> <body>Log in',
    ],
    ['a text type', text(200, 'text/plain', '{"data":{"results":[]}}'), 'text/plain instead of JSON'],
    ['an empty body', text(200, 'application/json', ' '), 'an empty body'],
    ['truncated JSON', text(200, 'application/json', '{"data":{"results":[{"email_password":"s3'), 'breaks off'],
    ['a compressed body', json(200, { data: read }, { 'content-encoding': 'gzip' }), 'compressed'],
    ['an array', json(200, [read]), 'no object'],
    ['no data', json(200, { request_id: 'r', results: [] }), '"data" is missing'],
    ['data that is null', json(200, { data: null }), 'the list "results"'],
    ['data that is an array', json(200, { data: [] }), 'the list "results"'],
    ['another list', json(200, { data: { users: [] } }), 'the list "results"'],
    ['a list that is none', json(200, { data: { results: {} } }), 'the list "results"'],
  ])('%s', async (_name, reply, message) => {
    const { client } = await open([reply])
    const error = await errorOf(client.call('/users/smtp/view'))
    expect(error).toMatchObject({ kind: 'shape', ambiguous: false })
    expect(error.message).toContain(message)
    expect(error.message).not.toContain('s3')
    expect(error.message.length).toBeLessThan(250)
    expect(await errorOf(client.call('/users/smtp/add', { username: 'ann' }))).toMatchObject({
      kind: 'shape',
      ambiguous: true,
    })
  })

  test.each([
    [401, 'auth'],
    [403, 'permission'],
    [404, 'shape'],
    [500, 'server'],
  ])('HTML with status %i is of kind %s', async (status, kind) => {
    const { client } = await open([text(status, 'text/html', '<h1>no</h1>')])
    expect(await errorOf(client.call('/users/smtp/view'))).toMatchObject({ kind, status })
  })

  test('a body cut off by the network is ambiguous for a change', async () => {
    const { client } = await open([breakOff])
    const error = await errorOf(client.call('/users/smtp/add', { username: 'ann' }))
    expect(error).toMatchObject({ kind: 'network', ambiguous: true })
  })
})

describe('what the vendor leaves open', () => {
  const one = { id: 7, url: 'https://example.com', events: [] }
  test.each([
    ['a bare list', [one], [one]],
    ['a bare empty list', [], []],
    ['one object', one, [one]],
    ['a list inside', { webhooks: [one] }, [one]],
  ])('webhooks may come as %s', async (_name, data, list) => {
    const { client } = await open([json(200, { data })])
    expect(await client.call('/webhook/view')).toEqual(list)
  })

  test('an object that is no webhook is not read as none', async () => {
    const { client } = await open([json(200, { data: {} })])
    expect(await errorOf(client.call('/webhook/view'))).toMatchObject({ kind: 'shape' })
  })

  test('a single sender may be added without data in the answer', async () => {
    const { client } = await open([json(200, { just_returns_this: 'ok' }), json(200, { request_id: 'r', data: 'OK' })])
    expect(await client.call('/single_sender_emails/add', { email_address: 'a@example.com' })).toBeNull()
    expect(await client.call('/single_sender_emails/remove', { email_address: 'a@example.com' })).toBe('OK')
  })

  test('the request id may stand inside data', async () => {
    const { client } = await open([json(200, { data: { request_id: 'r', senders: [] } })])
    expect(await client.call('/single_sender_emails/view')).toMatchObject({ senders: [] })
  })

  test('a path that is not one of the operations is sent, and its data not looked into', async () => {
    const { client } = await open([json(200, { data: 5 })])
    expect(await client.send({ method: 'POST', path: '/fax/summary', reads: true })).toBe(5)
  })
})

test('the compiler knows what an operation takes and answers', () => {
  const client = smtp2go({ apiKey: KEY })
  const never = async () => {
    // @ts-expect-error a field that is not there
    await client.call('/users/smtp/view', { user: 'ann' })
    // @ts-expect-error a required field is missing
    await client.call('/users/smtp/add', {})
    // @ts-expect-error a body is missing
    await client.call('/domain/add')
    // @ts-expect-error there is no PATCH for it
    await client.patch('/webhook/edit', { id: 1 })
    // @ts-expect-error there is no POST for it
    await client.call('/ip_auth/edit', { ip_address: '192.0.2.1' })
    // @ts-expect-error no such operation
    await client.call('/users/smtp/patch', {})
    // @ts-expect-error not a status
    await client.patch('/users/smtp/edit', { username: 'ann', status: 'off' })
    const { results } = await client.call('/users/smtp/view')
    const names: readonly string[] = results.map((user) => user.username)
    return names
  }
  expect(never).toBeTypeOf('function')
})
