import { describe, expect, test } from 'vitest'
import type { Settings } from '../../../../../src/apis/emulator.ts'
import type { JsonObject } from '../../../../../src/emulator/input/json.ts'
import { at, bench, listAt, verdict } from '../../../../emulator/harness.ts'

const subKey = `api-${'s'.repeat(32)}`
const asSub = { 'x-smtp2go-api-key': subKey }
const day = (date: string, username: string, email_address: string, more: JsonObject = {}) => {
  return { date, username, email_address, emails: 10, bytecount: 10_000, ...more }
}
const days = [
  day('2026-04-01', 'printer', 'old@shop.example', { emails: 1000 }),
  day('2026-05-20', 'printer', 'ann@shop.example', { emails: 90, softbounces: 3, hardbounces: 2, opens: 45 }),
  day('2026-06-03', 'printer', 'ann@shop.example', { rejects: 1, spam: 1, lastip: '203.0.113.9' }),
  day('2026-06-15', 'api-abcdefabcdef', 'bob@news.example', { emails: 50, unsubscribes: 8, clicks: 2, bytecount: 101 }),
]
const north = [day('2026-06-10', 'northern', 'nora@north.example', { emails: 7, hardbounces: 7 })]
const seed = {
  smtp2go: {
    keys: [{ api_key: subKey, subaccount_id: 'sub001', endpoints: ['*'] }],
    subaccounts: [
      { id: 'sub001', name: 'North', plan_size: 2000, plan_used: 100 },
      { id: 'sub002', name: 'South' },
    ],
    scopes: {
      '': {
        mail: { cycle_max: 500, cycle_day: 3, days },
        smtpUsers: [{ username: 'printer', description: 'Till' }],
        domains: [{ domain: { fulldomain: 'shop.example', dkim_verified: true, rpath_verified: true } }],
      },
      sub001: { mail: { days: north } },
    },
  },
}
const start = (settings: Partial<Settings> = {}) =>
  bench({ seed, settings, now: () => new Date('2026-06-15T12:00:00Z') })

describe('reports about the last 30 days', () => {
  test('add up what everybody sent, or one login', async () => {
    await using emulator = await start()
    const data = async (path: string, body: JsonObject = {}) => (await emulator.post(path, body)).data
    expect(await data('/stats/email_bounces')).toEqual({
      emails: 150,
      rejects: 1,
      softbounces: 3,
      hardbounces: 2,
      bounce_percent: '3.33',
    })
    expect(await data('/stats/email_spam', { username: 'printer' })).toEqual({
      emails: 100,
      rejects: 1,
      spams: 1,
      spam_percent: '1.00',
    })
    expect(await data('/stats/email_unsubs', { username: 'api-abcdefabcdef' })).toEqual({
      emails: 50,
      rejects: 0,
      unsubscribes: 8,
      unsubscribe_percent: '16.00',
    })
    expect(await data('/stats/email_summary')).toEqual({
      cycle_start: '2026-06-03 00:00:00+00:00',
      cycle_end: '2026-07-02 00:00:00+00:00',
      cycle_used: 60,
      cycle_remaining: 440,
      cycle_max: 500,
      email_count: 150,
      softbounces: 3,
      hardbounces: 2,
      bounce_percent: '3.33',
      bounce_rejects: 1,
      spam_emails: 1,
      spam_rejects: 1,
      spam_percent: '0.67',
      unsubscribes: 8,
      unsubscribe_percent: '5.33',
      opens: 45,
      clicks: 2,
      rejects: 1,
    })
  })

  test('statsWindowDays moves where they begin', async () => {
    await using emulator = await start({ statsWindowDays: 2 })
    const count = async () => at((await emulator.post('/stats/email_summary')).data, 'email_count')
    expect(await count()).toBe(50)
    emulator.settings({ statsWindowDays: null })
    expect(await count()).toBe(1150)
  })

  test('a username that nobody has is answered with zeros, or refused with unknownStatsUser', async () => {
    await using emulator = await start()
    const ask = (username: string) => emulator.post('/stats/email_bounces', { username })
    expect((await ask('nobody')).data).toMatchObject({ emails: 0, bounce_percent: '0.00' })
    emulator.settings({ unknownStatsUser: 'refuse' })
    expect(verdict(await ask('nobody'))).toBe('400 API_EXCEPTION')
    const verdicts = await Promise.all(['printer', 'api-abcdefabcdef', emulator.apiKey.slice(0, 16)].map(ask))
    expect(verdicts.map(verdict)).toEqual(['200 ok', '200 ok', '200 ok'])
    expect(verdict(await emulator.post('/stats/email_spam', { username: 5 }))).toContain('username')
  })

  test('a key needs each endpoint, and sees its own account whatever subaccount it names', async () => {
    const cycle = `api-${'c'.repeat(32)}`
    await using emulator = await bench({
      seed: { smtp2go: { ...seed.smtp2go, keys: [{ api_key: cycle, endpoints: ['/stats/email_cycle'] }] } },
    })
    const as = { 'x-smtp2go-api-key': cycle }
    expect(verdict(await emulator.post('/stats/email_cycle', { subaccount_id: 'sub001' }, as))).toBe('200 ok')
    expect(at((await emulator.post('/stats/email_cycle', { subaccount_id: 'sub001' }, as)).data, 'cycle_max')).toBe(500)
    for (const name of ['bounces', 'history', 'spam', 'summary', 'unsubs']) {
      expect(verdict(await emulator.post(`/stats/email_${name}`, {}, as))).toBe('400 ENDPOINT_PERMISSION_DENIED')
    }
  })
})

