import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { backoffice } from '../../src/apis/backoffice/client/client.ts'
import { type Emulator, startEmulator } from '../../src/apis/emulator.ts'
import { sender } from '../../src/apis/sender.ts'
import { type Smtp2goOptions, smtp2go } from '../../src/apis/smtp2go/client/client.ts'
import { isOperation, OPERATIONS } from '../../src/apis/smtp2go/operations/operations.ts'
import { Secret } from '../../src/model/secret.ts'
import { errorOf, fastClock, KEY } from '../http/server.ts'

const PASSWORD = 'Gr3en-Ladder!Cloud42'
const seed = {
  smtp2go: {
    keys: [{ api_key: KEY, endpoints: ['*'] }],
    scopes: {
      '': {
        ipAuth: [{ ip_address: '192.0.2.9' }],
        dedicatedIps: [{ id: 12, name: 'pool', ip_addresses: ['192.0.2.1'] }],
        messages: [{ email_id: 'kept-1', time: new Date().toISOString(), archived: true }],
      },
    },
  },
}

let emulator: Emulator

beforeEach(async () => {
  emulator = await startEmulator({ port: 0, seed })
  return () => emulator.close()
})

function mail(more: Partial<Smtp2goOptions> = {}) {
  const client = smtp2go({
    apiKey: emulator.apiKey,
    url: emulator.smtp2go,
    clock: fastClock(),
    random: () => 0,
    ...more,
  })
  onTestFinished(() => client.close())
  return client
}

function office(token: Secret | string = emulator.token) {
  const client = backoffice({ url: emulator.backoffice, token, clock: fastClock(), random: () => 0 })
  onTestFinished(() => client.close())
  return client
}

