import { describe, expect, test } from 'vitest'
import { at, type Bench, bench, call, listAt } from '../../../emulator/harness.ts'

const provider = {
  driver: 'smtp',
  host: 'mail.shop.example',
  port: 587,
  username: 'printer',
  password: 'canary-1',
  sendFrom: 'ann@shop.example',
  sendFromName: 'Shop',
  encryption: 'tls',
  isEnabled: 1,
  caption: 'First',
}
const { password: _, ...visible } = {
  ...provider,
  id: 1,
  isEnabled: true,
  updateTime: null,
  createTime: '2026-01-01T00:00:00+00:00',
}
const start = (settings = {}) => bench({ settings, now: () => new Date('2026-01-01T00:00:00Z') })
const path = '/mail/providers'
const add = async (emulator: Bench, ...captions: readonly string[]) => {
  for (const caption of captions)
    expect((await emulator.office('POST', path, { ...provider, caption })).status).toBe(201)
}

describe('mail providers', () => {
  test('are made, read, changed and deleted', async () => {
    await using emulator = await start()
    const made = await emulator.office('POST', path, provider)
    expect([made.status, made.body]).toEqual([201, visible])
    expect((await emulator.office('GET', `${path}/1`)).body).toEqual(visible)
    const changed = await emulator.office('PATCH', `${path}/1`, { port: 465, encryption: 'ssl' })
    expect([changed.status, at(changed.body, 'port'), at(changed.body, 'host')]).toEqual([
      200,
      465,
      'mail.shop.example',
    ])
    const gone = await emulator.office('DELETE', `${path}/1`)
    expect([gone.status, gone.body]).toEqual([204, ''])
    expect((await emulator.office('DELETE', `${path}/1`)).status).toBe(404)
    expect(at((await emulator.office('POST', path, provider)).body, 'id')).toBe(2)
  })

  test('a PATCH without fields changes nothing, one with an empty password is refused', async () => {
    await using emulator = await start({ passwordReadback: 'echo' })
    await add(emulator, 'First')
    expect((await emulator.office('PATCH', `${path}/1`, {})).body).toEqual({ ...visible, password: 'canary-1' })
    for (const password of ['', null])
      expect((await emulator.office('PATCH', `${path}/1`, { password })).status).toBe(400)
    emulator.settings({ partialPatch: false })
    expect((await emulator.office('PATCH', `${path}/1`, { port: 25 })).status).toBe(400)
  })

  test.each([
    ['port', '587'],
    ['port', 0],
    ['port', 70_000],
    ['encryption', 'TLS'],
    ['encryption', 'none'],
    ['driver', 'sendgrid'],
    ['isEnabled', 2],
    ['isEnabled', 'yes'],
    ['isEnabled', null],
    ['username', ''],
    ['password', ''],
    ['sendFrom', 'shop'],
    ['host', 5],
    ['caption', 5],
  ])('%s %j is refused by name', async (name, value) => {
    await using emulator = await start()
    const reply = await emulator.office('POST', path, { ...provider, [name]: value })
    expect([reply.status, Object.keys(Object(at(reply.body, 'errors')))]).toEqual([400, [name]])
    expect((await emulator.office('POST', path, { ...provider, [name]: undefined })).status).toBe(
      name === 'caption' ? 201 : 400,
    )
  })

  test('both verbs take true, false, 1 and 0', async () => {
    await using emulator = await start()
    await add(emulator, 'First', 'Second')
    for (const isEnabled of [0, 1, false, true]) {
      const replies = [
        await emulator.office('POST', path, { ...provider, isEnabled }),
        await emulator.office('PATCH', `${path}/1`, { isEnabled }),
      ]
      expect(replies.map(({ body }) => at(body, 'isEnabled'))).toEqual([Boolean(isEnabled), Boolean(isEnabled)])
    }
  })

  test('a list is paged by limit and offset up to a maximum', async () => {
    await using emulator = await start({ maxLimit: 2, defaultLimit: 1 })
    await add(emulator, 'a', 'b', 'c')
    const captions = async (query: string) =>
      listAt((await emulator.office('GET', `${path}${query}`)).body).map((one) => at(one, 'caption'))
    expect(await captions('')).toEqual(['a'])
    expect(await captions('?limit=10&offset=0')).toEqual(['a', 'b'])
    expect(await captions('?limit=10&offset=2&unknown=1')).toEqual(['c'])
    for (const query of ['?limit=-1', '?limit=x', '?offset=1.5', '?offset=']) {
      expect((await emulator.office('GET', path + query)).status).toBe(400)
    }
  })

  test('a GET with a body is still a list', async () => {
    await using emulator = await start()
    await add(emulator, 'a')
    expect(listAt((await emulator.office('GET', path)).body)).toHaveLength(1)
    expect((await emulator.office('PUT', `${path}/1`, provider)).status).toBe(405)
    expect((await emulator.office('DELETE', path)).status).toBe(405)
    expect((await emulator.office('GET', `${path}/x`)).status).toBe(404)
    expect((await emulator.office('GET', '/mail/unknown')).status).toBe(404)
  })

  test('answers take every shape the settings name', async () => {
    await using emulator = await start({
      isEnabledReply: 'integer',
      encryptionReply: 'ui',
      portReply: 'string',
      passwordReadback: 'mask',
    })
    await add(emulator, 'a')
    const first = async () => at((await emulator.office('GET', path)).body, 0)
    expect(await first()).toMatchObject({ isEnabled: 1, encryption: 'TSL', port: '587', password: '********' })
    emulator.settings({
      isEnabledReply: 'string',
      encryptionReply: 'upper',
      passwordReadback: 'null',
      extraFields: false,
      idName: 'providerId',
    })
    expect(await first()).toMatchObject({ isEnabled: '1', encryption: 'TLS', password: null, providerId: 1 })
    expect(await first()).not.toHaveProperty('createTime')
    emulator.settings({ listEnvelope: 'data' })
    expect(at((await emulator.office('GET', path)).body, 'data', 0, 'providerId')).toBe(1)
    emulator.settings({ listEnvelope: 'data+total', createReply: 'empty' })
    expect(at((await emulator.office('GET', path)).body, 'total')).toBe(1)
    expect((await emulator.office('POST', path, provider)).body).toBe('')
  })

  test('the only provider stays enabled; the last one may be deleted or not', async () => {
    await using emulator = await start({ deleteLast: 'refuse' })
    await add(emulator, 'a')
    expect((await emulator.office('PATCH', `${path}/1`, { isEnabled: false })).status).toBe(400)
    expect((await emulator.office('DELETE', `${path}/1`)).status).toBe(400)
    await add(emulator, 'b')
    expect((await emulator.office('PATCH', `${path}/1`, { isEnabled: false })).status).toBe(200)
    emulator.settings({ deleteLast: 'allow', enableExclusive: true })
    expect((await emulator.office('PATCH', `${path}/1`, { isEnabled: true })).status).toBe(200)
    expect(at((await emulator.office('GET', `${path}/2`)).body, 'isEnabled')).toBe(false)
  })

  test('captions may be shared unless the setting forbids it', async () => {
    await using emulator = await start()
    await add(emulator, 'a', 'a')
    emulator.settings({ allowDuplicateCaptions: false, providerErrorStatus: 422 })
    expect((await emulator.office('POST', path, { ...provider, caption: 'a' })).status).toBe(422)
    expect((await emulator.office('POST', path, { ...provider, caption: null })).status).toBe(201)
  })

  test('a connection is tested; failures are set by id or caption', async () => {
    await using emulator = await start({ statusFailure: { '1': 502, second: 422 } })
    await add(emulator, 'first', 'second', 'third')
    const statuses = []
    for (const id of [1, 2, 3, 4]) statuses.push((await emulator.office('GET', `${path}/${id}/status`)).status)
    expect(statuses).toEqual([502, 422, 204, 404])
    emulator.settings({ statusFailure: { third: 'hang' } })
    const hanging = fetch(`${emulator.backoffice}/api/v2${path}/3/status`, {
      headers: { authorization: `Bearer ${emulator.token}` },
      signal: AbortSignal.timeout(100),
    })
    await expect(hanging).rejects.toThrow()
  })

  test('a body has to be JSON and say so', async () => {
    await using emulator = await start()
    const send = (type: string, body: string) =>
      call(
        'POST',
        `${emulator.backoffice}/api/v2${path}`,
        { authorization: `Bearer ${emulator.token}`, 'content-type': type },
        body,
      )
    expect((await send('application/x-www-form-urlencoded', JSON.stringify(provider))).status).toBe(415)
    expect((await send('application/json; charset=utf-8', JSON.stringify(provider))).status).toBe(201)
    expect((await send('application/json', '{')).status).toBe(400)
    emulator.settings({ requireJsonContentType: false })
    expect((await send('text/plain', JSON.stringify(provider))).status).toBe(201)
  })

  test('errors take three shapes and follow the language when told to', async () => {
    await using emulator = await start({ translateMessages: true })
    const reply = () => emulator.office('GET', `${path}/9`, undefined, { 'accept-language': 'ja' })
    expect((await reply()).body).toEqual({ message: '[ja] Not found.' })
    emulator.settings({ providerErrorShape: 'flat', translateMessages: false })
    expect((await reply()).body).toEqual({ error: 'Not found.' })
    emulator.settings({ providerErrorShape: 'message' })
    expect((await emulator.office('POST', path, {})).body).toEqual({ message: 'The given data was invalid.' })
  })
})