describe('the billing cycle', () => {
  test('follows the clock, by the day it begins on', async () => {
    let now = new Date('2026-06-02T23:59:59Z')
    await using emulator = await bench({ seed, now: () => now })
    const cycle = async () => {
      const { data } = await emulator.post('/stats/email_cycle')
      return [at(data, 'cycle_start'), at(data, 'cycle_end'), at(data, 'cycle_used')]
    }
    expect(await cycle()).toEqual(['2026-05-03 00:00:00+00:00', '2026-06-02 00:00:00+00:00', 90])
    now = new Date('2026-06-03T00:00:00Z')
    expect(await cycle()).toEqual(['2026-06-03 00:00:00+00:00', '2026-07-02 00:00:00+00:00', 60])
    now = new Date('2027-01-01T00:00:00Z')
    expect(await cycle()).toEqual(['2026-12-03 00:00:00+00:00', '2027-01-02 00:00:00+00:00', 0])
    emulator.settings({ cycleTimes: 'fraction' })
    expect((await cycle())[0]).toBe('2026-12-03 00:00:00.000000')
  })

  test('of a fresh emulator is empty, and what remains is never less than nothing', async () => {
    await using emulator = await bench()
    const cycle = async () => (await emulator.post('/stats/email_cycle')).data
    expect(await cycle()).toMatchObject({ cycle_used: 0, cycle_remaining: 10_000, cycle_max: 10_000 })
    await emulator.control('PUT', '/state', {
      smtp2go: {
        scopes: {
          '': { mail: { cycle_max: 5, days: [day(new Date().toISOString().slice(0, 10), 'u', 'a@b.example')] } },
        },
      },
    })
    expect(await cycle()).toMatchObject({ cycle_used: 10, cycle_remaining: 0, cycle_max: 5 })
  })

  test('of a subaccount is its plan, in its own report and in the list of the master', async () => {
    await using emulator = await start()
    const { data } = await emulator.post('/stats/email_cycle', {}, asSub)
    expect(data).toMatchObject({ cycle_used: 107, cycle_remaining: 1893, cycle_max: 2000 })
    const found = await emulator.post('/subaccounts/search', { search_terms: ['North'] })
    expect(listAt(found.data, 'subaccounts')).toMatchObject([{ plan_used: 107, plan_remaining: 1893 }])
  })
})

