import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allowedSenders, kinds, webhook } from '../../src/apis/index.ts'
import { plan } from '../../src/engine/plan/plan.ts'
import type { Mode } from '../../src/model/desired/document-fields.ts'
import type { DesiredObject } from '../../src/model/desired/object.ts'
import type { Spec } from '../../src/model/desired/spec.ts'
import type { ResourceKind } from '../../src/model/kind/kind.ts'
import type { LiveObject } from '../../src/model/kind/live-object.ts'
import { type Memory, NO_MEMORY } from '../../src/model/ledger/memory.ts'
import type { LedgerEntry } from '../../src/model/ledger/record.ts'
import type { Live } from '../../src/model/run/live.ts'
import { entry, hidden, memory } from './remembered.ts'
import { desired, lamp, live, scene, toys } from './toy.ts'

const context = { accept: [] as string[], runnerAddresses: [], usesCredential: () => false }
const planned = (made: { readonly spec: Spec; readonly live: Live }, known: Memory, all = toys) => {
  const found = plan(made.spec, made.live, all, { ...context, memory: known })
  if (!found.ok) throw new Error(JSON.stringify(found.problems))
  return found.plan
}
const reasons = (made: ReturnType<typeof scene>, known: Memory) =>
  planned(made, known).changes.map(({ action, address, reason }) => [action, address, reason ?? 'unknown'])

/** A kind by itself: what the spec says, what is live, in a mode. */
function alone(kind: ResourceKind, objects: readonly DesiredObject[], there: readonly LiveObject[], mode: Mode) {
  const scope = { account: 'home', subaccount: null }
  const source = { file: 'toy.yaml', document: 0, path: [] }
  const spec: Spec = {
    accounts: new Map(),
    scopes: [{ scope, sections: new Map([[kind.name, { kind, mode, allowEmpty: true, source }]]), ignore: [] }],
    objects,
    references: [],
    hash: 'sha256:0',
  }
  const all: Live = new Map([
    ['home', { id: null, collections: new Map([[kind.name, { known: true, objects: there }]]) }],
  ])
  return { spec, live: all }
}

describe('the reason of a field', () => {
  const base = { name: 'a', glow: { level: 3, hue: 'red' }, on: true }
  const known = memory([entry(lamp, '1', base)])
  const fieldsOf = (wanted: Readonly<Record<string, unknown>>, now: Readonly<Record<string, unknown>>, by = known) =>
    planned(
      scene([desired(lamp, { name: 'a', code: hidden('c'), ...wanted })], {
        lamps: [live(lamp, '1', { ...base, ...now })],
      }),
      by,
    ).changes.map((change) => [
      change.reason ?? 'unknown',
      change.action === 'noop' ? [] : change.fields.map(({ path, reason }) => `${path} ${reason ?? 'unknown'}`),
    ])

  it('is the spec where live is as it was left', () => {
    expect(fieldsOf({ glow: { level: 5 } }, {})).toEqual([['spec', ['glow.level spec', 'code spec']]])
  })

  it('is drift where the spec is as it was', () => {
    expect(fieldsOf({ glow: { level: 3 } }, { glow: { level: 9, hue: 'red' } })).toEqual([
      ['drift', ['glow.level drift', 'code drift']],
    ])
  })

  it('is both where neither is', () => {
    expect(fieldsOf({ glow: { level: 5 } }, { glow: { level: 9, hue: 'red' } })).toEqual([
      ['both', ['glow.level both', 'code both']],
    ])
  })

  it('is both of an object in which one field is an edit and another one drift', () => {
    expect(fieldsOf({ glow: { hue: 'blue' }, on: true }, { on: false })).toEqual([
      ['both', ['glow.hue spec', 'on drift']],
    ])
  })

  it('is the spec for a field that is managed since a moment ago', () => {
    const before = memory([entry(lamp, '1', { name: 'a', on: true })])
    expect(fieldsOf({ glow: { hue: 'blue' } }, {}, before)).toEqual([['spec', ['glow.hue spec']]])
  })

  it('never counts what only looks different', () => {
    expect(fieldsOf({ glow: { hue: 'RED' } }, { glow: { level: 3, hue: 'Red' } })).toEqual([['unknown', []]])
    expect(fieldsOf({ glow: { hue: 'RED', level: 4 } }, { glow: { level: 3, hue: 'Red' } })).toEqual([
      ['spec', ['glow.level spec', 'code spec']],
    ])
  })

  it('is unknown without a memory, and for an object that was never applied', () => {
    expect(fieldsOf({ on: false, glow: { hue: 'blue' } }, {}, NO_MEMORY)[0]?.[0]).toBe('unknown')
    expect(fieldsOf({ glow: { hue: 'blue' } }, {}, memory([]))).toEqual([['unknown', ['glow.hue unknown']]])
  })
})

