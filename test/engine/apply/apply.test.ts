import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Fault } from '../../../src/apis/emulator.ts'
import { openWorld, planOf, realChanges, type World } from '../../apis/kinds/world.ts'

const password = '${env:BILLING_PASSWORD}'
const users = (...names: string[]) => names.map((username) => ({ username, password }))
const add = (fault: Fault['fault'], nth = 1): Fault => ({
  match: { path: '/v3/users/smtp/add', method: 'POST', nth },
  fault,
})

describe('apply', () => {
  let world: World
  beforeEach(async () => {
    world = await openWorld({ seed: { smtp2go: { scopes: { '': { smtpUsers: [{ username: 'legacy-app' }] } } } } })
  })
  afterEach(() => world.close())

  const outcomes = async (sections: Readonly<Record<string, unknown>>) =>
    Object.fromEntries((await world.apply(sections)).map(({ change, outcome }) => [change.address, outcome]))
  const writes = () => world.emulator.requests().filter((request) => request.writes)

  it('adopts a create whose answer was lost, and sends it once', async () => {
    world.emulator.faults([add('reset-after-commit')])
    const [result] = await world.apply({ smtpUsers: users('billing-app') })
    expect(result).toMatchObject({ outcome: 'done', note: expect.stringMatching(/looked up/) })
    expect(writes().map((request) => request.path)).toEqual(['/v3/users/smtp/add'])
    expect(realChanges(await world.plan({ smtpUsers: users('billing-app') }))).toEqual([])
  })

  it('says unknown of a create that was cut off before the API took it, and does not send it again', async () => {
    world.emulator.faults([add('reset-before-commit')])
    expect(await outcomes({ smtpUsers: users('billing-app') })).toEqual({ 'smtpUsers/billing-app': 'unknown' })
    expect(writes().length).toBe(1)
    expect(await outcomes({ smtpUsers: users('billing-app') })).toEqual({ 'smtpUsers/billing-app': 'done' })
  })

  it('goes on with what does not depend on a failed change, and skips what does', async () => {
    world.emulator.faults([
      {
        ...add('status'),
        match: { path: '/v3/users/smtp/add', nth: 1 },
        status: 422,
        body: { request_id: 'r', data: { error: 'plan limit', error_code: 'E_ApiResponseCodes.API_EXCEPTION' } },
      },
    ])
    const results = await outcomes({
      smtpUsers: users('billing-app'),
      webhooks: [
        { url: 'https://hooks.example.com/a', events: ['bounce'], usernames: ['billing-app'] },
        { url: 'https://hooks.example.com/b', events: ['bounce'] },
      ],
    })
    expect(results).toEqual({
      'smtpUsers/billing-app': 'failed',
      'webhooks/https://hooks.example.com/a': 'skipped',
      'webhooks/https://hooks.example.com/b': 'done',
    })
  })

  it('deletes nothing in a scope where something that is built failed', async () => {
    const body = { request_id: 'r', data: { error: 'no', error_code: 'E_ApiResponseCodes.API_EXCEPTION' } }
    world.emulator.faults([{ ...add('status'), status: 400, body }])
    const spec = { smtpUsers: [...users('billing-app'), { username: 'legacy-app', state: 'absent' }] }
    expect(await outcomes(spec)).toEqual({ 'smtpUsers/billing-app': 'failed', 'smtpUsers/legacy-app': 'skipped' })
    expect(world.emulator.requests().some((request) => request.path === '/v3/users/smtp/remove')).toBe(false)
  })

  it('takes an object that is gone already as deleted', async () => {
    const spec = { smtpUsers: [{ username: 'legacy-app', state: 'absent' }] }
    const planned = planOf(await world.plan(spec))
    expect(planned.waves.flat().map((change) => change.action)).toEqual(['delete'])
    const answer = {
      request_id: 'r',
      data: { error: 'SMTP user legacy-app does not exist', error_code: 'E_ApiResponseCodes.API_EXCEPTION' },
    }
    world.emulator.faults([
      { match: { path: '/v3/users/smtp/remove' }, fault: 'status', status: 400, body: answer, afterCommit: true },
    ])
    expect(await outcomes(spec)).toEqual({ 'smtpUsers/legacy-app': 'done' })
  })

  it('says what was not kept', async () => {
    const user = { username: 'legacy-app', description: 'Old' }
    world.emulator.faults([
      { match: { path: '/v3/users/smtp/edit' }, fault: 'status', status: 200, body: { request_id: 'r', data: [{}] } },
    ])
    const [result] = await world.apply({ smtpUsers: [user] })
    expect(result).toMatchObject({
      outcome: 'failed',
      error: { code: 'DID_NOT_STICK', message: expect.stringMatching(/description/) },
    })
  })

  it('makes a subaccount and what is in it in one run', async () => {
    const text = (accounts: string) =>
      `${accounts}subaccounts:\n  - { name: Acme, email: it@acme.example }\n---\naccount: main\nsubaccount: Acme\nsmtpUsers:\n  - { username: acme-app, password: "${password}" }\n`
    const loaded = await world.load({})
    const url = loaded.ok ? [...loaded.spec.accounts.values()][0]?.url : ''
    const spec = text(`version: 1\naccounts:\n  main: { api: smtp2go, url: "${url}", apiKey: "\${env:KEY}" }\n`)
    const planned = planOf(await world.planText(spec))
    expect(planned.waves.map((wave) => wave.map((change) => change.address))).toEqual([
      ['subaccounts/Acme'],
      ['smtpUsers/acme-app'],
    ])
  })

  it('saves a key that is shown once with mode 0600, and never prints it', async () => {
    const spec = {
      apiKeys: [{ description: 'Service', endpoints: ['/email/send'], saveTo: { file: 'secrets/service.key' } }],
    }
    expect(await outcomes(spec)).toEqual({ 'apiKeys/Service': 'done' })
    const path = join(world.folder, 'secrets/service.key')
    expect(readFileSync(path, 'utf8')).toMatch(/^api-[A-Za-z0-9]{32}\n$/)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(world.outputs()).not.toContain(readFileSync(path, 'utf8').trim())
  })

  it('makes no key that could not be saved', async () => {
    const spec = {
      apiKeys: [{ description: 'Service', endpoints: ['/email/send'], saveTo: { file: '../outside.key' } }],
    }
    expect(await outcomes(spec)).toEqual({ 'apiKeys/Service': 'failed' })
    expect(writes()).toEqual([])
  })

  it('adds an entry to a list without writing the others back', async () => {
    await world.apply({ allowedSenders: { mode: 'disabled', entries: ['a.example', 'b.example'] } })
    world.emulator.clearRequests()
    const spec = { allowedSenders: { mode: 'disabled', entries: ['b.example', 'c.example'] } }
    expect(await outcomes(spec)).toEqual({ allowedSenders: 'done' })
    expect(writes().map(({ path, body }) => [path, body])).toEqual([
      ['/v3/allowed_senders/add', { allowed_senders: ['c.example'] }],
    ])
    expect(planOf(await world.plan(spec)).unmanaged.map((one) => one.address)).toEqual(['allowedSenders/a.example'])
  })

  it('replaces a list in one call where the section is authoritative', async () => {
    await world.apply({ allowedSenders: { mode: 'disabled', entries: ['a.example', 'b.example'] } })
    world.emulator.clearRequests()
    const spec = {
      manage: { allowedSenders: 'authoritative' },
      allowedSenders: { mode: 'disabled', entries: ['b.example', 'c.example'] },
    }
    await world.apply(spec)
    expect(writes().map(({ path, body }) => [path, body])).toEqual([
      ['/v3/allowed_senders/update', { allowed_senders: ['b.example', 'c.example'], mode: 'disabled' }],
    ])
  })

  it('keeps entries that nobody named when the mode of a list changes', async () => {
    await world.apply({ allowedSenders: { mode: 'allow', entries: ['a.example'] } })
    await world.apply({ allowedSenders: { mode: 'disabled', entries: ['b.example'] } })
    const state = world.emulator.state() as { smtp2go: { scopes: Record<string, { allowedSenders: unknown }> } }
    expect(state.smtp2go.scopes['']?.allowedSenders).toEqual({ mode: 'disabled', entries: ['a.example', 'b.example'] })
  })

  it('patches only what changed, so that nothing else of a user is reset', async () => {
    await world.apply({ smtpUsers: [{ username: 'billing-app', password, description: 'A', openTracking: true }] })
    world.emulator.clearRequests()
    await world.apply({ smtpUsers: [{ username: 'billing-app', description: 'B' }] })
    expect(writes().map(({ method, path, body }) => [method, path, body])).toEqual([
      ['PATCH', '/v3/users/smtp/edit', { description: 'B', username: 'billing-app' }],
    ])
  })
})

