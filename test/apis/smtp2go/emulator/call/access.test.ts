import { describe, expect, test } from 'vitest'
import { at, bench, call, verdict } from '../../../../emulator/harness.ts'

const key = (letter: string) => `api-${letter.repeat(32)}`

describe('authentication', () => {
  test('takes the key from the header, the body or a bearer header', async () => {
    await using emulator = await bench()
    const url = `${emulator.smtp2go}/webhook/view`
    const inBody = JSON.stringify({ api_key: emulator.apiKey })
    const statuses = [
      await call('POST', url, { 'x-smtp2go-api-key': emulator.apiKey }, '{}'),
      await call('POST', url, {}, inBody),
      await call('POST', url, { authorization: `Bearer ${emulator.apiKey}` }, '{}'),
    ].map(({ status }) => status)
    expect(statuses).toEqual([200, 200, 200])
  })

  test('a missing or malformed key is told apart from an unknown one', async () => {
    await using emulator = await bench()
    expect(verdict(await call('POST', `${emulator.smtp2go}/webhook/view`, {}, '{}'))).toBe(
      '403 INVALID_IN_PAYLOAD api_key',
    )
    const send = async (text: string) =>
      verdict(await emulator.post('/webhook/view', {}, { 'x-smtp2go-api-key': text }))
    expect(await send('api-short')).toBe('403 INVALID_IN_PAYLOAD api_key')
    expect(await send(key('z'))).toBe('400 API_EXCEPTION')
    emulator.settings({ unknownKeyStatus: 500 })
    expect(await send(key('z'))).toBe('500 API_EXCEPTION')
  })

  test('a key reaches the endpoints it lists and nothing else', async () => {
    const keys = [
      { api_key: key('a'), endpoints: ['/webhook/*'] },
      { api_key: key('b'), endpoints: ['/template/view'] },
      { api_key: key('c'), endpoints: ['*'], status: 'blocked' },
    ]
    await using emulator = await bench({ seed: { smtp2go: { keys } } })
    const send = async (letter: string, path: string) =>
      verdict(await emulator.post(path, {}, { 'x-smtp2go-api-key': key(letter) }))
    expect(await send('a', '/webhook/view')).toBe('200 ok')
    expect(await send('a', '/template/search')).toBe('400 ENDPOINT_PERMISSION_DENIED')
    expect(await send('b', '/webhook/view')).toBe('400 ENDPOINT_PERMISSION_DENIED')
    expect(await send('b', '/api_keys/permissions')).toBe('200 ok')
    expect(await send('c', '/webhook/view')).toBe('400 API_EXCEPTION')
    emulator.settings({ permissionDeniedStatus: 403 })
    expect(await send('a', '/template/search')).toBe('403 ENDPOINT_PERMISSION_DENIED')
  })

  test('an API allow list without the caller locks it out, until it is off or holds the caller', async () => {
    await using emulator = await bench()
    await emulator.post('/ip_allow_list/add', { type: 'api', ip_address: '10.0.0.0/8' })
    expect((await emulator.post('/ip_allow_list', { type: 'api', enabled: true })).status).toBe(200)
    const refused = await emulator.post('/webhook/view')
    expect(verdict(refused)).toBe('403 API_EXCEPTION')
    expect(at(refused.data, 'error')).toContain("isn't in the IP allow list")
    emulator.settings({ clientAddress: '10.1.2.3' })
    expect((await emulator.post('/webhook/view')).status).toBe(200)
    emulator.settings({ clientAddress: null, enforceApiIpList: false })
    expect((await emulator.post('/webhook/view')).status).toBe(200)
  })
})

describe('refusals', () => {
  test('unknown paths, wrong methods, bad JSON and large bodies each have a status of their own', async () => {
    await using emulator = await bench()
    const headers = { 'x-smtp2go-api-key': emulator.apiKey }
    expect((await emulator.post('/email/forget')).status).toBe(404)
    expect((await call('GET', `${emulator.smtp2go}/webhook/view`, headers)).status).toBe(405)
    expect((await emulator.patch('/webhook/view')).status).toBe(405)
    expect(verdict(await call('POST', `${emulator.smtp2go}/webhook/view`, headers, '{"a":'))).toBe(
      '400 NON_VALIDATING_IN_PAYLOAD',
    )
    expect(verdict(await call('POST', `${emulator.smtp2go}/webhook/view`, headers, '[]'))).toBe(
      '400 NON_VALIDATING_IN_PAYLOAD',
    )
    expect((await emulator.post('/template/view', { id: 'x'.repeat(1_100_000) })).status).toBe(413)
  })

  test('unknown fields are ignored, wrong types are refused by name', async () => {
    await using emulator = await bench()
    expect((await emulator.post('/webhook/view', { nonsense: 1 })).status).toBe(200)
    expect(verdict(await emulator.post('/allowed_senders/add', {}))).toBe(
      '400 NON_VALIDATING_IN_PAYLOAD allowed_senders',
    )
    expect(verdict(await emulator.post('/allowed_senders/add', { allowed_senders: 'a.example' }))).toContain(
      'allowed_senders',
    )
    const mode = await emulator.post('/allowed_senders/update', { allowed_senders: [], mode: 'greylist' })
    expect(at(mode.data, 'field_validation_errors', 'message')).toBe(
      "The field 'mode' was expecting a value from the allowed list ['whitelist', 'blacklist', 'disabled'] but instead found greylist, Please correct your JSON payload and try again.",
    )
    const sender = await emulator.post('/single_sender_emails/add', { email_address: 'nobody' })
    expect(at(sender.data, 'field_validation_errors', 'message')).toBe(
      "The field 'email_address' was expecting a valid RFC-822 formatted email field but found 'nobody'",
    )
  })

  test('the flat shape puts the error beside the request id', async () => {
    await using emulator = await bench({ settings: { errorShape: 'flat' } })
    const { body } = await emulator.post('/template/view', { id: 'nothing' })
    expect(body).toMatchObject({ request_id: expect.any(String), error_code: 'E_ApiResponseCodes.API_EXCEPTION' })
  })

  test('calls are limited when a setting says so, with and without Retry-After', async () => {
    await using emulator = await bench({ settings: { rateLimitPerSecond: 2, retryAfter: 7 }, now: () => new Date(0) })
    const replies = [
      await emulator.post('/webhook/view'),
      await emulator.post('/webhook/view'),
      await emulator.post('/webhook/view'),
    ]
    expect(replies.map(verdict)).toEqual(['200 ok', '200 ok', '429 REQ_LIMIT_EXCEEDED'])
    expect(replies[2]?.headers.get('retry-after')).toBe('7')
    emulator.settings({ retryAfter: null })
    expect((await emulator.post('/webhook/view')).headers.get('retry-after')).toBeNull()
  })

  test('documented limits are counted on request and forgotten after their window', async () => {
    let now = 0
    await using emulator = await bench({ settings: { enforceDocumentedLimits: true }, now: () => new Date(now) })
    for (let n = 0; n < 5; n += 1) expect((await emulator.post('/api_keys/add')).status).toBe(200)
    expect(verdict(await emulator.post('/api_keys/add'))).toBe('429 REQ_LIMIT_EXCEEDED')
    now = 61_000
    expect((await emulator.post('/api_keys/add')).status).toBe(200)
  })
})
