import { expect, test } from 'vitest'
import { at, bench, listAt, verdict } from '../../../../emulator/harness.ts'

async function add(emulator: Awaited<ReturnType<typeof bench>>, body = {}): Promise<string> {
  const key = at((await emulator.post('/api_keys/add', body)).data, 0, 'api_key')
  if (typeof key !== 'string') throw new Error('no key came back')
  return key
}

test('a key is shown once; afterwards it is masked', async () => {
  await using emulator = await bench()
  const key = await add(emulator, { description: 'shop' })
  expect(key).toMatch(/^api-[a-zA-Z0-9]{32}$/)
  const seen = listAt((await emulator.post('/api_keys/view', { search: 'shop' })).data)
  expect(seen).toHaveLength(1)
  expect(seen[0]).toMatchObject({
    api_key: `${key.slice(0, 16)}${'*'.repeat(20)}`,
    username: key.slice(0, 16),
    endpoints: ['/email/send'],
  })
  const patched = await emulator.patch('/api_keys/edit', { id: key, description: 'shop 2' })
  expect(at(patched.data, 0, 'api_key')).toBe(`${key.slice(0, 16)}${'*'.repeat(20)}`)
})

test('edit and remove need the full key', async () => {
  await using emulator = await bench()
  const key = await add(emulator)
  for (const id of [`${key.slice(0, 16)}${'*'.repeat(20)}`, key.slice(0, 16)]) {
    expect(verdict(await emulator.patch('/api_keys/edit', { id }))).toBe('400 API_EXCEPTION')
    expect(verdict(await emulator.post('/api_keys/remove', { id }))).toBe('400 API_EXCEPTION')
    expect(listAt((await emulator.post('/api_keys/view', { id })).data)).toEqual([])
  }
  expect(listAt((await emulator.post('/api_keys/view', { id: key })).data)).toHaveLength(1)
  expect((await emulator.post('/api_keys/remove', { id: key })).status).toBe(200)
  expect(listAt((await emulator.post('/api_keys/view', { id: key })).data)).toEqual([])
})

test('a POST edit resets settings but keeps the endpoints', async () => {
  await using emulator = await bench()
  const id = await add(emulator, { endpoints: ['/webhook/*'], description: 'hooks', open_tracking_enabled: true })
  const reply = await emulator.post('/api_keys/edit', { id, status: 'sandbox' })
  expect(at(reply.data, 0)).toMatchObject({
    endpoints: ['/webhook/*'],
    description: '',
    open_tracking_enabled: false,
    status: 'sandbox',
  })
})

test('no key grants more than it has', async () => {
  const api_key = `api-${'k'.repeat(32)}`
  const seed = { smtp2go: { keys: [{ api_key, endpoints: ['/api_keys/*', '/email/*'] }] } }
  await using emulator = await bench({ seed })
  const send = async (endpoints: string[]) =>
    verdict(await emulator.post('/api_keys/add', { endpoints }, { 'x-smtp2go-api-key': api_key }))
  expect(await send(['/email/send', '/email/*'])).toBe('200 ok')
  expect(await send(['/webhook/view'])).toBe('400 API_EXCEPTION')
  expect(await send(['*'])).toBe('400 API_EXCEPTION')
  const permissions = await emulator.post('/api_keys/permissions', {}, { 'x-smtp2go-api-key': api_key })
  expect(permissions.data).toEqual(['/api_keys/*', '/email/*'])
})

test('the flag of the rate limit is spelt as the setting says', async () => {
  await using emulator = await bench()
  const first = async () => at((await emulator.post('/api_keys/view')).data, 0)
  expect(await first()).toHaveProperty('custom_rate_limit')
  expect(await first()).not.toHaveProperty('custom_ratelimit')
  emulator.settings({ rateLimitFlagName: 'both' })
  expect(await first()).toMatchObject({ custom_rate_limit: false, custom_ratelimit: false })
})
