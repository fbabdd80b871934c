import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { fingerprint } from '../../../src/engine/gates/gates.ts'
import { allowed } from '../../../src/engine/gates/limits.ts'
import { plan } from '../../../src/engine/plan/plan.ts'
import { carryOut } from '../../../src/engine/reconcile.ts'
import type { DesiredObject } from '../../../src/model/desired/object.ts'
import type { Limit, Safety } from '../../../src/model/desired/spec.ts'
import type { LiveObject } from '../../../src/model/kind/live-object.ts'
import { type Memory, NO_MEMORY } from '../../../src/model/ledger/memory.ts'
import type { LedgerEntry } from '../../../src/model/ledger/record.ts'
import { desired, lamp, live, scene, switchKind, toys } from '../toy.ts'

const context = { runnerAddresses: [], usesCredential: () => false }
const source = { file: 'toy.yaml', document: 0, path: ['safety', 'deletes'] }
const lamps = (count: number, values: Readonly<Record<string, unknown>> = {}): LiveObject[] =>
  Array.from({ length: count }, (_, at) => live(lamp, String(at), { name: `lamp-${at}`, on: true, ...values }))

interface More {
  readonly accept?: readonly string[]
  readonly safety?: Safety
  readonly memory?: Memory
}

/** A plan of toys, with limits and a memory; it must be one. */
function planned(made: ReturnType<typeof scene>, { accept = [], safety, memory }: More = {}) {
  const scopes = made.spec.scopes.map((scope) => (safety === undefined ? scope : { ...scope, safety }))
  const found = plan({ ...made.spec, scopes }, made.live, toys, { ...context, accept, memory })
  if (!found.ok) throw new Error(JSON.stringify(found.problems))
  return found.plan
}

const deletes = (limit: Partial<Limit>): Safety => ({ deletes: [{ source, ...limit }], updates: [] })
const gone = (count: number) =>
  Array.from({ length: count }, (_, at) => desired(lamp, { name: `lamp-${at}` }, { state: 'absent' }))

describe('how much of a collection', () => {
  it.each([
    [4, 4],
    [5, 2],
    [20, 10],
    [21, 4],
    [200, 40],
    [201, 10],
    [2000, 100],
    [2001, 20],
  ])('%i live objects: %i may be deleted, and one more is gated', (size, may) => {
    expect(planned(scene(gone(may), { lamps: lamps(size) })).gates.map((gate) => gate.code)).not.toContain(
      'MANY_DELETES',
    )
    if (may === size) return
    expect(planned(scene(gone(may + 1), { lamps: lamps(size) })).gates).toMatchObject([
      {
        code: 'MANY_DELETES',
        reason: expect.stringMatching(`^${may + 1} of ${size} lamps in "home" would be deleted`),
      },
    ])
  })

  it('the reason names five and counts the rest; all are in the addresses', () => {
    const [gate] = planned(scene(gone(8), { lamps: lamps(10) })).gates
    expect(gate?.reason).toBe(
      '8 of 10 lamps in "home" would be deleted, and at most 5 may be: lamps/lamp-0, lamps/lamp-1, lamps/lamp-2, lamps/lamp-3, lamps/lamp-4, and 3 more',
    )
    expect(gate?.addresses).toHaveLength(8)
    expect(gate?.addresses[7]).toBe('home:lamps/lamp-7')
  })

  it('a document makes it stricter without a word', () => {
    const strict = planned(scene(gone(2), { lamps: lamps(10) }), { safety: deletes({ percent: 10 }) })
    expect(strict.gates).toMatchObject([
      { code: 'MANY_DELETES', reason: expect.stringContaining('and at most 1 may be') },
    ])
    expect(strict.warnings).toEqual([])
    const none = planned(scene(gone(1), { lamps: lamps(3) }), { safety: deletes({ count: 0 }) })
    expect(none.gates).toMatchObject([{ code: 'MANY_DELETES' }])
  })

  it('a looser value is said in every plan, with its place, and never takes the gate away', () => {
    const loose = deletes({ percent: 90 })
    const some = planned(scene(gone(8), { lamps: lamps(10) }), { safety: loose })
    expect(some.gates).toEqual([])
    expect(some.warnings).toMatchObject([
      { code: 'LOOSER_LIMIT', message: expect.stringContaining('9 of 10 lamps in "home" be deleted, not 5'), source },
    ])
    expect(planned(scene([], { lamps: lamps(10) }), { safety: loose }).warnings).toMatchObject([
      { code: 'LOOSER_LIMIT' },
    ])
    const all = planned(scene(gone(10), { lamps: lamps(10, { on: false }) }), { safety: loose })
    expect(all.gates).toMatchObject([{ code: 'MANY_DELETES' }])
  })

  it('of several limits the strictest counts', () => {
    const two: Safety = {
      deletes: [
        { source, percent: 90 },
        { source, percent: 40, count: 3 },
      ],
      updates: [{ source, percent: 10 }],
    }
    expect([3, 10, 20].map((size) => allowed('deletes', size, two))).toEqual([3, 3, 3])
    expect([10, 11, 30].map((size) => allowed('updates', size, two))).toEqual([10, 1, 3])
  })
})