describe('the reason of an object', () => {
  it('that is made is drift if it was there, and the spec if it never was', () => {
    const made = scene([
      desired(lamp, { name: 'a', code: hidden('c') }),
      desired(lamp, { name: 'b', code: hidden('c') }),
    ])
    expect(reasons(made, memory([entry(lamp, '1', { name: 'a' })]))).toEqual([
      ['create', 'lamps/a', 'drift'],
      ['create', 'lamps/b', 'spec'],
    ])
    expect(reasons(made, NO_MEMORY)).toEqual([
      ['create', 'lamps/a', 'unknown'],
      ['create', 'lamps/b', 'unknown'],
    ])
  })

  it('that is deleted is the spec for a tombstone and for what left it, and drift for what somebody added', () => {
    const made = scene(
      [desired(lamp, { name: 'a' }, { state: 'absent' })],
      { lamps: ['a', 'b', 'c'].map((name, at) => live(lamp, String(at), { name })) },
      { mode: 'authoritative' },
    )
    expect(reasons(made, memory([entry(lamp, '1', { name: 'b' })]))).toEqual([
      ['delete', 'lamps/a', 'spec'],
      ['delete', 'lamps/b', 'spec'],
      ['delete', 'lamps/c', 'drift'],
    ])
  })
})

describe('a secret', () => {
  const made = (code: string, level?: number) =>
    scene([desired(lamp, { name: 'a', code: hidden(code), ...(level === undefined ? {} : { glow: { level } }) })], {
      lamps: [live(lamp, '1', { name: 'a', glow: { level: 3 } })],
    })
  const known = memory([entry(lamp, '1', { name: 'a', glow: { level: 3 } }, { secrets: { code: 'old' } })])

  it('that is another one than was sent is a change by itself', () => {
    expect(planned(made('new'), known).changes).toMatchObject([
      {
        action: 'update',
        reason: 'spec',
        fields: [
          { path: 'code', before: '(sensitive)', after: '(sensitive)', sensitive: true, isNew: true, reason: 'spec' },
        ],
      },
    ])
    expect(planned(made('new', 4), known).changes).toMatchObject([
      { fields: [{ path: 'glow.level' }, { path: 'code' }] },
    ])
  })

  it('that is the same, or that nobody remembers, is none', () => {
    expect(planned(made('old'), known).waves).toEqual([])
    expect(planned(made('new'), memory([entry(lamp, '1', { name: 'a' })])).waves).toEqual([])
    expect(planned(made('new'), NO_MEMORY).waves).toEqual([])
  })

  it('goes with the whole object where the API wants it whole', () => {
    const auth = { type: 'bearer', value: hidden('new') }
    const url = 'https://hooks.example.com/a'
    const there = live(webhook, '7', { url, events: ['bounce'], auth: { type: 'bearer' } })
    const here = alone(webhook, [desired(webhook, { url, events: ['bounce'], auth })], [there], 'additive')
    const before = memory([
      entry(webhook, '7', { url, events: ['bounce'], auth: { type: 'bearer' } }, { secrets: { 'auth.value': 'old' } }),
    ])
    expect(planned(here, before, kinds)).toMatchObject({
      calls: 1,
      changes: [{ action: 'update', fields: [{ path: 'auth.value', reason: 'spec' }] }],
    })
  })
})

describe('the members of a list', () => {
  const list = (entries: readonly string[]) => ({ mode: 'disabled', entries })
  const change = (
    base: readonly string[] | undefined,
    now: readonly string[],
    wanted: readonly string[],
    mode: Mode,
  ) => {
    const object = { ...desired(allowedSenders, list(wanted)), key: '', address: 'allowedSenders' }
    const there: LiveObject = { key: '', id: '', values: list(now), dormant: false }
    const known = memory(base === undefined ? [] : [entry(allowedSenders, '', list(base))])
    const [found] = planned(alone(allowedSenders, [object], [there], mode), known, kinds).changes
    return found?.action === 'update'
      ? [found.reason ?? 'unknown', found.members?.added, found.members?.removed]
      : found?.action
  }

  it('say who changed the list', () => {
    expect(change(['a.de'], ['a.de'], ['a.de', 'b.de'], 'additive')).toEqual(['spec', ['b.de'], []])
    expect(change(['a.de', 'b.de'], ['a.de'], ['a.de', 'b.de'], 'additive')).toEqual(['drift', ['b.de'], []])
    expect(change(['b.de'], [], ['b.de', 'c.de'], 'additive')).toEqual(['both', ['b.de', 'c.de'], []])
    expect(change(['a.de'], ['a.de', 'x.de'], ['a.de'], 'authoritative')).toEqual(['drift', [], ['x.de']])
    expect(change(undefined, ['a.de'], ['a.de', 'b.de'], 'additive')).toEqual(['unknown', ['b.de'], []])
  })

  it('go, if they are ours and left the spec; others stay', () => {
    expect(change(['a.de', 'b.de'], ['a.de', 'b.de', 'x.de'], ['a.de'], 'owned')).toEqual(['spec', [], ['b.de']])
    expect(change(['a.de', 'b.de'], ['a.de', 'b.de', 'x.de'], ['a.de'], 'additive')).toBe('noop')
    expect(change(undefined, ['a.de', 'x.de'], ['a.de'], 'owned')).toBe('noop')
  })
})

