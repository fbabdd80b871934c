import { describe, expect, test } from 'vitest'
import type { Settings } from '../../../src/apis/emulator.ts'
import { at, type Bench, bench, call, listAt, verdict } from '../harness.ts'

const blocked = `api-${'b'.repeat(32)}`
const domain = { domain: 'shop.example' }
const raw = (emulator: Bench, body: string) => {
  return call('POST', `${emulator.smtp2go}/webhook/view`, { 'x-smtp2go-api-key': emulator.apiKey }, body)
}
type Refused = readonly [keyof Settings, number, (emulator: Bench) => Promise<{ readonly status: number }>]
const refusals: readonly Refused[] = [
  ['blockedKeyStatus', 401, (emulator) => emulator.post('/webhook/view', {}, { 'x-smtp2go-api-key': blocked })],
  ['exceptionStatus', 409, (emulator) => emulator.post('/template/view', { id: 'absent' })],
  ['unknownSubaccountStatus', 404, (emulator) => emulator.post('/webhook/view', { subaccount_id: 'absent' })],
  ['malformedJsonStatus', 422, (emulator) => raw(emulator, '{')],
  ['wrongMethodStatus', 404, (emulator) => emulator.patch('/webhook/view')],
  ['unknownPathStatus', 400, (emulator) => emulator.post('/nothing')],
  ['bodyTooLargeStatus', 400, (emulator) => raw(emulator, ' '.repeat(1_100_000))],
  ['wrongTypeStatus', 400, (emulator) => emulator.office('POST', '/signin', {}, { 'content-type': 'text/plain' })],
]

describe('settings of statuses', () => {
  test.each(refusals)('%s can be %i', async (name, status, send) => {
    await using emulator = await bench({ seed: { smtp2go: { keys: [{ api_key: blocked, status: 'blocked' }] } } })
    expect((await send(emulator)).status).not.toBe(status)
    emulator.settings({ [name]: status })
    expect((await send(emulator)).status).toBe(status)
  })

  test('ipListStatus can be 401', async () => {
    await using emulator = await bench({ settings: { ipListStatus: 401 } })
    await emulator.post('/ip_allow_list', { type: 'api', enabled: true })
    expect((await emulator.post('/webhook/view')).status).toBe(401)
  })

  test('statusDisabled refuses to test a disabled provider', async () => {
    const providers = [{ id: 1, isEnabled: false }]
    await using emulator = await bench({ seed: { backoffice: { providers } }, settings: { statusDisabled: 'refuse' } })
    expect((await emulator.office('GET', '/mail/providers/1/status')).status).toBe(400)
  })
})

describe('settings of behaviour', () => {
  test('needsJsonContentType refuses a body that does not say what it is', async () => {
    await using emulator = await bench({ settings: { needsJsonContentType: true } })
    expect((await raw(emulator, '{}')).status).toBe(400)
    expect((await emulator.post('/webhook/view')).status).toBe(200)
  })

  test('postEditPassword makes a POST edit without a password make a new one', async () => {
    await using emulator = await bench({ settings: { postEditPassword: 'generate', smtpPasswordReadback: 'echo' } })
    const password = (reply: { readonly data: Parameters<typeof at>[0] }) =>
      at(reply.data, 'results', 0, 'email_password')
    const before = password(await emulator.post('/users/smtp/add', { username: 'printer' }))
    expect(password(await emulator.post('/users/smtp/edit', { username: 'printer' }))).not.toBe(before)
  })

  test('reverifyMinutes null leaves verification to the caller', async () => {
    let now = 0
    await using emulator = await bench({ now: () => new Date(now), settings: { reverifyMinutes: null } })
    await emulator.post('/domain/add', domain)
    emulator.settings({ publishedDns: 'all' })
    now = 86_400_000
    const view = await emulator.post('/domain/view')
    expect(at(view.data, 'domains', 0, 'domain', 'dkim_verified')).toBe(false)
  })

  test('verifiedForever off forgets a record that is gone', async () => {
    await using emulator = await bench({ settings: { publishedDns: 'all' } })
    await emulator.post('/domain/add', domain)
    emulator.settings({ publishedDns: 'none' })
    const verified = async () =>
      at((await emulator.post('/domain/verify', domain)).data, 'domains', 0, 'domain', 'dkim_verified')
    expect(await verified()).toBe(true)
    emulator.settings({ verifiedForever: false })
    expect(await verified()).toBe(false)
  })

  test('trackerEnabled and domainRemoveAnswer choose between two readings of the examples', async () => {
    await using emulator = await bench({ settings: { trackerEnabled: 'always', domainRemoveAnswer: 'remaining' } })
    const added = await emulator.post('/domain/add', domain)
    expect(at(added.data, 'domains', 0, 'trackers', 0, 'enabled')).toBe(true)
    await emulator.post('/domain/add', { domain: 'two.example' })
    const removed = await emulator.post('/domain/remove', domain)
    expect(listAt(removed.data, 'domains').map((one) => at(one, 'domain', 'fulldomain'))).toEqual(['two.example'])
  })

  test('onlyConnectionRule off lets the only provider be disabled', async () => {
    const providers = [{ id: 1 }]
    await using emulator = await bench({ seed: { backoffice: { providers } }, settings: { onlyConnectionRule: false } })
    expect((await emulator.office('PATCH', '/mail/providers/1', { isEnabled: false })).status).toBe(200)
  })

  test('refreshTokenSeconds and signinAttempts bound a sign-in', async () => {
    let now = 0
    const settings = { refreshTokenSeconds: 1, signinAttempts: null }
    await using emulator = await bench({ now: () => new Date(now), settings })
    const user = { email: 'admin@example.com', password: 'emulator-password' }
    for (let n = 0; n < 9; n += 1) expect((await emulator.office('POST', '/signin', user)).status).toBe(200)
    const { body } = await emulator.office('POST', '/signin', user)
    now = 2000
    expect(
      (await emulator.office('POST', '/refresh', { refreshToken: at(body, 'refreshToken', 'token') })).status,
    ).toBe(401)
  })

  test('exceptionStatus leaves validation alone', async () => {
    await using emulator = await bench({ settings: { exceptionStatus: 500 } })
    expect(verdict(await emulator.post('/template/view', {}))).toBe('400 NON_VALIDATING_IN_PAYLOAD id')
  })
})