describe('the history', () => {
  const rows = async (emulator: Awaited<ReturnType<typeof start>>, body: JsonObject, headers = {}) =>
    listAt((await emulator.post('/stats/email_history', body, headers)).data, 'history')

  test('groups by sender, login, domain or subaccount', async () => {
    await using emulator = await start()
    const names = async (group_by: string) =>
      (await rows(emulator, { group_by })).map((row) => [at(row, group_by), at(row, 'used')])
    expect(await names('email_address')).toEqual([
      ['ann@shop.example', 100],
      ['bob@news.example', 50],
      ['nora@north.example', 7],
    ])
    expect(await names('username')).toEqual([
      ['api-abcdefabcdef', 50],
      ['northern', 7],
      ['printer', 100],
    ])
    expect(await names('domain')).toEqual([
      ['news.example', 50],
      ['north.example', 7],
      ['shop.example', 100],
    ])
    expect(await names('subaccount')).toEqual([['North', 7]])
    expect(await rows(emulator, {})).toEqual(await rows(emulator, { group_by: 'email_address' }))
    expect(verdict(await emulator.post('/stats/email_history', { group_by: 'planet' }))).toContain('group_by')
  })

  test('says of each all that is known', async () => {
    await using emulator = await start({ historyScope: 'own' })
    const counts = { bounces: 5, clicks: 0, opens: 45, rejects: 1, spam: 1, unsubscribes: 0 }
    const percents = { bounce: 5, open: 45, reject: 1, spam: 1, unsubscribe: 0 }
    const [row] = (await rows(emulator, { group_by: 'username' })).slice(-1)
    expect(row).toEqual({
      ...{ username: 'printer', description: 'Till', used: 100, bytecount: 20_000, avgsize: 200 },
      ...{ lastip: '203.0.113.9', ...counts },
      ...Object.fromEntries(Object.entries(percents).map(([name, value]) => [`${name}_percent`, value])),
    })
    const { data } = await emulator.post('/stats/email_history', { group_by: 'domain' })
    expect(data).toMatchObject({ count: 2, bounce_percent_total: 3.33, open_percent_total: 30 })
    expect(listAt(data, 'history').map((one) => at(one, 'domain_verified'))).toEqual([false, true])
    emulator.settings({ historyPercents: false })
    const [bare] = await rows(emulator, { group_by: 'username' })
    expect(Object.keys(bare ?? {}).filter((name) => name.includes('percent'))).toEqual([])
  })

  test('is of a time, whole days', async () => {
    await using emulator = await start({ historyScope: 'own' })
    const used = async (body: JsonObject) => (await rows(emulator, body)).map((row) => at(row, 'used'))
    expect(await used({ start_date: '2026-01-01' })).toEqual([100, 50, 1000])
    expect(await used({ start_date: '2026-01-01T00:00:00', end_date: '2026-05-20 10:00:00' })).toEqual([90, 1000])
    expect(await used({ end_date: '2026-06-03T00:00:00Z' })).toEqual([100])
    expect(verdict(await emulator.post('/stats/email_history', { start_date: 'May' }))).toContain('start_date')
  })

  test('may be of some subaccounts, of those that the key sees', async () => {
    await using emulator = await start()
    const ask = (subaccounts: string[], headers = {}) => emulator.post('/stats/email_history', { subaccounts }, headers)
    expect(listAt((await ask(['sub001'])).data, 'history')).toMatchObject([{ email_address: 'nora@north.example' }])
    expect(listAt((await ask(['sub002'])).data, 'history')).toEqual([])
    expect(verdict(await ask(['sub009']))).toBe('400 API_EXCEPTION')
    expect(verdict(await ask(['sub002'], asSub))).toBe('400 API_EXCEPTION')
    expect(await rows(emulator, {}, asSub)).toMatchObject([{ email_address: 'nora@north.example' }])
    emulator.settings({ historyScope: 'own' })
    expect(await rows(emulator, {})).toHaveLength(2)
  })

  test('can be falsified like other lists', async () => {
    await using emulator = await start()
    emulator.faults([{ match: { path: '/v3/stats/*', nth: 1 }, fault: 'empty-list' }])
    expect((await emulator.post('/stats/email_history')).data).toMatchObject({ count: 0, history: [] })
    expect(await rows(emulator, {})).toHaveLength(3)
  })
})

test('mail is kept with the state, and a strange name in it is refused', async () => {
  await using emulator = await start()
  const state = (await emulator.control('GET', '/state')).body
  expect(listAt(state, 'smtp2go', 'scopes', '', 'mail', 'days')).toHaveLength(4)
  await using copy = await bench({ seed: state })
  expect(copy.state()).toEqual(emulator.state())
  const wrong = (mail: JsonObject) => emulator.control('PUT', '/state', { smtp2go: { scopes: { '': { mail } } } })
  expect(await wrong({ cycle_day: 31 })).toMatchObject({ status: 400 })
  expect(await wrong({ days: [{ date: 'May', username: 'a', email_address: 'b' }] })).toMatchObject({ status: 400 })
  expect((await wrong({ day: [] })).body).toMatchObject({ error: expect.stringContaining("no 'day'") })
})