describe('against the emulator of SMTP2GO', () => {
  test('every operation is called, typed, and answers what it documents', async () => {
    const { call, patch } = mail()

    expect(
      await call('/allowed_senders/update', { allowed_senders: ['a@example.com'], mode: 'disabled' }),
    ).toMatchObject({ mode: 'disabled' })
    expect((await call('/allowed_senders/add', { allowed_senders: ['example.net'] })).allowed_senders).toEqual([
      'a@example.com',
      'example.net',
    ])
    expect((await call('/allowed_senders/remove', { allowed_senders: ['a@example.com'] })).allowed_senders).toEqual([
      'example.net',
    ])
    expect(await call('/allowed_senders/view')).toEqual({ allowed_senders: ['example.net'], mode: 'disabled' })

    await call('/allowed_recipients/update', { allowed_recipients: ['example.org'], enabled: true })
    await call('/allowed_recipients/add', { allowed_recipients: ['b@example.org'] })
    await call('/allowed_recipients/remove', { allowed_recipients: ['example.org'] })
    expect((await call('/allowed_recipients/view')).allowed_recipients).toEqual(['b@example.org'])

    const [made] = await call('/api_keys/add', { description: 'ci', endpoints: ['/email/send'] })
    const id = made?.api_key ?? ''
    expect(id).toMatch(/^api-\w{32}$/)
    expect((await call('/api_keys/edit', { id, description: 'ci 2' }))[0]?.description).toBe('ci 2')
    expect((await patch('/api_keys/edit', { id, status: 'blocked' }))[0]?.status).toBe('blocked')
    expect((await call('/api_keys/view', { id }))[0]?.api_key).toContain('****')
    await call('/api_keys/remove', { id })
    expect(await call('/api_keys/view')).toHaveLength(1)
    expect(await call('/api_keys/permissions')).toContain('*')
    expect(await call('/dedicated_ips/view')).toEqual([{ id: 12, name: 'pool', ip_addresses: ['192.0.2.1'] }])

    const { domains } = await call('/domain/add', {
      domain: 'example.com',
      tracking_subdomain: 'link',
      auto_verify: false,
    })
    expect(domains[0]?.domain.fulldomain).toBe('example.com')
    const selector = domains[0]?.domain.rpath_selector ?? ''
    await call('/domain/tracking', { domain: 'example.com', old_subdomain: 'link', new_subdomain: 'click' })
    await call('/domain/returnpath', { domain: 'example.com', old_subdomain: selector, new_subdomain: 'bounce' })
    await call('/domain/verify', { domain: 'example.com' })
    const access = { domain: 'example.com', subaccounts: [], future_subaccounts: true }
    expect(await call('/domain/subaccount_access', access)).toEqual(access)
    expect((await call('/domain/view')).domains[0]?.trackers[0]?.subdomain).toBe('click')
    await call('/domain/remove', { domain: 'example.com' })
    expect((await call('/domain/view', { domain: 'example.com' })).domains).toEqual([])

    expect(await call('/ip_allow_list', { enabled: false })).toEqual({ enabled: false })
    await call('/ip_allow_list/add', { ip_address: '192.0.2.1', description: 'a', type: 'smtp' })
    await call('/ip_allow_list/edit', { ip_address: '192.0.2.1', new_ip_address: '192.0.2.2', description: 'b' })
    const entries = [{ ip_address: '192.0.2.2', description: 'b' }]
    expect(await call('/ip_allow_list/view')).toEqual({ enabled: false, ip_addresses: entries })
    await call('/ip_allow_list/remove', { ip_address: '192.0.2.2' })

    const [edited] = await patch('/ip_auth/edit', { ip_address: '192.0.2.9', description: 'printer' })
    expect(edited?.description).toBe('printer')
    expect((await call('/ip_auth/view')).results[0]).toMatchObject({ ip_address: '192.0.2.9', description: 'printer' })
    await call('/ip_auth/remove', { ip_address: '192.0.2.9' })

    await call('/single_sender_emails/add', { email_address: 'c@example.com' })
    expect((await call('/single_sender_emails/view')).senders).toEqual([
      { email_address: 'c@example.com', verified: false },
    ])
    await call('/single_sender_emails/remove', { email_address: 'c@example.com' })

    const sub = await call('/subaccount/add', { fullname: 'Team A', limit: 10_000 })
    expect(await call('/subaccount/edit', { id: sub.id, fullname: 'Team B' })).toMatchObject({ name: 'Team B' })
    await call('/subaccount/close', { id: sub.id })
    await call('/subaccount/reopen', { id: sub.id })
    const found = await call('/subaccounts/search', { search_terms: ['Team'], states: 'active' })
    expect(found).toMatchObject({ total_count: 1, subaccounts: [{ id: sub.id, name: 'Team B' }] })

    expect(await call('/suppression/add', { email_address: 'd@example.com', block_description: 'why' })).toMatchObject({
      added: true,
    })
    const { results } = await call('/suppression/view', { start_date: '2020-01-01' })
    expect(results).toMatchObject([{ email_address: 'd@example.com', reason: 'manual', block_description: 'why' }])
    const gone = await call('/suppression/remove', { email_address: 'd@example.com', reasons: ['manual'] })
    expect(gone.suppressions).toMatchObject([{ removed: true }])

    const template = { id: 'hello', template_name: 'Hello', subject: 'Hi', html_body: '<p>', text_body: 'hi' }
    expect(await call('/template/add', template)).toMatchObject({ id: 'hello', template_name: 'Hello' })
    await call('/template/edit', { id: 'hello', subject: 'Hi!' })
    expect(await call('/template/view', { id: 'hello' })).toMatchObject({ name: 'Hello', subject: 'Hi!' })
    expect((await call('/template/search', {})).templates).toMatchObject([{ id: 'hello' }])
    await call('/template/delete', { id: 'hello' })

    const added = await call('/users/smtp/add', { username: 'ann@example.com', email_password: PASSWORD })
    expect(added.results).toMatchObject([{ username: 'ann@example.com' }])
    await call('/users/smtp/edit', { username: 'ann@example.com', description: 'x' })
    await patch('/users/smtp/edit', { username: 'ann@example.com', status: 'blocked' })
    expect((await call('/users/smtp/view')).results).toMatchObject([{ description: 'x', status: 'blocked' }])
    await call('/users/smtp/remove', { username: 'ann@example.com' })
    expect((await call('/users/smtp/view')).results).toEqual([])

    const hook = await call('/webhook/add', { url: 'https://example.com/hook', events: ['bounce'] })
    await call('/webhook/edit', { id: hook.id, events: ['spam'] })
    expect(await call('/webhook/view')).toMatchObject([{ id: hook.id, events: ['spam'] }])
    await call('/webhook/remove', { id: hook.id })
    expect(await call('/webhook/view')).toEqual([])

    expect(await call('/stats/email_cycle')).toMatchObject({
      cycle_used: 0,
      cycle_remaining: 10_000,
      cycle_max: 10_000,
    })
    const none = { emails: 0, rejects: 0 }
    expect(await call('/stats/email_bounces', { username: 'ann' })).toMatchObject({ ...none, bounce_percent: '0.00' })
    expect(await call('/stats/email_spam')).toEqual({ ...none, spams: 0, spam_percent: '0.00' })
    expect(await call('/stats/email_unsubs')).toEqual({ ...none, unsubscribes: 0, unsubscribe_percent: '0.00' })
    expect(await call('/stats/email_summary')).toMatchObject({ cycle_max: 10_000, email_count: 0, opens: 0 })
    expect((await call('/stats/email_history', { group_by: 'username' })).history).toEqual([])

    const message = { sender: 'ann@example.com', to: ['b@example.org'], subject: 'x', text_body: 'x' }
    const schedule = new Date(Date.now() + 3_600_000).toISOString()
    const sent = await call('/email/send', message)
    expect(sent).toMatchObject({ succeeded: expect.any(Number), failed: expect.any(Number) })
    const { schedule_id = '' } = await call('/email/send', { ...message, schedule })
    expect(await call('/email/scheduled/search', { schedule_id })).toMatchObject([{ schedule_id, subject: 'x' }])
    await call('/email/scheduled/remove', { schedule_id })
    expect(await call('/email/batch', { emails: [message] })).toHaveLength(1)
    const mime_email = Buffer.from('From: ann@example.com\r\nTo: b@example.org\r\n\r\nx').toString('base64')
    expect(await call('/email/mime', { mime_email })).toHaveProperty('email_id')
    expect(await call('/email/search', {})).toHaveProperty('emails')
    expect((await call('/activity/search', {})).events).toBeInstanceOf(Array)
    expect((await call('/archive/search', {})).email_count).toBe(1)
    expect(await call('/archive/email', { email_id: 'kept-1' })).toMatchObject({ email_id: 'kept-1' })
    expect(await call('/sms/send', { destination: ['+15550100'], content: 'x' })).toMatchObject({ total_sent: 1 })
    expect(await call('/sms/summary', {})).toMatchObject({ total_messages: 1, total_units: 1 })
    expect((await call('/sms/view-sent', {})).messages).toHaveLength(1)
    expect((await call('/sms/view-received', {})).messages).toEqual([])
    const inside = await call('/subaccount/add', { fullname: 'Invited' })
    await call('/subaccount/reinvite', { id: inside.id })
    expect((await call('/subaccounts/usage', {})).subaccounts).not.toEqual([])
    expect((await call('/subaccount/subaccountsmsusage', {})).subaccounts).not.toEqual([])

    const called = emulator.requests().map(({ method, path }) => {
      const name = path.replace('/v3', '')
      return method === 'PATCH' ? `PATCH ${name}` : name
    })
    expect(Object.keys(OPERATIONS).filter((name) => !called.includes(name))).toEqual([])
    expect(called.every(isOperation)).toBe(true)
    expect(emulator.requests().every(({ status }) => status === 200)).toBe(true)
  })

  test('what the client calls a change is what the emulator calls one', async () => {
    const { call } = mail()
    for (const name of Object.keys(OPERATIONS).filter(isOperation)) {
      if (!name.startsWith('PATCH ')) await call(name as '/webhook/view', {}).catch(() => undefined)
    }
    const differing = emulator.requests().filter(({ path, writes }) => {
      const name = path.replace('/v3', '')
      return isOperation(name) && OPERATIONS[name].reads === writes
    })
    expect(differing.map(({ path }) => path)).toEqual([])
  })

  test.each(['nested', 'flat'] as const)('errors of the %s shape are told apart', async (errorShape) => {
    emulator.settings({ errorShape, enforceApiIpList: true })
    const { call } = mail()
    expect(await errorOf(call('/users/smtp/remove', { username: 'nobody' }))).toMatchObject({ kind: 'missing' })
    expect(await errorOf(call('/users/smtp/add', { username: 'a' }))).toMatchObject({
      kind: 'refused',
      field: 'username',
    })
    await call('/domain/add', { domain: 'example.com' })
    expect(await errorOf(call('/domain/add', { domain: 'example.com' }))).toMatchObject({ kind: 'refused' })
    const weak = await errorOf(call('/users/smtp/add', { username: 'ann@example.com', email_password: 'a' }))
    expect(weak).toMatchObject({ kind: 'refused', field: 'email_password' })

    const [key] = await call('/api_keys/add', { endpoints: ['/webhook/view'] })
    const narrow = await errorOf(mail({ apiKey: key?.api_key ?? '' }).call('/domain/view'))
    expect(narrow).toMatchObject({ kind: 'permission', hint: expect.stringContaining('"/domain/view"') })

    await call('/ip_allow_list/add', { ip_address: '203.0.113.1', type: 'api' })
    await call('/ip_allow_list', { enabled: true, type: 'api' })
    expect(await errorOf(call('/webhook/view'))).toMatchObject({
      kind: 'auth',
      hint: expect.stringContaining('allow list'),
    })
  })

  test.each([400, 401, 500] as const)('a key nobody has is an auth error at status %i', async (unknownKeyStatus) => {
    emulator.settings({ unknownKeyStatus })
    const error = await errorOf(mail({ apiKey: `api-${'z'.repeat(32)}` }).call('/webhook/view'))
    expect(error).toMatchObject({ kind: 'auth', status: unknownKeyStatus, hint: expect.stringContaining('region') })
  })

  test.each(['array', 'object', 'wrapped'] as const)(
    'webhooks are a list if the API answers with %s',
    async (webhookViewShape) => {
      emulator.settings({ webhookViewShape })
      const { call } = mail()
      const hook = await call('/webhook/add', { url: 'https://example.com/hook', events: ['bounce'] })
      expect(await call('/webhook/view')).toMatchObject([{ id: hook.id }])
    },
  )

  test('the rate limiter of the API is lived with', async () => {
    emulator.settings({ rateLimitPerSecond: 5, retryAfter: 1 })
    const { call } = mail({
      clock: { now: Date.now, sleep: (ms) => new Promise((resolve) => void setTimeout(resolve, ms)) },
    })
    const answers = await Promise.all(Array.from({ length: 8 }, () => call('/webhook/view')))
    expect(answers).toHaveLength(8)
    expect(emulator.requests().some(({ status }) => status === 429)).toBe(true)
  })

  test.each([
    ['reset-before-commit', 'network'],
    ['reset-after-commit', 'network'],
    ['hang-after-commit', 'network'],
    ['truncated-body', 'network'],
    ['html', 'shape'],
    ['wrong-type', 'shape'],
  ] as const)('a create that meets %s is tried once and may have taken effect', async (fault, kind) => {
    emulator.faults([{ fault }])
    const body = { username: 'ann@example.com' }
    const request = { method: 'POST', path: '/users/smtp/add', body, reads: false, timeout: 80 } as const
    expect(await errorOf(mail().send(request))).toMatchObject({ kind, ambiguous: true })
    emulator.clearFaults()
    const committed = emulator.requests().filter((one) => one.committed).length
    expect(emulator.requests()).toHaveLength(1)
    expect((await mail().call('/users/smtp/view')).results).toHaveLength(committed)
    if (fault.startsWith('reset')) expect(committed).toBe(fault === 'reset-after-commit' ? 1 : 0)
  })

  test.each(['reset-before-commit', 'truncated-body'] as const)(
    'a list that meets %s once is read all the same',
    async (fault) => {
      emulator.faults([{ fault, match: { path: '/v3/users/smtp/view', nth: 1 } }])
      expect((await mail().call('/users/smtp/view')).results).toEqual([])
    },
  )

  test('a report of another type is an error', async () => {
    emulator.faults([{ fault: 'wrong-type', part: 'data', match: { path: '/v3/stats/*' } }])
    const { call } = mail()
    for (const path of ['/stats/email_cycle', '/stats/email_summary', '/stats/email_history'] as const) {
      const error = await errorOf(call(path))
      expect(error).toMatchObject({ kind: 'shape', path, ambiguous: false })
      expect(error.message).toContain('"data" in the answer is not an object')
    }
  })

  test('a report is read again after a broken connection, and refused to a key that may not', async () => {
    emulator.faults([{ fault: 'reset-before-commit', match: { path: '/v3/stats/email_summary', nth: 1 } }])
    const { call } = mail()
    expect((await call('/stats/email_summary')).email_count).toBe(0)
    expect(emulator.requests()).toHaveLength(2)
    const [key] = await call('/api_keys/add', { endpoints: ['/stats/email_cycle'] })
    const narrow = mail({ apiKey: key?.api_key ?? '' })
    expect((await narrow.call('/stats/email_cycle')).cycle_used).toBe(0)
    expect(await errorOf(narrow.call('/stats/email_spam'))).toMatchObject({
      kind: 'permission',
      hint: 'add "/stats/email_spam" to the endpoints of the API key',
    })
  })

  test('a redirect is not followed', async () => {
    emulator.faults([{ fault: 'redirect', location: 'https://elsewhere.example.com/x' }])
    const error = await errorOf(mail().call('/users/smtp/view'))
    expect(error).toMatchObject({ kind: 'shape' })
    expect(error.message).toContain('https://elsewhere.example.com')
  })
})

