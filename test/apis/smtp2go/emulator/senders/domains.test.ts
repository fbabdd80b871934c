import { expect, test } from 'vitest'
import { at, type Bench, bench, listAt, verdict } from '../../../../emulator/harness.ts'

const name = { domain: 'shop.example' }
const first = async (emulator: Bench) => at((await emulator.post('/domain/view', name)).data, 'domains', 0)

test('a domain gets one number for both selectors and another when it is added again', async () => {
  await using emulator = await bench()
  const added = async () => {
    const domain = at((await emulator.post('/domain/add', name)).data, 'domains', 0, 'domain')
    return [at(domain, 'dkim_selector'), at(domain, 'rpath_selector')].join(' ')
  }
  const before = await added()
  expect(before).toMatch(/^s(\d{6,7}) em\1$/)
  expect(verdict(await emulator.post('/domain/add', name))).toBe('400 API_EXCEPTION')
  expect((await emulator.post('/domain/remove', name)).data).toEqual({ domains: [] })
  expect(await added()).not.toBe(before)
})

test('the add answer shows what to publish; view does so only once it is verified', async () => {
  await using emulator = await bench()
  const added = await emulator.post('/domain/add', { ...name, returnpath_subdomain: 'back', tracking_subdomain: 'go' })
  expect(at(added.data, 'domains', 0, 'domain')).toMatchObject({
    dkim_value: 'dkim.smtp2go.net',
    rpath_selector: 'back',
  })
  expect(at(await first(emulator), 'domain')).toMatchObject({ dkim_value: '', dkim_verified: false })
  expect(at(await first(emulator), 'domain', 'rpath_status')).toContain('Lookup CNAME(back.shop.example.) on')
  emulator.settings({ publishedDns: ['back.shop.example', 'GO.shop.example.'] })
  await emulator.post('/domain/verify', name)
  const seen = await first(emulator)
  expect(at(seen, 'domain')).toMatchObject({
    dkim_verified: false,
    rpath_verified: true,
    rpath_value: 'return.smtp2go.net',
  })
  expect(at(seen, 'domain', 'rpath_status')).toBe('Target: return.smtp2go.net')
  expect(at(seen, 'trackers', 0)).toMatchObject({ fulldomain: 'go.shop.example', cname_verified: true, enabled: true })
})

test('a domain is verified while it is added if the records are there', async () => {
  await using emulator = await bench({ settings: { publishedDns: 'all' } })
  await emulator.post('/domain/add', { ...name, auto_verify: false })
  expect(at(await first(emulator), 'domain', 'dkim_verified')).toBe(false)
  await emulator.post('/domain/add', { domain: 'two.example' })
  const reply = await emulator.post('/domain/view', { domain: 'two.example' })
  expect(at(reply.data, 'domains', 0, 'domain', 'dkim_verified')).toBe(true)
})

test('the service verifies again after seven minutes', async () => {
  let now = Date.UTC(2026, 0, 1)
  await using emulator = await bench({ now: () => new Date(now) })
  await emulator.post('/domain/add', name)
  emulator.settings({ publishedDns: 'all' })
  now += 6 * 60_000
  expect(at(await first(emulator), 'domain', 'dkim_verified')).toBe(false)
  now += 60_000
  expect(at(await first(emulator), 'domain', 'dkim_verified')).toBe(true)
})

test('a label moves only from the old one, and is no longer verified', async () => {
  await using emulator = await bench({ settings: { publishedDns: 'all' } })
  await emulator.post('/domain/add', { ...name, returnpath_subdomain: 'back' })
  const move = (path: string, old_subdomain: string, new_subdomain: string) =>
    emulator.post(path, { ...name, old_subdomain, new_subdomain })
  expect(verdict(await move('/domain/tracking', 'wrong', 'go'))).toBe('400 API_EXCEPTION')
  expect(verdict(await move('/domain/returnpath', 'wrong', 'bounce'))).toBe('400 API_EXCEPTION')
  const tracking = await move('/domain/tracking', 'link', 'go')
  expect(at(tracking.data, 'domains', 0, 'trackers', 0)).toMatchObject({
    fulldomain: 'go.shop.example',
    cname_verified: false,
  })
  const returnpath = await move('/domain/returnpath', 'back', 'bounce')
  expect(at(returnpath.data, 'domains', 0, 'domain')).toMatchObject({
    rpath_selector: 'bounce',
    rpath_verified: false,
    dkim_verified: true,
  })
})

test('a setup link comes with one domain only', async () => {
  await using emulator = await bench()
  await emulator.post('/domain/add', name)
  const links = async () =>
    listAt((await emulator.post('/domain/view')).data, 'domains').map((one) => at(one, 'domain', 'setup_link'))
  expect(await links()).toEqual([expect.stringContaining('http')])
  await emulator.post('/domain/add', { domain: 'two.example' })
  expect(await links()).toEqual(['unavailable', 'unavailable'])
})

test('names fall into subdomain, domain and suffix', async () => {
  await using emulator = await bench({ settings: { liveExtras: false } })
  await emulator.post('/domain/add', { domain: 'mail.shop.co.uk' })
  const reply = await emulator.post('/domain/view', { domain: 'MAIL.shop.co.uk' })
  expect(at(reply.data, 'domains', 0, 'domain')).toMatchObject({ subdomain: 'mail', domain: 'shop', suffix: 'co.uk' })
  expect(verdict(await emulator.post('/domain/add', { domain: 'no domain' }))).toContain(
    'NON_VALIDATING_IN_PAYLOAD domain',
  )
  expect(verdict(await emulator.post('/domain/verify', { domain: 'absent.example' }))).toBe('400 API_EXCEPTION')
})

test('a delegated domain is seen by its subaccounts, new ones included', async () => {
  await using emulator = await bench({ seed: { smtp2go: { subaccounts: [{ id: 'sub001' }, { id: 'sub002' }] } } })
  await emulator.post('/domain/add', name)
  const seen = async (subaccount_id: string) =>
    listAt((await emulator.post('/domain/view', { subaccount_id })).data, 'domains').map((one) =>
      at(one, 'from_master'),
    )
  const grant = { ...name, subaccounts: ['sub001'], future_subaccounts: true }
  expect((await emulator.post('/domain/subaccount_access', grant)).data).toEqual({
    domain: 'shop.example',
    subaccounts: ['sub001'],
    future_subaccounts: true,
  })
  expect(await seen('sub001')).toEqual([true])
  expect(await seen('sub002')).toEqual([])
  const id = at((await emulator.post('/subaccount/add', { fullname: 'New' })).data, 'id')
  expect(await seen(String(id))).toEqual([true])
  expect(verdict(await emulator.post('/domain/subaccount_access', { ...grant, subaccounts: ['nobody'] }))).toBe(
    '400 API_EXCEPTION',
  )
})

test('the free plan is full after so many domains', async () => {
  await using emulator = await bench({ settings: { maxSenderDomains: 1 } })
  await emulator.post('/domain/add', name)
  const reply = await emulator.post('/domain/add', { domain: 'two.example' })
  expect(at(reply.data, 'error')).toBe(
    'Free plans can add a maximum of 1 verified senders, please upgrade to a paid plan to add more',
  )
})
