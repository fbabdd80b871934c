import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../src/emulator/input/json.ts'
import { at, type Bench, bench, listAt, verdict } from './harness.ts'

const subKey = `api-${'s'.repeat(32)}`
const seed = {
  smtp2go: {
    keys: [{ api_key: subKey, subaccount_id: 'sub001', endpoints: ['*'] }],
    subaccounts: [
      { id: 'sub001', name: 'North', email: 'north@shop.example' },
      { id: 'sub002', name: 'South', state: 'Suspended' },
    ],
  },
}
const asSub = { 'x-smtp2go-api-key': subKey }

describe('templates', () => {
  const body = {
    id: 'receipt',
    template_name: 'Receipt',
    subject: 'Hi',
    html_body: '<p>',
    text_body: 'hi',
    tags: ['shop'],
  }

  test('ids are case-sensitive, unique and 5 to 24 long', async () => {
    await using emulator = await bench()
    expect(verdict(await emulator.post('/template/add', body))).toBe('200 ok')
    expect(verdict(await emulator.post('/template/add', body))).toBe('400 API_EXCEPTION')
    expect(verdict(await emulator.post('/template/add', { ...body, id: 'Receipt' }))).toBe('200 ok')
    expect(verdict(await emulator.post('/template/add', { ...body, id: 'four' }))).toContain(' id')
    expect(verdict(await emulator.post('/template/add', { ...body, id: 'x'.repeat(25) }))).toContain(' id')
    expect(verdict(await emulator.post('/template/add', { ...body, id: 'other', template_name: '' }))).toContain(
      'template_name',
    )
    expect(verdict(await emulator.post('/template/view', { id: 'RECEIPT' }))).toBe('400 API_EXCEPTION')
    expect(verdict(await emulator.post('/template/edit', { id: 'receipt', new_id: 'Receipt' }))).toBe(
      '400 API_EXCEPTION',
    )
  })

  test('an edit keeps what it leaves out and may move the id', async () => {
    await using emulator = await bench()
    await emulator.post('/template/add', body)
    await emulator.post('/template/edit', { id: 'receipt', new_id: 'receipt-2', subject: 'Thanks' })
    expect((await emulator.post('/template/view', { id: 'receipt-2' })).data).toMatchObject({
      name: 'Receipt',
      subject: 'Thanks',
      tags: ['shop'],
    })
    expect(verdict(await emulator.post('/template/delete', { id: 'receipt' }))).toBe('400 API_EXCEPTION')
    expect((await emulator.post('/template/delete', { id: 'receipt-2' })).data).toBe(
      "Successfully deleted template 'receipt-2'",
    )
  })

  test('a search is sorted by name, paged, and without bodies', async () => {
    await using emulator = await bench()
    for (const name of ['Gamma', 'Alpha', 'Beta'])
      await emulator.post('/template/add', { ...body, id: `id-${name}`, template_name: name })
    const one = (await emulator.post('/template/search', { page_size: 2 })).data
    expect(listAt(one, 'templates').map((template) => at(template, 'name'))).toEqual(['Alpha', 'Beta'])
    expect(at(one, 'templates', 0)).not.toHaveProperty('html_body')
    const two = (await emulator.post('/template/search', { page_size: 2, continue_token: at(one, 'continue_token') }))
      .data
    expect(two).toMatchObject({ templates: [{ name: 'Gamma' }], continue_token: null, total_count: 3 })
    const found = async (search: JsonObject) =>
      at((await emulator.post('/template/search', search)).data, 'total_count')
    expect(await found({ search_terms: ['alph'] })).toBe(0)
    expect(await found({ search_terms: ['alph'], fuzzy_search: true })).toBe(1)
    expect(await found({ tags: ['none'] })).toBe(0)
  })
})

