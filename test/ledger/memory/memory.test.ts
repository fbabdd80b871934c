import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CANARIES, planOf } from '../../apis/kinds/world.ts'
import { linesOf, openPast, type Past, warned } from '../past.ts'

const password = '${env:BILLING_PASSWORD}'
const owned = { manage: { default: 'owned' } }
const user = (username: string, more: Readonly<Record<string, unknown>> = {}) => ({ username, password, ...more })
const hook = (name: string, more: Readonly<Record<string, unknown>> = {}) => ({
  url: `https://hooks.example.com/${name}`,
  events: ['bounce'],
  ...more,
})

describe('what was applied', () => {
  let past: Past
  beforeEach(async () => {
    past = await openPast({ seed: { smtp2go: { scopes: { '': { smtpUsers: [{ username: 'legacy-app' }] } } } } })
  })
  afterEach(() => past.close())

  it('is what owned deletes when it left the spec, and nothing else', async () => {
    await past.apply({ ...owned, smtpUsers: [user('billing-app'), user('old-app')] })
    const planned = await past.plan({ ...owned, smtpUsers: [user('billing-app')] })
    expect(linesOf(planned)).toEqual(['delete smtpUsers/old-app spec'])
    expect(planOf(planned).unmanaged.map(({ address }) => address)).toEqual(['smtpUsers/legacy-app'])
    await past.apply({ ...owned, smtpUsers: [user('billing-app')] })
    expect(Object.keys(past.record().entries)).toEqual(['smtpUsers/billing-app'])
  })

  it('stays written down in an additive section, and counts once the section is owned', async () => {
    await past.apply({ smtpUsers: [user('billing-app'), user('old-app')] })
    await past.apply({ smtpUsers: [user('billing-app', { description: 'A' })] })
    expect(linesOf(await past.plan({ ...owned, smtpUsers: [user('billing-app')] }))).toEqual([
      'delete smtpUsers/old-app spec',
    ])
  })

  it('does not make ours what was there and was only changed', async () => {
    await past.apply({ ...owned, smtpUsers: [{ username: 'legacy-app', description: 'ours?' }] })
    expect(past.record().entries['smtpUsers/legacy-app']).toMatchObject({ origin: 'changed' })
    const planned = await past.plan({ ...owned, smtpUsers: [user('billing-app')] })
    expect(linesOf(planned)).toEqual(['create smtpUsers/billing-app spec'])
    expect(warned(planned)).toEqual(['OWNED_KEPT'])
  })

  it('does not hold what is as it should be and was never applied, until it is adopted without a call', async () => {
    const spec = { ...owned, smtpUsers: [{ username: 'legacy-app' }] }
    await past.apply(spec)
    expect(past.text()).toBe('')
    past.world.emulator.clearRequests()
    expect(await past.adopt(spec)).toEqual({ added: ['main:smtpUsers/legacy-app'], known: [] })
    expect(past.world.emulator.requests().filter((request) => request.writes)).toEqual([])
    expect(await past.adopt(spec)).toEqual({ added: [], known: ['main:smtpUsers/legacy-app'] })
    expect(linesOf(await past.plan({ ...owned, smtpUsers: [] }))).toEqual(['delete smtpUsers/legacy-app spec'])
  })

  it('takes what is live for applied when it is adopted, so that a difference is an edit', async () => {
    await past.adopt({ smtpUsers: [{ username: 'legacy-app', description: 'New' }] })
    const planned = await past.plan({ smtpUsers: [{ username: 'legacy-app', description: 'New' }] })
    expect(linesOf(planned)).toEqual(['update smtpUsers/legacy-app spec'])
  })

  it('forgets what is gone and not declared, so that whoever takes the name is not taken for us', async () => {
    await past.apply({ ...owned, smtpUsers: [user('billing-app'), user('old-app')] })
    await past.world.send('main', {
      method: 'POST',
      path: '/users/smtp/remove',
      body: { username: 'old-app' },
      reads: false,
    })
    await past.apply({ ...owned, smtpUsers: [user('billing-app')] })
    expect(Object.keys(past.record().entries)).toEqual(['smtpUsers/billing-app'])
  })

  it('knows the members of a list that are ours', async () => {
    await past.apply({ allowedSenders: { mode: 'disabled', entries: ['theirs.example'] } })
    past.lose()
    await past.apply({ ...owned, allowedSenders: { mode: 'disabled', entries: ['a.example', 'b.example'] } })
    const planned = await past.plan({ ...owned, allowedSenders: { mode: 'disabled', entries: ['a.example'] } })
    expect(linesOf(planned)).toEqual(['update allowedSenders spec'])
    expect(planOf(planned).changes).toMatchObject([{ members: { removed: ['b.example'] } }])
    expect(planOf(planned).unmanaged.map(({ address }) => address)).toEqual(['allowedSenders/theirs.example'])
    const { results } = await past.apply({ ...owned, allowedSenders: { mode: 'disabled', entries: ['a.example'] } })
    expect(results).toMatchObject([{ outcome: 'done' }])
    expect(past.record().entries['allowedSenders']?.members).toEqual(['a.example'])
  })
})