describe('what is empty', () => {
  it('a section that names nothing deletes nothing, though a rule keeps some', () => {
    const ignore = [{ text: 'lamps/lamp-0', kind: 'lamps', key: 'lamp-0', source }]
    const [gate] = planned(scene([], { lamps: lamps(3) }, { mode: 'authoritative', ignore })).gates
    expect(gate).toMatchObject({ code: 'EMPTY_COLLECTION', addresses: ['home:lamps/lamp-1', 'home:lamps/lamp-2'] })
    expect(gate).not.toHaveProperty('token')
  })

  const remembers = (count: number): Memory => ({
    ...NO_MEMORY,
    knows: () => true,
    entries: (_, kind) =>
      kind !== 'lamps'
        ? []
        : lamps(count).map(
            ({ key, id }): LedgerEntry => ({
              subaccount: null,
              kind,
              key,
              id,
              fields: {},
              secrets: {},
              origin: 'made',
              run: 'r1',
            }),
          ),
  })
  const wanted = [desired(lamp, { name: 'lamp-0', code: 'c' }), desired(lamp, { name: 'lamp-1', code: 'c' })]

  it('an API that shows nothing of what the ledger remembers makes nothing anew', () => {
    expect(planned(scene(wanted), { memory: remembers(2) }).gates).toMatchObject([
      { code: 'EMPTY_LIVE', addresses: ['home:lamps/lamp-0', 'home:lamps/lamp-1'], token: expect.any(String) },
    ])
  })

  it.each([
    ['one object that went is drift', scene(wanted), remembers(1)],
    ['nothing is remembered', scene(wanted), NO_MEMORY],
    ['one of two is there', scene(wanted, { lamps: lamps(1) }), remembers(2)],
    ['nothing would be made', scene([]), remembers(2)],
  ])('but not where %s', (_, made, memory) => {
    expect(planned(made, { memory }).gates).toEqual([])
  })
})

describe('a token', () => {
  const made = (name = 'lamp-0') => scene([desired(lamp, { name })], { lamps: lamps(10) }, { mode: 'authoritative' })
  const tokenOf = (one: ReturnType<typeof scene>) => planned(one).gates[0]?.token ?? ''

  it('opens its gate of its plan', () => {
    expect(planned(made(), { accept: [tokenOf(made())] }).gates).toMatchObject([{ accepted: true }])
  })

  it('is another one for another spec, other objects, other ids, another place', () => {
    const first = made()
    const tokens = [
      first,
      made('lamp-1'),
      { ...first, spec: { ...first.spec, hash: `sha256:${'1'.repeat(64)}` } },
      { ...first, spec: { ...first.spec, accounts: new Map([['home', account('https://elsewhere.example')]]) } },
      scene(
        [desired(lamp, { name: 'lamp-0' })],
        { lamps: lamps(10).map((one, at) => ({ ...one, id: String(90 + at) })) },
        { mode: 'authoritative' },
      ),
    ].map(tokenOf)
    expect(new Set(tokens).size).toBe(tokens.length)
  })

  const account = (url: string) => ({ name: 'home', api: 'smtp2go' as const, url, source })

  it('does not depend on the order of the changes', () => {
    const { changes } = planned(made())
    expect(fingerprint([...changes].reverse())).toBe(fingerprint(changes))
  })
})