describe('webhooks', () => {
  const hook = {
    url: 'https://user:canary@hooks.example/x',
    events: ['bounce', 'nonsense'],
    auth_header_type: 'bearer',
    auth_header_value: 'canary',
  }
  const hooks = async (emulator: Bench) => listAt((await emulator.post('/webhook/view')).data)

  test('unknown events vanish, ids are never used again', async () => {
    await using emulator = await bench()
    const one = (await emulator.post('/webhook/add', hook)).data
    expect(at(one, 'events')).toEqual(['bounce'])
    await emulator.post('/webhook/remove', { id: at(one, 'id') })
    expect(at((await emulator.post('/webhook/add', hook)).data, 'id')).toBe(Number(at(one, 'id')) + 1)
    expect(verdict(await emulator.post('/webhook/remove', { id: at(one, 'id') }))).toBe('400 API_EXCEPTION')
    expect(verdict(await emulator.post('/webhook/add', { url: 'ftp://x.example' }))).toContain('url')
  })

  test('an edit keeps what it leaves out, or resets it', async () => {
    await using emulator = await bench()
    const id = at((await emulator.post('/webhook/add', { ...hook, output_format: 'json' })).data, 'id')
    expect((await emulator.post('/webhook/edit', { id, events: ['open'] })).data).toMatchObject({
      events: ['open'],
      output_format: 'json',
    })
    emulator.settings({ webhookEditOmitted: 'reset' })
    expect((await emulator.post('/webhook/edit', { id, events: ['click'] })).data).toMatchObject({
      url: hook.url,
      output_format: 'form',
    })
  })

  test('the header value is read back as the setting says', async () => {
    await using emulator = await bench()
    await emulator.post('/webhook/add', hook)
    expect((await hooks(emulator))[0]).not.toHaveProperty('auth_header_value')
    emulator.settings({ webhookAuthReadback: 'echo' })
    expect((await hooks(emulator))[0]).toHaveProperty('auth_header_value', 'canary')
    emulator.settings({ webhookAuthReadback: 'mask' })
    expect((await hooks(emulator))[0]).toHaveProperty('auth_header_value', '********')
  })

  test('view answers in three shapes and the plan has a maximum', async () => {
    await using emulator = await bench({ settings: { maxWebhooks: 1 } })
    await emulator.post('/webhook/add', hook)
    expect(verdict(await emulator.post('/webhook/add', hook))).toBe('400 API_EXCEPTION')
    emulator.settings({ webhookViewShape: 'object', webhookTextLists: true })
    expect((await emulator.post('/webhook/view')).data).toHaveProperty('url')
    emulator.settings({ webhookViewShape: 'wrapped' })
    const id = at((await emulator.post('/webhook/view')).data, 'webhooks', 0, 'id')
    expect(at((await emulator.post('/webhook/edit', { id, headers: ['X-Shop'] })).data, 'headers')).toBe('X-Shop')
  })
})

describe('what the vendor added in October and November 2026', () => {
  const hooks = async (emulator: Bench) => (await emulator.post('/webhook/view')).data
  test('webhooks can be switched off and have headers of their own; old answers know neither', async () => {
    await using emulator = await bench()
    const hook = { url: 'https://hooks.example.com', events: ['bounce'], sms_events: ['opt-out'] }
    await emulator.post('/webhook/add', hook)
    expect(at(await hooks(emulator), 0)).not.toHaveProperty('disabled')
    expect(at(await hooks(emulator), 0, 'sms_events')).toEqual(['opt-out'])
    emulator.settings({ webhookNewFields: 'always' })
    expect(at(await hooks(emulator), 0)).toMatchObject({ disabled: false, custom_headers: [] })
    emulator.settings({ webhookNewFields: 'set', webhookAuthReadback: 'echo' })
    const id = at(await hooks(emulator), 0, 'id')
    await emulator.post('/webhook/edit', { id, disabled: true, custom_headers: [{ header: 'X-A', value: 'canary' }] })
    expect(at(await hooks(emulator), 0)).toMatchObject({
      disabled: true,
      custom_headers: [{ header: 'X-A', value: 'canary' }],
    })
    emulator.settings({ webhookHeadersShape: 'map', webhookAuthReadback: 'mask' })
    expect(at(await hooks(emulator), 0, 'custom_headers')).toEqual({ 'X-A': '********' })
    emulator.settings({ webhookNewFields: 'never' })
    expect(at(await hooks(emulator), 0)).not.toHaveProperty('custom_headers')
  })

  test('an API key says whether the service lets it send', async () => {
    await using emulator = await bench()
    expect(at((await emulator.post('/api_keys/view')).data, 0)).not.toHaveProperty('sending_status')
    emulator.settings({ keySendingStatus: 'blocked' })
    expect(at((await emulator.post('/api_keys/view')).data, 0, 'sending_status')).toBe('blocked')
  })

  test('a subaccount sends from a pool of addresses, until it does not', async () => {
    await using emulator = await bench()
    const added = (await emulator.post('/subaccount/add', { fullname: 'North', ip_pool: 3 })).data
    expect(at(added, 'ip_pool')).toBe(3)
    const edited = await emulator.post('/subaccount/edit', { id: at(added, 'id'), ip_pool: null })
    expect(edited.data).not.toHaveProperty('ip_pool')
  })
})

