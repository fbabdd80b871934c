import { describe, expect, it } from 'vitest'
import { plan } from '../../src/engine/plan/plan.ts'
import { type Memory, NO_MEMORY } from '../../src/model/ledger/memory.ts'
import { planOf } from '../apis/kinds/world.ts'
import { linesOf, openPast, warned } from '../ledger/past.ts'
import { entry, hidden, memory } from './remembered.ts'
import { desired, lamp, live, scene, switchKind, toys } from './toy.ts'

const context = { accept: [] as string[], runnerAddresses: [], usesCredential: () => false }
const planned = (made: ReturnType<typeof scene>, known: Memory) =>
  plan(made.spec, made.live, toys, { ...context, memory: known })
const lines = (made: ReturnType<typeof scene>, known: Memory) => linesOf(planned(made, known))
const code = hidden('c')

describe('moved', () => {
  it('is an edit of the spec where the entry is known by its old name', () => {
    const made = scene([desired(lamp, { name: 'new' }, { moved: 'old' })], {
      lamps: [live(lamp, '7', { name: 'old' })],
    })
    expect(lines(made, memory([entry(lamp, '7', { name: 'old' })]))).toEqual(['update lamps/new spec'])
    expect(lines(made, NO_MEMORY)).toEqual(['update lamps/new unknown'])
  })

  it('that is done can go, and that is said', () => {
    const made = scene([desired(lamp, { name: 'new' }, { moved: 'old' })], {
      lamps: [live(lamp, '7', { name: 'new' })],
    })
    expect(warned(planned(made, memory([entry(lamp, '7', { name: 'new' })])))).toEqual(['MOVED_DONE'])
    expect(warned(planned(made, memory([entry(lamp, '7', { name: 'old' })])))).toEqual([])
    expect(warned(planned(made, NO_MEMORY))).toEqual([])
  })
})

describe('an object that was renamed outside', () => {
  const known = memory([entry(lamp, '7', { name: 'mine' })])
  const other = { lamps: [live(lamp, '7', { name: 'theirs' })] }

  it('gets its name back, and is neither made again nor left behind', () => {
    for (const mode of ['additive', 'owned', 'authoritative'] as const) {
      const made = scene([desired(lamp, { name: 'mine', code })], other, { mode })
      expect(planOf(planned(made, known))).toMatchObject({
        unmanaged: [],
        changes: [
          {
            action: 'update',
            reason: 'drift',
            live: { id: '7' },
            fields: [{ path: 'name', before: 'theirs', after: 'mine', reason: 'drift' }],
          },
        ],
      })
    }
  })

  it('is another one if its new name is declared, or if it is not certain whose record it is', () => {
    const both = scene([desired(lamp, { name: 'mine', code }), desired(lamp, { name: 'theirs' })], other)
    expect(lines(both, known)).toEqual(['create lamps/mine drift'])
    const made = scene([desired(lamp, { name: 'mine', code })], other)
    expect(lines(made, memory([entry(lamp, '7', { name: 'mine' })], { proves: false }))).toEqual([
      'create lamps/mine drift',
    ])
  })

  it('stays as it is where the API cannot rename, and that is a problem', () => {
    const stiff = {
      ...lamp,
      calls: { ...lamp.calls, update: { method: 'POST' as const, path: '/lamp/edit', by: 'id' } },
    }
    const made = scene([desired(stiff, { name: 'mine', code })], other)
    const found = plan(made.spec, made.live, [stiff, switchKind], { ...context, memory: known })
    expect(found).toMatchObject({ ok: false, problems: [{ code: 'CANNOT_RENAME', source: { path: ['name'] } }] })
  })

  it('is not deleted when it leaves the spec: somebody gave it a name of their own', () => {
    expect(lines(scene([], other, { mode: 'owned' }), known)).toEqual([])
  })
})

describe('with a ledger and an API', () => {
  const hook = (name: string, more: Readonly<Record<string, unknown>> = {}) => ({
    url: `https://hooks.example.com/${name}`,
    events: ['bounce'],
    ...more,
  })
  const addresses = (name: string) => [`webhooks/https://hooks.example.com/${name}`]

  it('a rename keeps the id, and the entry goes along', async () => {
    const past = await openPast()
    try {
      await past.apply({ webhooks: [hook('old')] })
      const before = past.record().entries[addresses('old')[0] ?? '']
      const moved = { webhooks: [{ ...hook('new'), moved: 'https://hooks.example.com/old' }] }
      await past.apply(moved)
      const { entries } = past.record()
      expect(Object.keys(entries)).toEqual(addresses('new'))
      expect(Object.values(entries)).toMatchObject([{ id: before?.id, origin: 'made' }])
      expect(warned(await past.plan(moved))).toEqual(['MOVED_DONE'])
    } finally {
      await past.close()
    }
  })

  it('what was renamed in the console is renamed back', async () => {
    const past = await openPast()
    try {
      await past.apply({ webhooks: [hook('mine'), hook('other')] })
      const { id } = past.record().entries[addresses('mine')[0] ?? ''] ?? { id: '' }
      await past.world.send('main', {
        method: 'POST',
        path: '/webhook/edit',
        body: { id: Number(id), url: 'https://hooks.example.com/theirs', events: ['bounce'] },
        reads: false,
      })
      const spec = { webhooks: [hook('mine'), hook('other')] }
      expect(linesOf(await past.plan(spec))).toEqual(['update webhooks/https://hooks.example.com/mine drift'])
      await past.apply(spec)
      expect(linesOf(await past.plan(spec))).toEqual([])
      expect(past.record().entries[addresses('mine')[0] ?? '']?.id).toBe(id)
    } finally {
      await past.close()
    }
  })

  it('a subaccount that is renamed takes what is in it along', async () => {
    const past = await openPast()
    try {
      const acme = { name: 'Acme', email: 'it@acme.example' }
      const users = ['app-one', 'app-two'].map((username) => ({ username, password: '${env:BILLING_PASSWORD}' }))
      const inside = (subaccount: string, smtpUsers: readonly unknown[], more = {}) =>
        JSON.stringify({ version: 1, account: 'main', subaccount, smtpUsers, ...more })
      await past.apply({ subaccounts: [acme] }, { beside: [inside('Acme', users)] })
      expect(Object.keys(past.record().entries)).toContain('Acme:smtpUsers/app-one')
      const moved = { subaccounts: [{ ...acme, name: 'Apex', moved: 'Acme' }] }
      const edited = users.map((user) => ({ ...user, description: 'Edited' }))
      const { results } = await past.apply(moved, { beside: [inside('Apex', edited)] })
      expect(results.map(({ change, outcome }) => [change.action, change.address, outcome])).toEqual([
        ['update', 'subaccounts/Apex', 'done'],
        ['update', 'smtpUsers/app-one', 'done'],
        ['update', 'smtpUsers/app-two', 'done'],
      ])
      expect(Object.keys(past.record().entries)).toEqual([
        'Apex:smtpUsers/app-one',
        'Apex:smtpUsers/app-two',
        'subaccounts/Apex',
      ])
      const left = await past.plan(moved, {
        beside: [inside('Apex', edited.slice(1), { manage: { default: 'owned' } })],
      })
      expect(linesOf(left)).toEqual(['delete smtpUsers/app-one spec'])
    } finally {
      await past.close()
    }
  })
})
