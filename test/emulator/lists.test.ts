import { describe, expect, test } from 'vitest'
import { at, bench, listAt, verdict } from './harness.ts'

describe('allowed senders and recipients', () => {
  test('adding and removing repeats without harm and ignores letter case', async () => {
    await using emulator = await bench()
    const send = async (verb: string, ...allowed_senders: string[]) =>
      (await emulator.post(`/allowed_senders/${verb}`, { allowed_senders })).data
    await send('add', 'Ann@shop.example', 'b.example', 'b.example')
    expect(await send('add', 'ann@SHOP.example')).toEqual({
      allowed_senders: ['Ann@shop.example', 'b.example'],
      mode: 'disabled',
    })
    expect(await send('remove', 'ann@shop.example', 'absent.example')).toEqual({
      allowed_senders: ['b.example'],
      mode: 'disabled',
    })
  })

  test('only update sets the mode, and a list in force switches sender domains off', async () => {
    await using emulator = await bench()
    const flag = () =>
      at(JSON.parse(JSON.stringify(emulator.state())), 'smtp2go', 'scopes', '', 'sender_domains_enabled')
    await emulator.post('/allowed_senders/add', { allowed_senders: ['a.example'], mode: 'whitelist' })
    expect(flag()).toBe(true)
    await emulator.post('/allowed_senders/update', { allowed_senders: ['a.example'], mode: 'whitelist' })
    expect(flag()).toBe(false)
  })

  test('entries come back in lower case when the setting says so', async () => {
    await using emulator = await bench({ settings: { entryCase: 'lower' } })
    const reply = await emulator.post('/allowed_recipients/update', {
      allowed_recipients: ['Bob@B.example'],
      enabled: true,
    })
    expect(reply.data).toEqual({ allowed_recipients: ['bob@b.example'], enabled: true })
    expect(verdict(await emulator.post('/allowed_recipients/update', { allowed_recipients: [] }))).toContain('enabled')
    expect(verdict(await emulator.post('/allowed_recipients/add', { allowed_recipients: ['no entry'] }))).toContain(
      'allowed_recipients[0]',
    )
  })
})

describe('IP allow lists', () => {
  test('there is one for SMTP and one for the API', async () => {
    await using emulator = await bench()
    await emulator.post('/ip_allow_list/add', { ip_address: '203.0.113.8', description: 'office' })
    await emulator.post('/ip_allow_list/add', { type: 'api', ip_address: '2001:db8::/32' })
    const entries = async (type: string) =>
      listAt((await emulator.post('/ip_allow_list/view', { type })).data, 'ip_addresses')
    expect(await entries('smtp')).toEqual([{ ip_address: '203.0.113.8', description: 'office' }])
    expect(await entries('api')).toEqual([{ ip_address: '2001:db8::/32', description: '' }])
  })

  test('an address is edited in place, and /32 is the same as none', async () => {
    await using emulator = await bench()
    await emulator.post('/ip_allow_list/add', { ip_address: '203.0.113.8', description: 'office' })
    await emulator.post('/ip_allow_list/add', { ip_address: '203.0.113.9' })
    expect(verdict(await emulator.post('/ip_allow_list/add', { ip_address: '203.0.113.8/32' }))).toBe(
      '400 API_EXCEPTION',
    )
    const edited = await emulator.post('/ip_allow_list/edit', {
      ip_address: '203.0.113.8',
      new_ip_address: '203.0.113.10',
    })
    expect(edited.data).toEqual({ ip_address: '203.0.113.10', description: 'office' })
    expect(
      listAt((await emulator.post('/ip_allow_list/view')).data, 'ip_addresses').map((one) => at(one, 'ip_address')),
    ).toEqual(['203.0.113.10', '203.0.113.9'])
    expect(verdict(await emulator.post('/ip_allow_list/remove', { ip_address: '203.0.113.8' }))).toBe(
      '400 API_EXCEPTION',
    )
    emulator.settings({ ipReadback: 'cidr' })
    expect(at((await emulator.post('/ip_allow_list/view')).data, 'ip_addresses', 0, 'ip_address')).toBe(
      '203.0.113.10/32',
    )
  })

  test.each(['', '203.0.113', '203.0.113.8/33', '203.0.113.8/8/8', '2001:db8::/129', 'shop.example'])(
    '"%s" is no address',
    async (ip_address) => {
      await using emulator = await bench()
      expect(verdict(await emulator.post('/ip_allow_list/add', { ip_address }))).toBe(
        '400 NON_VALIDATING_IN_PAYLOAD ip_address',
      )
    },
  )
})