const scenes = fc
  .record({
    size: fc.nat(30),
    present: fc.uniqueArray(fc.nat(34), { maxLength: 20 }),
    absent: fc.uniqueArray(fc.nat(34), { maxLength: 20 }),
    on: fc.boolean(),
    mode: fc.constantFrom('additive', 'owned', 'authoritative'),
    allowEmpty: fc.boolean(),
    percent: fc.option(fc.nat(90), { nil: undefined }),
    count: fc.option(fc.nat(12), { nil: undefined }),
  })
  .map(({ size, present, absent, on, mode, allowEmpty, percent, count }) => {
    const objects: DesiredObject[] = [
      ...present.map((at) => desired(lamp, { name: `lamp-${at}`, code: 'c', on, glow: { hue: 'blue' } })),
      ...absent
        .filter((at) => !present.includes(at))
        .map((at) => desired(lamp, { name: `lamp-${at}` }, { state: 'absent' })),
    ]
    const there = {
      lamps: lamps(size, { glow: { hue: 'red', level: 1 } }),
      switches: [live(switchKind, 'x', { name: 'x' })],
    }
    const limit = { source, ...(percent === undefined ? {} : { percent }), ...(count === undefined ? {} : { count }) }
    return { made: scene(objects, there, { mode, allowEmpty }), safety: { deletes: [limit], updates: [limit] }, size }
  })

test('no gate of any plan is passed without its own number, and no more is deleted without one than is allowed', () => {
  fc.assert(
    fc.property(scenes, fc.array(fc.string()), fc.nat(), ({ made, safety, size }, junk, pick) => {
      const closed = planned(made, { safety })
      expect(closed.gates.filter((gate) => gate.accepted)).toEqual([])
      const tokens = closed.gates.flatMap((gate) => gate.token ?? [])
      const given = tokens.filter((_, at) => (pick >> at) % 2 === 1)
      const half = [...junk, ...given, ...tokens.map((token) => token.split(':')[0] ?? ''), 'G1', '*']
      for (const gate of planned(made, { safety, accept: half }).gates)
        expect(gate.accepted).toBe(gate.token !== undefined && given.includes(gate.token))
      const here = closed.changes.filter((change) => change.kind === lamp && change.action === 'delete')
      const isGated = closed.gates.some((gate) => ['MANY_DELETES', 'EMPTY_COLLECTION'].includes(gate.code))
      if (!isGated) expect(here.length).toBeLessThanOrEqual(allowed('deletes', size, safety))
      const left = [...Array(size).keys()].filter((at) => !here.some((change) => change.key === `lamp-${at}`))
      const built = closed.changes.some((change) => change.action === 'create')
      if (size > 0 && left.length === 0 && !built) expect(closed.gates.length).toBeGreaterThan(0)
    }),
    { numRuns: 400 },
  )
})

test('a plan with a closed gate is not carried out, and makes no call', async () => {
  await fc.assert(
    fc.asyncProperty(scenes, async ({ made, safety }) => {
      const ready = planned(made, { safety })
      fc.pre(ready.gates.length > 0)
      let calls = 0
      const send = async () => {
        calls += 1
        return {}
      }
      const delivery = { refuses: () => undefined, deliver: async () => undefined, recall: () => undefined }
      const done = carryOut(ready, { kinds: toys, send, delivery, parallelism: 1, sleep: async () => undefined })
      await expect(done).rejects.toThrow(`a gate is closed, so nothing is done: G1 ${ready.gates[0]?.code}`)
      expect(calls).toBe(0)
    }),
    { numRuns: 50 },
  )
})

test('a token of one plan opens no other', () => {
  fc.assert(
    fc.property(scenes, scenes, (one, other) => {
      const [first, second] = [planned(one.made, one), planned(other.made, other)]
      fc.pre(fingerprint(first.changes) !== fingerprint(second.changes))
      const tokens = first.gates.flatMap((gate) => gate.token ?? [])
      const shared = second.gates.filter((gate) => gate.token !== undefined && tokens.includes(gate.token))
      expect(shared.length).toBe(0)
    }),
    { numRuns: 100, seed: 7 },
  )
})