describe('secrets', () => {
  let past: Past
  beforeEach(async () => {
    past = await openPast()
  })
  afterEach(() => past.close())
  const hooks = (value: string) => ({ webhooks: [hook('a', { auth: { type: 'bearer', value } })] })

  it('that were changed are sent again, nested ones too, and then no more', async () => {
    await past.apply({ smtpUsers: [user('billing-app')], ...hooks('${env:HOOK_TOKEN}') })
    const same = { smtpUsers: [user('billing-app')], ...hooks('${env:HOOK_TOKEN}') }
    expect(linesOf(await past.plan(same))).toEqual([])
    const changed = {
      smtpUsers: [{ username: 'billing-app', password: '${env:RELAY_PASSWORD}' }],
      ...hooks('${env:BILLING_PASSWORD}'),
    }
    expect(planOf(await past.plan(changed)).changes).toMatchObject([
      {
        action: 'update',
        reason: 'spec',
        fields: [
          {
            path: 'password',
            before: '(sensitive)',
            after: '(sensitive)',
            sensitive: true,
            isNew: true,
            reason: 'spec',
          },
        ],
      },
      { action: 'update', fields: [{ path: 'auth.value', sensitive: true, reason: 'spec' }] },
    ])
    const { results } = await past.apply(changed)
    expect(results.map(({ outcome }) => outcome)).toEqual(['done', 'done'])
    expect(JSON.stringify(past.world.emulator.state())).toContain(
      JSON.stringify(CANARIES['RELAY_PASSWORD']).slice(1, -1),
    )
    expect(linesOf(await past.plan(changed))).toEqual([])
  })

  it('cannot be compared with another credential, and are not sent', async () => {
    await past.apply(hooks('${env:HOOK_TOKEN}'))
    const planned = await past.plan(hooks('${env:BILLING_PASSWORD}'), { credential: 'api-of-a-runner-that-only-reads' })
    expect(linesOf(planned)).toEqual([])
  })

  it('are compared again once the record was adopted with the new credential; what was changed meanwhile is still sent', async () => {
    const before = hooks('${env:HOOK_TOKEN}')
    const after = hooks('${env:BILLING_PASSWORD}')
    await past.apply(before)
    await past.adopt(after)
    expect(linesOf(await past.plan(after))).toEqual([`update webhooks/${hook('a').url} spec`])
    const credential = 'api-of-another-runner'
    await past.adopt(before, { credential })
    expect(linesOf(await past.plan(before, { credential }))).toEqual([])
    expect(linesOf(await past.plan(after, { credential }))).toEqual([`update webhooks/${hook('a').url} spec`])
    expect(Object.values(past.record().entries)).toMatchObject([{ origin: 'made' }])
  })

  it('are in no record, and neither is a credential', async () => {
    const key = `api-${'0123456789ABCDEF'.repeat(2)}`
    await past.apply({
      smtpUsers: [user('billing-app')],
      ...hooks('${env:HOOK_TOKEN}'),
      providers: [
        {
          caption: 'Relay',
          host: 'smtp.example.com',
          port: 587,
          username: 'relay',
          password: '${env:RELAY_PASSWORD}',
          sendFrom: 'a@example.com',
          sendFromName: 'A',
          encryption: 'tls',
        },
      ],
    })
    await past.apply({
      webhooks: [
        hook('b', { usernames: [key] }),
        { url: 'https://me:Canary-url@hooks.example.com/c', events: ['spam'] },
      ],
      apiKeys: [{ description: 'Billing', endpoints: ['/email/send'], saveTo: { file: 'billing.key' } }],
    })
    const text = past.text()
    for (const secret of [...Object.values(CANARIES), key, 'Canary-url', past.world.emulator.apiKey])
      expect(text).not.toContain(JSON.stringify(secret).slice(1, -1))
    expect(text).not.toMatch(/api-[0-9A-Za-z]{32}/)
    expect(Object.keys(past.record().entries)).toContain('apiKeys/Billing')
  })
})