describe('single senders', () => {
  test('an unverified one may be added again, a verified one may not', async () => {
    await using emulator = await bench()
    const ann = { email_address: 'ann@shop.example' }
    expect((await emulator.post('/single_sender_emails/add', ann)).data).toBe('ok')
    expect((await emulator.post('/single_sender_emails/add', ann)).data).toBe('ok')
    const view = await emulator.post('/single_sender_emails/view')
    expect(listAt(view.data, 'senders')).toEqual([{ ...ann, verified: false }])
    emulator.settings({ singleSenderVerified: true })
    await emulator.post('/single_sender_emails/add', { email_address: 'bob@shop.example' })
    expect(verdict(await emulator.post('/single_sender_emails/add', { email_address: 'bob@shop.example' }))).toBe(
      '400 API_EXCEPTION',
    )
    emulator.settings({ duplicateSingleSender: 'accept', maxSingleSenders: 2 })
    expect((await emulator.post('/single_sender_emails/add', { email_address: 'bob@shop.example' })).data).toBe('ok')
    expect(verdict(await emulator.post('/single_sender_emails/add', { email_address: 'eve@shop.example' }))).toBe(
      '400 API_EXCEPTION',
    )
  })

  test('removing an absent one is refused in known words', async () => {
    await using emulator = await bench()
    const reply = await emulator.post('/single_sender_emails/remove', { email_address: 'ann@shop.example' })
    expect(at(reply.data, 'error')).toBe(
      "Failed to remove the single sender email - An error occurred deleting sender email ann@shop.example or it doesn't exist",
    )
  })
})

describe('suppressions', () => {
  const entry = (email_address: string, reason: string, timestamp: string, block_description = '') => {
    return { email_address, reason, timestamp, block_description }
  }
  const suppressions = [
    entry('old@b.example', 'bounce', '2026-01-02 10:00:00'),
    entry('new@b.example', 'manual', '2026-06-10 10:00:00', 'left'),
    entry('new@b.example', 'spam', '2026-06-12 10:00:00'),
    entry('c.example', 'unsubscribe', '2026-06-11 10:00:00'),
  ]
  const start = async (settings = {}) =>
    bench({
      seed: { smtp2go: { scopes: { '': { suppressions } } } },
      now: () => new Date('2026-06-15T12:00:00Z'),
      settings,
    })
  const all = { start_date: '2000-01-01' }

  test('without a start date the list goes back 30 days', async () => {
    await using emulator = await start()
    expect(at((await emulator.post('/suppression/view')).data, 'total_results')).toBe(3)
    expect(at((await emulator.post('/suppression/view', all)).data, 'total_results')).toBe(4)
    emulator.settings({ suppressionWindowDays: null })
    expect(at((await emulator.post('/suppression/view')).data, 'total_results')).toBe(4)
  })

  test('filters narrow the list down', async () => {
    await using emulator = await start()
    const found = async (body: object) =>
      listAt((await emulator.post('/suppression/view', { ...all, ...body })).data, 'results').map(
        (one) => `${at(one, 'email_address')} ${at(one, 'reason')}`,
      )
    expect(await found({ suppression_type: 'spam' })).toEqual(['new@b.example spam'])
    expect(await found({ suppression_types: ['bounce', 'spam'] })).toEqual([
      'old@b.example bounce',
      'new@b.example spam',
    ])
    expect(await found({ email_address: 'NEW@b.example', sort: 'desc' })).toEqual([
      'new@b.example spam',
      'new@b.example manual',
    ])
    expect(await found({ wildcard: '*.example' })).toHaveLength(4)
    expect(await found({ wildcard: 'c.ex*' })).toEqual(['c.example unsubscribe'])
    expect(await found({ recipient: 'new@b' })).toEqual([])
    expect(await found({ recipient: 'new@b', fuzzy: true })).toHaveLength(2)
    expect(await found({ reasons: ['left'] })).toEqual(['new@b.example manual'])
    expect(await found({ end_date: '2026-06-11T00:00:00Z' })).toHaveLength(2)
    expect(verdict(await emulator.post('/suppression/view', { start_date: 'yesterday' }))).toContain('start_date')
    expect(verdict(await emulator.post('/suppression/view', { suppression_type: 'fax' }))).toContain('suppression_type')
  })

  test('pages follow each other by their tokens and keep the question', async () => {
    await using emulator = await start({ suppressionPageSize: 2 })
    const one = (await emulator.post('/suppression/view', { ...all, sort: 'desc' })).data
    expect(listAt(one, 'results')).toHaveLength(2)
    const two = (await emulator.post('/suppression/view', { continue_token: at(one, 'continue_token') })).data
    expect(at(two, 'results', 1, 'email_address')).toBe('old@b.example')
    expect(two).toMatchObject({ continue_token: null, total_results: 4 })
    expect(verdict(await emulator.post('/suppression/view', { continue_token: 'nonsense' }))).toBe('400 API_EXCEPTION')
  })

  test('one reason is removed at a time, and says whether it was there', async () => {
    await using emulator = await start()
    const reply = await emulator.post('/suppression/remove', {
      email_address: 'new@b.example',
      reasons: ['manual', 'bounce'],
    })
    expect(listAt(reply.data, 'suppressions').map((one) => at(one, 'removed'))).toEqual([true, false])
    expect(at((await emulator.post('/suppression/view')).data, 'total_results')).toBe(2)
  })

  test('adding again changes the description unless the setting says otherwise', async () => {
    await using emulator = await start()
    const add = async (block_description: string) =>
      (await emulator.post('/suppression/add', { email_address: 'new@b.example', block_description })).data
    expect(await add('moved')).toMatchObject({ added: true, block_description: 'moved' })
    emulator.settings({ suppressionReAdd: 'ignore' })
    expect(await add('again')).toMatchObject({ added: false, block_description: 'moved' })
    expect(at((await emulator.post('/suppression/view', all)).data, 'total_results')).toBe(4)
  })
})