describe('subaccounts', () => {
  test('are added with a limit of the list, and a dedicated IP only with a large one', async () => {
    await using emulator = await bench()
    const add = async (body: object) => verdict(await emulator.post('/subaccount/add', { fullname: 'North', ...body }))
    expect(await add({ limit: 12_345 })).toContain('limit')
    expect(await add({ limit: 100_000, dedicated_ip: true })).toBe('400 API_EXCEPTION')
    expect(await add({ limit: 250_000, dedicated_ip: true })).toBe('200 ok')
    expect(verdict(await emulator.post('/subaccount/add', {}))).toContain('fullname')
    const search = (await emulator.post('/subaccounts/search')).data
    expect(at(search, 'subaccounts', 0, 'id')).toMatch(/^\w{6}$/)
    expect(at(search, 'subaccounts', 0)).not.toHaveProperty('archiving')
  })

  test('are closed and opened again', async () => {
    await using emulator = await bench({ seed })
    const send = (verb: string) => emulator.post(`/subaccount/${verb}`, { id: 'sub001' })
    expect((await send('close')).data).toBe('Successfully closed subaccount north@shop.example')
    expect(verdict(await send('close'))).toBe('400 API_EXCEPTION')
    const found = async (states: string) =>
      at((await emulator.post('/subaccounts/search', { states })).data, 'total_count')
    expect([await found('all'), await found('closed'), await found('suspended'), await found('active')]).toEqual([
      2, 1, 1, 0,
    ])
    emulator.settings({ closedSubaccount: 'refuse' })
    expect(verdict(await emulator.post('/webhook/view', { subaccount_id: 'sub001' }))).toBe('400 API_EXCEPTION')
    expect((await send('reopen')).data).toBe('Successfully reopened subaccount north@shop.example')
  })

  test('are searched fuzzily unless told otherwise, and paged', async () => {
    await using emulator = await bench({ seed })
    const search = async (body: JsonObject) => (await emulator.post('/subaccounts/search', body)).data
    expect(at(await search({ search_terms: ['nor'] }), 'total_count')).toBe(1)
    expect(at(await search({ search_terms: ['nor'], fuzzy_search: false }), 'total_count')).toBe(0)
    const one = await search({ page_size: 1, sort_direction: 'desc' })
    expect(at(one, 'subaccounts', 0, 'name')).toBe('South')
    const two = await search({ page_size: 1, continue_token: at(one, 'continue_token') })
    expect(two).toMatchObject({ subaccounts: [{ name: 'North' }], continue_token: '', total_count: 2 })
  })

  test('each has its own objects', async () => {
    await using emulator = await bench({ seed })
    const inSub = { subaccount_id: 'sub001' }
    await emulator.post('/users/smtp/add', { username: 'printer', ...inSub })
    const users = async (body: object, headers = {}) =>
      listAt((await emulator.post('/users/smtp/view', { ...body }, headers)).data, 'results').length
    expect(await users({})).toBe(0)
    expect(await users(inSub)).toBe(1)
    expect(await users({ subaccount_id: 'sub002' })).toBe(0)
    expect(await users({}, asSub)).toBe(1)
    expect(await users(inSub, asSub)).toBe(1)
    expect(verdict(await emulator.post('/users/smtp/view', { subaccount_id: 'sub002' }, asSub))).toBe(
      '400 API_EXCEPTION',
    )
    expect(verdict(await emulator.post('/users/smtp/view', { subaccount_id: 'nobody' }))).toBe('400 API_EXCEPTION')
  })

  test('templates and IP lists ignore subaccount_id; a key of the subaccount reaches its own', async () => {
    await using emulator = await bench({ seed })
    const template = {
      id: 'receipt',
      template_name: 'R',
      subject: 's',
      html_body: 'h',
      text_body: 't',
      subaccount_id: 'sub001',
    }
    await emulator.post('/template/add', template)
    expect((await emulator.post('/template/view', { id: 'receipt' })).status).toBe(200)
    expect(verdict(await emulator.post('/template/view', { id: 'receipt' }, asSub))).toBe('400 API_EXCEPTION')
    await emulator.post('/ip_allow_list/add', { ip_address: '203.0.113.8' }, asSub)
    expect(
      listAt((await emulator.post('/ip_allow_list/view', { subaccount_id: 'sub001' })).data, 'ip_addresses'),
    ).toEqual([])
  })

  test('a key of a subaccount may not manage subaccounts', async () => {
    await using emulator = await bench({ seed })
    expect(verdict(await emulator.post('/subaccounts/search', {}, asSub))).toBe('400 ENDPOINT_PERMISSION_DENIED')
  })

  test('keys made for a subaccount work in it', async () => {
    await using emulator = await bench({ seed })
    const made = await emulator.post('/api_keys/add', { subaccount_id: 'sub002', endpoints: ['/api_keys/view'] })
    const key = String(at(made.data, 0, 'api_key'))
    const seen = await emulator.post('/api_keys/view', {}, { 'x-smtp2go-api-key': key })
    expect(listAt(seen.data).map((one) => at(one, 'username'))).toEqual([key.slice(0, 16)])
    expect(verdict(await emulator.post('/api_keys/remove', { id: key }))).toBe('400 API_EXCEPTION')
    expect(verdict(await emulator.post('/api_keys/remove', { id: key, subaccount_id: 'sub002' }))).toBe('200 ok')
  })
})
