import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { linesOf, openPast, type Past } from '../past.ts'

const password = '${env:BILLING_PASSWORD}'
const user = (username: string, more: Readonly<Record<string, unknown>> = {}) => ({ username, password, ...more })
const hook = (name: string, more: Readonly<Record<string, unknown>> = {}) => ({
  url: `https://hooks.example.com/${name}`,
  events: ['bounce'],
  ...more,
})

describe('the way back to a run', () => {
  let past: Past
  beforeEach(async () => {
    const smtpUsers = [{ username: 'legacy-app', description: 'Old' }]
    past = await openPast({ seed: { smtp2go: { scopes: { '': { smtpUsers } } } } })
  })
  afterEach(() => past.close())
  /** What is live, without what no undo brings back. */
  const live = () =>
    JSON.stringify(past.world.emulator.state(), (name, value: unknown) =>
      ['id', 'password', 'created', 'lastUpdated', 'updated', 'log', 'time', 'nextId', 'ids'].includes(name)
        ? undefined
        : value,
    )

  it('removes what was made later, brings fields back, and makes again what was deleted', async () => {
    const { run } = await past.apply({
      smtpUsers: [user('billing-app', { description: 'Bills', rateLimit: { messages: 500, per: '1 hour' } })],
      suppressions: [{ address: 'gone@example.org', description: 'Asked' }],
      allowedSenders: { mode: 'disabled', entries: ['a.example'] },
    })
    await past.apply({
      smtpUsers: [
        user('billing-app', { description: 'Invoices', rateLimit: { messages: 100, per: '1 hour' } }),
        user('new-app'),
        { username: 'legacy-app', description: 'New' },
      ],
      suppressions: [{ address: 'gone@example.org', state: 'absent' }],
      allowedSenders: { mode: 'disabled', entries: ['a.example', 'b.example'] },
    })
    await past.apply({ smtpUsers: [user('billing-app', { description: 'Third' })], webhooks: [hook('a')] })
    const { planned, impossible } = await past.rollback(run, { smtpUsers: [] })
    expect(linesOf(planned).sort()).toEqual([
      'create suppressions/gone@example.org spec',
      'delete smtpUsers/new-app spec',
      'delete webhooks/https://hooks.example.com/a spec',
      'update allowedSenders spec',
      'update smtpUsers/billing-app spec',
      'update smtpUsers/legacy-app spec',
    ])
    expect(impossible).toEqual(['suppressions/gone@example.org was deleted: mail may have gone to it in the meantime'])
    const results = await past.apply2(planned)
    expect(results.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 6 }, () => 'done'))
    const again = await past.plan({
      smtpUsers: [
        user('billing-app', { description: 'Bills', rateLimit: { messages: 500, per: '1 hour' } }),
        { username: 'legacy-app', description: 'Old' },
      ],
      suppressions: [{ address: 'gone@example.org', description: 'Asked' }],
      allowedSenders: { mode: 'disabled', entries: ['a.example'] },
    })
    expect(linesOf(again)).toEqual([])
    expect(live()).not.toContain('new-app')
    expect(past.record().history.at(-1)).toMatchObject({ command: 'rollback', state: 'done' })
  })

  it('leads through a rename, to the object that it was', async () => {
    const { run } = await past.apply({ webhooks: [hook('old', { format: 'json' })] })
    const { id } = past.record().entries['webhooks/https://hooks.example.com/old'] ?? { id: '' }
    await past.apply({ webhooks: [{ ...hook('new', { format: 'form' }), moved: 'https://hooks.example.com/old' }] })
    await past.apply({ webhooks: [{ ...hook('newest'), moved: 'https://hooks.example.com/new' }] })
    const { planned } = await past.rollback(run, {})
    expect(linesOf(planned)).toEqual(['update webhooks/https://hooks.example.com/old spec'])
    await past.apply2(planned)
    expect(linesOf(await past.plan({ webhooks: [hook('old', { format: 'json' })] }))).toEqual([])
    expect(past.record().entries).toMatchObject({
      'webhooks/https://hooks.example.com/old': { id, origin: 'made' },
    })
    expect(Object.keys(past.record().entries)).toEqual(['webhooks/https://hooks.example.com/old'])
  })

  it('says what cannot come back: secrets, keys, objects without their password', async () => {
    const { run } = await past.apply({
      smtpUsers: [user('billing-app')],
      senderDomains: [{ domain: 'example.com' }],
      apiKeys: [{ description: 'Billing', endpoints: ['/email/send'], saveTo: { file: 'billing.key' } }],
    })
    await past.apply({ smtpUsers: [{ username: 'billing-app', password: '${env:RELAY_PASSWORD}' }] })
    await past.apply({
      smtpUsers: [{ username: 'billing-app', state: 'absent' }],
      senderDomains: [{ domain: 'example.com', state: 'absent' }],
      apiKeys: [
        { description: 'Billing', endpoints: ['/email/send'], saveTo: { file: 'billing.key' }, state: 'absent' },
      ],
    })
    const { planned, impossible } = await past.rollback(run, {})
    expect(linesOf(planned)).toEqual(['create senderDomains/example.com spec'])
    expect([...impossible].sort()).toMatchObject(
      [
        /^apiKeys\/Billing was deleted, and its secret with it/,
        /^senderDomains\/example.com was deleted: made again it gets new DNS records/,
        /^smtpUsers\/billing-app was deleted, and its password is kept nowhere/,
        /^smtpUsers\/billing-app: its password from before run \w+ is not known/,
      ].map((pattern) => expect.stringMatching(pattern)),
    )
    const declared = await past.rollback(run, { smtpUsers: [user('billing-app')] })
    expect(linesOf(declared.planned)).toContain('create smtpUsers/billing-app spec')
  })

  it('says what is too old to be undone', async () => {
    const { run } = await past.apply({ smtpUsers: [user('billing-app', { description: 'A' })] })
    for (const description of ['B', 'C', 'D']) {
      await past.apply({ smtpUsers: [user('billing-app', { description })] }, { keep: { runs: 10, characters: 600 } })
    }
    expect(past.record().history.map(({ trimmed }) => trimmed === true)).toEqual([true, true, true, false])
    const { impossible } = await past.rollback(run, {})
    expect(impossible).toMatchObject([expect.stringMatching(/no longer kept/), expect.stringMatching(/no longer kept/)])
    await past.apply(
      { smtpUsers: [user('billing-app', { description: 'E' })] },
      { keep: { runs: 2, characters: 9999 } },
    )
    expect(past.record().history.length).toBe(2)
  })

  it('is asked for by a run that the ledger knows', async () => {
    await past.apply({ smtpUsers: [user('billing-app')] })
    expect((await past.book({})).undo('0000000')).toBe(undefined)
    expect((await past.book({})).history()).toMatchObject([{ account: 'main', run: { command: 'apply' } }])
  })
})