describe('whatever happens on both sides', () => {
  const values = fc.record(
    {
      on: fc.boolean(),
      glow: fc.record({ level: fc.integer({ min: 1, max: 3 }), hue: fc.constantFrom('red', 'blue') }),
    },
    { requiredKeys: [] },
  )
  const names = ['a', 'b', 'c', 'd', 'e']
  const some = fc.dictionary(fc.constantFrom(...names), values)
  const full = (value: Readonly<Record<string, unknown>>) => ({ on: false, glow: { level: 1, hue: 'red' }, ...value })
  const setting = fc.record({
    base: some,
    now: some,
    wanted: some,
    moved: fc.dictionary(fc.constantFrom(...names), fc.constantFrom('1', '2', '3', '4', '5')),
    mode: fc.constantFrom<Mode>('additive', 'owned', 'authoritative'),
  })
  type Setting = typeof setting extends fc.Arbitrary<infer T> ? T : never
  const idOf = (name: string) => String(names.indexOf(name) + 1)
  const sceneOf = ({ now, wanted, mode }: Setting, shuffled = false) => {
    const lamps = Object.entries(now).map(([name, value]) => live(lamp, idOf(name), { name, ...full(value) }))
    const objects = Object.entries(wanted).map(([name, value]) => desired(lamp, { name, code: hidden('c'), ...value }))
    return shuffled
      ? scene(objects.toReversed(), { lamps: lamps.toReversed() }, { mode, allowEmpty: true })
      : scene(objects, { lamps }, { mode, allowEmpty: true })
  }
  const entriesOf = ({ base, moved }: Setting): LedgerEntry[] =>
    Object.entries(base).map(([name, value]) => entry(lamp, moved[name] ?? idOf(name), { name, ...value }))
  const deletesOf = (one: Setting, known: Memory) =>
    planned(sceneOf(one), known)
      .changes.filter(({ action }) => action === 'delete')
      .map(({ address }) => address)

  it('losing or swapping the memory adds no delete, and what owned deletes was made by us and is not declared', () => {
    fc.assert(
      fc.property(setting, (one) => {
        const entries = entriesOf(one)
        const all = deletesOf(one, memory(entries))
        const without = deletesOf(one, NO_MEMORY)
        expect(deletesOf(one, memory(entries, { proves: false }))).toEqual(without)
        // What somebody renamed outside is renamed back with a memory; authoritative alone takes it for a stranger.
        if (one.mode === 'authoritative') expect(without).toEqual(expect.arrayContaining(all))
        else expect(without).toEqual([])
        const ours = new Set(entries.map(({ key, id }) => `lamps/${key} ${id}`))
        for (const address of all) expect(Object.keys(one.wanted)).not.toContain(address.slice('lamps/'.length))
        if (one.mode === 'owned')
          for (const address of all) expect(ours).toContain(`${address} ${idOf(address.slice('lamps/'.length))}`)
        if (one.mode === 'additive') expect(all).toEqual([])
      }),
      { numRuns: 2000 },
    )
  })

  it('the reason says which side moved', () => {
    fc.assert(
      fc.property(values, values, values, (base, now, wanted) => {
        const made = scene([desired(lamp, { name: 'a', code: hidden('c'), ...wanted })], {
          lamps: [live(lamp, '1', { name: 'a', ...full(now) })],
        })
        const [change] = planned(made, memory([entry(lamp, '1', { name: 'a', ...base })])).changes
        const leaf = (from: Readonly<Record<string, unknown>>, path: string) =>
          path.split('.').reduce<unknown>((value, name) => Object(value)[name], from)
        for (const { path, sensitive, reason } of change?.action === 'update' ? change.fields : []) {
          if (sensitive) continue
          const [was, is, will] = [leaf(base, path), leaf(full(now), path), leaf(wanted, path)]
          expect(is).not.toEqual(will)
          const want = was === undefined || was === is ? 'spec' : was === will ? 'drift' : 'both'
          expect([path, reason]).toEqual([path, want])
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('the plan is the same in whatever order things come', () => {
    fc.assert(
      fc.property(setting, (one) => {
        const plain = (shuffled: boolean, entries: readonly LedgerEntry[]) =>
          planned(sceneOf(one, shuffled), memory(entries))
            .changes.map(({ action, address, reason, ...rest }) => [
              action,
              address,
              reason,
              'fields' in rest ? rest.fields : [],
            ])
            .sort((a, b) => (String(a[1]) < String(b[1]) ? -1 : 1))
        expect(plain(true, entriesOf(one).toReversed())).toEqual(plain(false, entriesOf(one)))
      }),
      { numRuns: 500 },
    )
  })
})