describe('sign-ins to the Back Office', () => {
  const user = { email: 'admin@example.com', password: 'emulator-password' }
  const withToken = (emulator: Bench, token: unknown) =>
    emulator.office('GET', path, undefined, { authorization: `Bearer ${token}` })

  test('a sign-in answers two tokens, the access token works until it expires', async () => {
    let now = Date.UTC(2026, 0, 1)
    await using emulator = await bench({ now: () => new Date(now), settings: { accessTokenSeconds: 60 } })
    const { body } = await emulator.office('POST', '/signin', user)
    expect(body).toEqual({
      '2faRequired': false,
      accessToken: {
        token: expect.any(String),
        createdAt: '2026-01-01T00:00:00+00:00',
        expiresAt: '2026-01-01T00:01:00+00:00',
      },
      refreshToken: {
        token: expect.any(String),
        createdAt: '2026-01-01T00:00:00+00:00',
        expiresAt: expect.any(String),
      },
    })
    const token = at(body, 'accessToken', 'token')
    expect((await withToken(emulator, token)).status).toBe(200)
    now += 60_000
    expect((await withToken(emulator, token)).status).toBe(401)
    const fresh = await emulator.office('POST', '/refresh', { refreshToken: at(body, 'refreshToken', 'token') })
    const next = at(fresh.body, 'accessToken', 'token')
    expect((await withToken(emulator, next)).status).toBe(200)
    expect(
      (await emulator.office('POST', '/refresh', { refreshToken: at(body, 'refreshToken', 'token') })).status,
    ).toBe(401)
    expect((await emulator.office('POST', '/signout', {}, { authorization: `Bearer ${next}` })).status).toBe(204)
    expect((await withToken(emulator, next)).status).toBe(401)
  })

  test('a second factor stands between a password and a token', async () => {
    await using emulator = await bench({ settings: { twoFactor: true, twoFactorCode: '123456' } })
    const { body } = await emulator.office('POST', '/signin', user)
    expect(body).toMatchObject({ '2faRequired': true, '2faDetails': { provider: 'email', token: expect.any(String) } })
    const token = at(body, '2faDetails', 'token')
    expect((await withToken(emulator, token)).status).toBe(401)
    expect((await emulator.office('POST', '/2fa/confirm', { token, code: '000000' })).status).toBe(400)
    const confirmed = await emulator.office('POST', '/2fa/confirm', { token, code: '123456' })
    expect((await withToken(emulator, at(confirmed.body, 'accessToken', 'token'))).status).toBe(200)
  })

  test('the sixth attempt in a minute is turned away', async () => {
    await using emulator = await bench({ now: () => new Date(0) })
    const attempt = async () => (await emulator.office('POST', '/signin', { ...user, password: 'wrong' })).status
    const statuses = []
    for (let n = 0; n < 6; n += 1) statuses.push(await attempt())
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429])
  })

  test('no token is 401, a token without the permission 403', async () => {
    const tokens = [{ token: 'weak', permitted: false }]
    await using emulator = await bench({ seed: { backoffice: { tokens } } })
    expect((await withToken(emulator, 'weak')).status).toBe(403)
    expect((await withToken(emulator, 'unknown')).status).toBe(401)
    expect((await call('GET', `${emulator.backoffice}/api/v2${path}`, {})).status).toBe(401)
    expect((await emulator.office('GET', '/signin')).status).toBe(405)
  })
})