describe('read', () => {
  let world: World
  beforeEach(async () => {
    const smtpUsers = Array.from({ length: 12 }, (_, at) => ({ username: `user-${at}` }))
    const templates = Array.from({ length: 3 }, (_, at) => ({
      id: `template-${at}`,
      name: 'T',
      subject: 'S',
      html_body: 'h',
      text_body: 't',
    }))
    world = await openWorld({ seed: { smtp2go: { scopes: { '': { smtpUsers, templates } } } } })
  })
  afterEach(() => world.close())

  const broken: readonly [string, Fault][] = [
    ['a short page', { match: { path: '/v3/template/search' }, fault: 'short-page' }],
    ['an HTML page', { match: { path: '/v3/template/search' }, fault: 'html' }],
    ['a truncated body', { match: { path: '/v3/template/search' }, fault: 'truncated-body' }],
    ['a wrong shape', { match: { path: '/v3/template/search' }, fault: 'wrong-type' }],
    ['a refusal', { match: { path: '/v3/template/search' }, fault: 'status', status: 404, body: {} }],
  ]
  for (const [name, fault] of broken)
    it(`takes ${name} as unknown and never as empty`, async () => {
      world.emulator.faults([fault])
      const spec = { templates: [{ id: 'template-9', name: 'T', subject: 'S', html: 'h', text: 't' }] }
      const planned = await world.plan(spec)
      expect(planned).toMatchObject({ ok: false, unread: [{ kind: 'templates' }] })
    }, 60_000)

  it('lists each collection once, and asks for the bodies of the templates that the spec names', async () => {
    await world.plan({
      smtpUsers: [{ username: 'user-1' }],
      templates: [{ id: 'template-1', name: 'T', subject: 'S', html: 'h', text: 't' }],
    })
    const calls = world.emulator.requests().map((request) => request.path)
    expect(calls.sort()).toEqual(['/v3/template/search', '/v3/template/view', '/v3/users/smtp/view'])
  })

  it('stops asking after the first refusal of a wrong key', async () => {
    world.emulator.settings({ unknownKeyStatus: 400 })
    world.emulator.faults([
      {
        fault: 'status',
        status: 400,
        body: {
          request_id: 'r',
          data: {
            error: "An API User matching the passed 'api_key' was not found",
            error_code: 'E_ApiResponseCodes.API_EXCEPTION',
          },
        },
      },
    ])
    const sections = [
      'smtpUsers',
      'templates',
      'webhooks',
      'suppressions',
      'singleSenders',
      'senderDomains',
      'apiKeys',
      'subaccounts',
    ]
    const planned = await world.plan(Object.fromEntries(sections.map((name) => [name, []])))
    expect(planned.ok).toBe(false)
    expect(world.emulator.requests().length).toBeLessThanOrEqual(8)
  })
})
