import { expect, it } from 'vitest'
import { allowedSenders, apiKey, webhook } from '../../../src/apis/index.ts'
import { settle } from '../../../src/ledger/memory/recover.ts'
import { newRecord } from '../../../src/ledger/record/history.ts'
import type { ResourceKind } from '../../../src/model/kind/kind.ts'
import type { LiveObject } from '../../../src/model/kind/live-object.ts'
import type { LedgerChange, LedgerRecord } from '../../../src/model/ledger/record.ts'
import type { Live } from '../../../src/model/run/live.ts'

const url = 'https://hooks.example.com/a'
const there = (id: string, values: Readonly<Record<string, unknown>>, key = url): LiveObject => ({
  key,
  id,
  values,
  dormant: false,
})
const kinds: readonly ResourceKind[] = [webhook, allowedSenders, apiKey]

/** What becomes of one announced change, by what is live. */
function looked(change: Partial<LedgerChange>, objects: readonly LiveObject[], kind = 'webhooks') {
  const key = kind === 'webhooks' ? url : ''
  const pending: LedgerChange = {
    address: kind === 'webhooks' ? `webhooks/${url}` : kind,
    subaccount: null,
    kind,
    key,
    action: 'update',
    outcome: 'pending',
    ...change,
  }
  const record: LedgerRecord = {
    ...newRecord({ name: 'main', api: 'smtp2go', url: 'https://api.example.com' }),
    history: [
      {
        id: 'r1',
        command: 'apply',
        startedAt: '2026-01-01T00:00:00Z',
        by: 'ada',
        mailconfig: '1.0.0',
        specHash: 'sha256:0',
        state: 'running',
        changes: [pending],
      },
    ],
  }
  const live: Live = new Map([['main', { id: null, collections: new Map([[kind, { known: true, objects }]]) }]])
  const { record: after } = settle(record, live, kinds)
  return [after.history[0]?.changes[0]?.outcome, Object.values(after.entries)] as const
}

it('a create that shows as announced is ours; one that shows otherwise may be anybody’s', () => {
  const create = {
    action: 'create',
    after: { url, events: ['bounce'] },
    secrets: { 'auth.value': 'v1.a.b.c' },
  } as const
  expect(looked(create, [])).toEqual(['failed', []])
  expect(looked(create, [there('7', { url, events: ['spam'] })])).toEqual(['unknown', []])
  expect(looked(create, [there('7', { url, events: ['bounce'] })])).toMatchObject([
    'done',
    [{ key: url, id: '7', origin: 'made', secrets: { 'auth.value': 'v1.a.b.c' }, run: 'r1' }],
  ])
})

it('an update that only sent a secret cannot be seen, so the secret counts as not sent', () => {
  const same = { url, events: ['bounce'] }
  const [outcome, entries] = looked({ before: same, after: same, secrets: { 'auth.value': 'v1.a.b.c' } }, [
    there('7', same),
  ])
  expect([outcome, entries]).toEqual(['unknown', []])
})

it('an update counts as done or not by its fields, and as unclear where somebody else has been there', () => {
  const update = { id: '7', before: { events: ['bounce'] }, after: { events: ['spam'] } }
  expect(looked(update, [there('7', { events: ['spam'] })])[0]).toBe('done')
  expect(looked(update, [there('7', { events: ['bounce'] })])[0]).toBe('failed')
  expect(looked(update, [there('7', { events: ['open'] })])[0]).toBe('unknown')
  expect(looked(update, [])[0]).toBe('unknown')
})

it('a rename is done where the new name is, and not where the old one is', () => {
  const rename = { id: '7', before: {}, after: {}, renamedFrom: 'https://hooks.example.com/old' }
  expect(looked(rename, [there('7', {})])[0]).toBe('done')
  expect(looked(rename, [there('7', {}, 'https://hooks.example.com/old')])[0]).toBe('failed')
})

it('a delete is done where the object is gone, or is another one by now', () => {
  expect(looked({ action: 'delete', id: '7' }, [])[0]).toBe('done')
  expect(looked({ action: 'delete', id: '7' }, [there('8', {})])[0]).toBe('done')
  expect(looked({ action: 'delete', id: '7' }, [there('7', {})])[0]).toBe('failed')
})

it('of the members of a list those that show are ours', () => {
  const list = (...entries: string[]) => there('', { mode: 'disabled', entries }, '')
  const add = {
    before: { entries: ['x.example'] },
    after: { entries: ['x.example', 'a.example', 'b.example'] },
    members: { added: ['a.example', 'b.example'], removed: [] },
  }
  expect(looked(add, [list('x.example')], 'allowedSenders')).toMatchObject(['failed', []])
  expect(looked(add, [list('x.example', 'a.example')], 'allowedSenders')).toMatchObject([
    'unknown',
    [{ members: ['a.example'] }],
  ])
  expect(looked(add, [list('x.example', 'a.example', 'b.example', 'y.example')], 'allowedSenders')).toMatchObject([
    'done',
    [{ members: ['a.example', 'b.example'] }],
  ])
})

it('what was not read stays open', () => {
  expect(looked({ action: 'create', kind: 'apiKeys' }, [])[0]).toBe('pending')
})
