import fc from 'fast-check'
import { expect, it } from 'vitest'
import { kinds } from '../../src/apis/index.ts'
import { openLedger } from '../../src/ledger/ledger.ts'
import { fingerprints } from '../../src/ledger/record/fingerprint.ts'
import { boundHistory, newRecord } from '../../src/ledger/record/history.ts'
import { formatRecord, parseRecord } from '../../src/ledger/record/text.ts'
import { LedgerError, type Store } from '../../src/ledger/stores/store.ts'
import type { LedgerRecord, LedgerRun } from '../../src/model/ledger/record.ts'
import { Secret } from '../../src/model/secret.ts'

const account = { name: 'main', api: 'smtp2go' as const, url: 'https://api.example.com/v3' }
const run = (id: string, more: Partial<LedgerRun> = {}): LedgerRun => ({
  id,
  command: 'apply',
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: '2026-01-01T00:00:01.000Z',
  by: 'ada',
  mailconfig: '1.0.0',
  specHash: 'sha256:0',
  state: 'done',
  changes: [],
  ...more,
})
const change = (size: number) => ({
  address: 'smtpUsers/a',
  subaccount: null,
  kind: 'smtpUsers',
  key: 'a',
  action: 'update' as const,
  outcome: 'done' as const,
  before: { description: 'x'.repeat(size) },
})
const record = (more: Partial<LedgerRecord> = {}): LedgerRecord => ({
  ...newRecord(account),
  serial: 3,
  marks: ['m'],
  entries: {
    'smtpUsers/b': {
      subaccount: null,
      kind: 'smtpUsers',
      key: 'b',
      id: 'b',
      fields: { username: 'b', rateLimit: { messages: 5, per: '1 hour' } },
      secrets: { password: 'v1.m.s.h' },
      origin: 'made',
      run: 'r1',
    },
  },
  history: [run('r1', { changes: [change(3)] })],
  ...more,
})

it('a record is what it was, however its JSON is laid out and whatever order its keys have', () => {
  const one = record()
  const text = formatRecord(one)
  expect(parseRecord(text, 'x')).toEqual(one)
  const turned = JSON.stringify(reversed(JSON.parse(text)))
  expect(parseRecord(turned, 'x')).toEqual(one)
})

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, one]) => [name, reversed(one)]),
  )
}

it('a record that anything has changed is refused, or is the same record', () => {
  const one = record()
  const text = formatRecord(one)
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.string({ minLength: 1, maxLength: 2 }), fc.nat(3), (at, put, cut) => {
      const harmed = text.slice(0, at) + put + text.slice(at + cut)
      try {
        expect(parseRecord(harmed, 'x')).toEqual(one)
      } catch (error) {
        if (!(error instanceof LedgerError)) throw error
        expect(['LEDGER_CORRUPT', 'LEDGER_NEWER']).toContain(error.code)
      }
    }),
    { numRuns: 3000 },
  )
})

it.each([
  ['no JSON', '{', 'LEDGER_CORRUPT'],
  ['nothing', '', 'LEDGER_CORRUPT'],
  ['a list', '[]', 'LEDGER_CORRUPT'],
  ['another thing', '{"format":1}', 'LEDGER_CORRUPT'],
  ['a format of the future', '{"format":2,"unheard":"of"}', 'LEDGER_NEWER'],
])('%s is refused', (_, text, code) => {
  expect(() => parseRecord(text, 'x')).toThrow(expect.objectContaining({ code }))
})

it('a fingerprint tells a secret from another one, to the credential that made it and to nobody else', () => {
  const lineage = 'a-lineage'
  const mine = fingerprints(new Secret('api-mine'), lineage)
  const print = mine.make(new Secret('hunter2'))
  expect(mine.matches(print, new Secret('hunter2'))).toBe(true)
  expect(mine.matches(print, new Secret('hunter3'))).toBe(false)
  expect(fingerprints(new Secret('api-mine'), lineage).matches(print, new Secret('hunter2'))).toBe(true)
  expect(fingerprints(new Secret('api-other'), lineage).matches(print, new Secret('hunter2'))).toBe(undefined)
  expect(fingerprints(new Secret('api-mine'), 'another').matches(print, new Secret('hunter2'))).toBe(undefined)
  for (const broken of ['', 'v1', 'v2.a.b.c', print.slice(0, -1).replace('v1', 'v0'), `${print}.x`])
    expect(mine.matches(broken, new Secret('hunter2'))).toBe(undefined)
  expect(mine.matches(print.slice(0, -4), new Secret('hunter2'))).toBe(false)
})

it('two fingerprints of one secret have nothing in common but the mark', () => {
  const { make, mark } = fingerprints(new Secret('api-mine'), 'lineage')
  const [one, two] = [make(new Secret('x')).split('.'), make(new Secret('x')).split('.')]
  expect([one[0], one[1], two[1]]).toEqual(['v1', mark, mark])
  expect(one[2]).not.toBe(two[2])
  expect(one[3]).not.toBe(two[3])
  expect(mark).not.toContain('mine')
})

it('a history keeps its bounds: old values go first, then old runs, and nothing that is open', () => {
  const keep = { runs: 3, characters: 900 }
  const pending = run('r0', { state: 'interrupted', changes: [{ ...change(10), outcome: 'pending' }] })
  const runs = [pending, ...['r1', 'r2', 'r3', 'r4'].map((id) => run(id, { changes: [change(300)] }))]
  const bounded = boundHistory(runs, keep)
  expect(bounded.map(({ id, trimmed }) => [id, trimmed === true])).toEqual([
    ['r0', false],
    ['r2', true],
    ['r3', true],
    ['r4', false],
  ])
  expect(bounded[1]?.changes[0]).not.toHaveProperty('before')
})

it('a ledger that does not answer is one warning for a plan and one obstacle for an apply, of however many accounts', async () => {
  const fail = async () => {
    throw new LedgerError('LEDGER_UNREACHABLE', 'nobody answers')
  }
  const store: Store = {
    where: 'nowhere',
    names: fail,
    read: fail,
    write: fail,
    lock: fail,
    holders: fail,
    unlock: fail,
    close: async () => undefined,
  }
  const book = await openLedger(store, [account, { ...account, name: 'other' }], { kinds, now: () => new Date() })
  expect(book.accounts).toEqual(['main', 'other'].map((name) => ({ name, state: 'unusable', serial: 0 })))
  expect(book.warnings).toMatchObject([{ code: 'LEDGER_UNREACHABLE', severity: 'warning' }])
  const { memory, warnings } = book.remember(new Map())
  expect([memory.knows('main'), warnings.length]).toEqual([false, 1])
  expect(book.obstacles()).toMatchObject([{ code: 'LEDGER_UNREACHABLE' }])
  expect(book.obstacles()[0]).not.toHaveProperty('severity')
})