describe('against the emulator of the Back Office', () => {
  const input = {
    ...{ caption: 'c', host: 'mx.example.com', port: 587, username: 'u', password: new Secret(PASSWORD) },
    ...({ sendFrom: 'a@example.com', sendFromName: 'A', encryption: 'tls', isEnabled: true } as const),
  }

  test.each([
    {},
    { listEnvelope: 'data', isEnabledReply: 'integer', portReply: 'string', idName: 'providerId' },
    { listEnvelope: 'data+total', isEnabledReply: 'string', encryptionReply: 'ui', passwordReadback: 'echo' },
  ] as const)('providers are made, listed, changed, checked and deleted with %j', async (settings) => {
    emulator.settings({ ...settings, maxLimit: 2 })
    const { providers } = office()
    const made = await providers.create(input)
    const id = made?.id ?? ''
    expect(made).toMatchObject({ caption: 'c', port: 587, encryption: 'tls', isEnabled: true })
    for (let n = 0; n < 4; n++) await providers.create({ ...input, caption: `c${n}` })
    expect(await providers.list()).toHaveLength(5)
    expect(await providers.update(id, { isEnabled: false, port: 25 })).toMatchObject({ isEnabled: false, port: 25 })
    expect(await providers.get(id)).toMatchObject({ isEnabled: false, port: 25 })
    expect(JSON.stringify(await providers.list())).not.toContain(PASSWORD)
    expect(await providers.status(id)).toEqual({ verdict: 'valid' })
    await providers.delete(id)
    expect(await errorOf(providers.get(id))).toMatchObject({ kind: 'missing' })
    expect(await errorOf(providers.delete(id))).toMatchObject({ kind: 'missing' })
  })

  test('an answer without a body to a create is not an error', async () => {
    emulator.settings({ createReply: 'empty' })
    const { providers } = office()
    expect(await providers.create(input)).toBeNull()
    expect(await providers.list()).toHaveLength(1)
  })

  test.each(['laravel', 'message', 'flat'] as const)('refusals of the form %s are read', async (providerErrorShape) => {
    emulator.settings({ providerErrorShape, providerErrorStatus: 422 })
    const error = await errorOf(office().providers.create({ ...input, port: 0 }))
    expect(error).toMatchObject({ kind: 'refused', status: 422 })
    expect(error.message.length).toBeGreaterThan(5)
    if (providerErrorShape === 'laravel') expect(error.field).toBe('port')
  })

  test('a failing connection is invalid, and a failing check is unknown', async () => {
    emulator.settings({ statusFailure: { '1': 422, '2': 502 } })
    const { providers } = office()
    await providers.create(input)
    await providers.create(input)
    expect(await providers.status(1)).toMatchObject({ verdict: 'invalid' })
    expect(await providers.status(2)).toMatchObject({ verdict: 'unknown' })
    expect(await errorOf(providers.status(3))).toMatchObject({ kind: 'missing' })
  })

  test('a server that gives the same page twice is found out', async () => {
    const { providers } = office()
    for (let n = 0; n < 3; n++) await providers.create(input)
    emulator.settings({ maxLimit: 2 })
    emulator.faults([{ fault: 'duplicate-page', match: { path: '/api/v2/mail/providers', nth: 2 } }])
    expect(await errorOf(providers.list())).toMatchObject({ kind: 'shape' })
  })

  test('a session begins with a code, is refreshed and ends', async () => {
    emulator.settings({ twoFactor: true })
    const anonymous = backoffice({ url: emulator.backoffice })
    onTestFinished(() => anonymous.close())
    const begun = await anonymous.signIn('admin@example.com', 'emulator-password')
    if (begun.done) throw new Error('no code asked for')
    expect(await errorOf(anonymous.confirm2fa(begun.token, '123456'))).toMatchObject({ kind: 'refused' })
    const signed = await anonymous.confirm2fa(begun.token, '000000')
    if (!signed.done || signed.refreshToken === undefined) throw new Error('no tokens')
    const fresh = await anonymous.refresh(signed.refreshToken.token)
    if (!fresh.done) throw new Error('no tokens')
    const client = office(fresh.accessToken.token)
    expect(await client.providers.list()).toEqual([])
    await client.signOut()
    expect(await errorOf(client.providers.list())).toMatchObject({ kind: 'auth' })
    expect(await errorOf(anonymous.signIn('admin@example.com', 'wrong'))).toMatchObject({ kind: 'auth' })
  })
})

test('the sender reaches both', async () => {
  const { send, stats, close } = sender([
    { name: 'mail', api: 'smtp2go', url: emulator.smtp2go, credential: new Secret(emulator.apiKey) },
    { name: 'office', api: 'backoffice', url: emulator.backoffice, credential: new Secret(emulator.token) },
  ])
  onTestFinished(() => close())
  expect(await send('mail', { method: 'POST', path: '/webhook/view', reads: true })).toEqual([])
  const query = { limit: 100, offset: 0 }
  expect(await send('office', { method: 'GET', path: '/api/v2/mail/providers', query, reads: true })).toEqual([])
  expect(stats()).toMatchObject({ calls: 2, reads: 2, writes: 0 })
})