describe('a record that is not to be trusted', () => {
  let past: Past
  beforeEach(async () => {
    past = await openPast()
    await past.apply({ ...owned, smtpUsers: [user('billing-app'), user('old-app')], webhooks: [hook('a'), hook('b')] })
  })
  afterEach(() => past.close())
  const left = { ...owned, smtpUsers: [user('billing-app')], webhooks: [hook('a')] }
  const deletes = ['delete smtpUsers/old-app spec', 'delete webhooks/https://hooks.example.com/b spec']

  it('deletes nothing once it is lost', async () => {
    expect(linesOf(await past.plan(left))).toEqual(deletes)
    past.lose()
    const planned = await past.plan(left)
    expect(linesOf(planned)).toEqual([])
    expect(warned(planned)).toEqual(['OWNED_WITHOUT_LEDGER'])
  })

  it.each([
    ['cut in half', (text: string) => text.slice(0, text.length / 2), 'LEDGER_CORRUPT'],
    ['edited', (text: string) => text.replace('smtpUsers/billing-app', 'smtpUsers/legacy-app'), 'LEDGER_CORRUPT'],
    ['empty', () => '', 'LEDGER_CORRUPT'],
    ['of the future', (text: string) => text.replaceAll('"format": 1', '"format": 2'), 'LEDGER_NEWER'],
  ])('deletes nothing when it is %s, and is not written over', async (_, harm, code) => {
    past.write(harm(past.text()))
    const before = past.text()
    const planned = await past.plan(left)
    expect(linesOf(planned)).toEqual([])
    expect(warned(planned)[0]).toBe(code)
    const more = { ...left, smtpUsers: [...left.smtpUsers, user('new-app')] }
    await expect(past.apply(more)).rejects.toMatchObject({ code })
    expect(past.text()).toBe(before)
    expect(past.world.emulator.requests().filter(({ path }) => path === '/v3/users/smtp/add').length).toBe(2)
  })

  it('with another credential still deletes, if an id says that the record is about this account', async () => {
    expect(linesOf(await past.plan(left, { credential: 'another' }))).toEqual(deletes)
    const nothing = { ...owned, smtpUsers: [user('billing-app')] }
    const planned = await past.plan(nothing, { credential: 'another' })
    expect(linesOf(planned)).toEqual([])
    expect(warned(planned)).toEqual(['OWNED_UNPROVEN'])
  })

  it('about another account is no memory: other ids under the same names', async () => {
    const other = await openPast()
    try {
      await other.world.apply({ webhooks: [hook('x'), hook('y'), hook('z'), hook('b'), hook('a')] })
      await other.world.apply({ smtpUsers: [user('billing-app'), user('old-app')] })
      other.write(past.text())
      const url = past.record().account.url
      const planned = await other.plan(left, { credential: 'another', url })
      expect(linesOf(planned)).toEqual([])
      expect(warned(planned)[0]).toBe('LEDGER_OTHER_ACCOUNT')
    } finally {
      await other.close()
    }
  })

  it('about another URL is no memory', async () => {
    const planned = await past.plan(left, { url: 'https://elsewhere.example.com/v3' })
    expect(linesOf(planned)).toEqual([])
    expect(warned(planned)[0]).toBe('LEDGER_OTHER_ACCOUNT')
    expect((await past.adopt(left, { url: 'https://elsewhere.example.com/v3', replace: true })).added.length).toBe(2)
  })

  it('of an account that got another name deletes nothing, and says so', async () => {
    const planned = await past.plan(left, { rename: { main: 'renamed' } })
    expect(linesOf(planned)).toEqual([])
    expect(warned(planned)).toEqual(['LEDGER_RENAMED_ACCOUNT', 'OWNED_WITHOUT_LEDGER'])
  })

  it('deletes no object that was made again under an old name', async () => {
    const { id } = past.record().entries['webhooks/https://hooks.example.com/b'] ?? { id: '' }
    const call = (path: string, body: Readonly<Record<string, unknown>>) =>
      past.world.send('main', { method: 'POST', path, body, reads: false })
    await call('/webhook/remove', { id: Number(id) })
    await call('/webhook/add', { url: 'https://hooks.example.com/b', events: ['bounce'] })
    const planned = await past.plan(left)
    expect(linesOf(planned)).toEqual(['delete smtpUsers/old-app spec'])
    expect(planOf(planned).unmanaged.map(({ address }) => address)).toEqual(['webhooks/https://hooks.example.com/b'])
  })
})
