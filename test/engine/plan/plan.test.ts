import { describe, expect, it } from 'vitest'
import { allowedDeletes } from '../../../src/engine/gates/gates.ts'
import { plan } from '../../../src/engine/plan/plan.ts'
import type { LiveObject } from '../../../src/model/kind/live-object.ts'
import { ApiError } from '../../../src/model/wire.ts'
import { desired, lamp, live, scene, switchKind, toys } from '../toy.ts'

const context = { accept: [] as string[], runnerAddresses: [], usesCredential: () => false }
const planned = (made: ReturnType<typeof scene>, accept: readonly string[] = []) =>
  plan(made.spec, made.live, toys, { ...context, accept })
const good = (made: ReturnType<typeof scene>, accept: readonly string[] = []) => {
  const found = planned(made, accept)
  if (!found.ok) throw new Error(JSON.stringify(found.problems))
  return found.plan
}
const problems = (made: ReturnType<typeof scene>) => codes(planned(made))
const codes = (found: ReturnType<typeof planned>) => (found.ok ? [] : found.problems.map((problem) => problem.code))
const lamps = (count: number, values: Readonly<Record<string, unknown>> = {}): LiveObject[] =>
  Array.from({ length: count }, (_, at) => live(lamp, String(at), { name: `lamp-${at}`, on: true, ...values }))

describe('plan', () => {
  it('does nothing where nothing differs, whatever order things come in', () => {
    const made = scene([desired(lamp, { name: 'a', switches: ['x', 'y'], glow: { hue: 'RED' } })], {
      lamps: [live(lamp, '1', { name: 'a', switches: ['y', 'x'], glow: { level: 3, hue: 'red' } })],
      switches: [live(switchKind, 'x', { name: 'x' }), live(switchKind, 'y', { name: 'y' })],
    })
    expect(good(made)).toMatchObject({ waves: [], calls: 0 })
  })

  it('names just the leaf that differs', () => {
    const made = scene([desired(lamp, { name: 'a', glow: { level: 5, hue: 'red' }, code: 'c' })], {
      lamps: [live(lamp, '1', { name: 'a', glow: { level: 3, hue: 'red' } })],
    })
    expect(good(made).changes).toMatchObject([
      {
        action: 'update',
        fields: [
          { path: 'glow.level', before: 3, after: 5 },
          { path: 'code', before: '(sensitive)', after: '(sensitive)', sensitive: true },
        ],
      },
    ])
  })

  it('asks for a secret again where it would go to another place', () => {
    const made = scene([desired(lamp, { name: 'a', glow: { level: 5 } })], {
      lamps: [live(lamp, '1', { name: 'a', glow: { level: 3 } })],
    })
    expect(problems(made)).toEqual(['NEEDS_SECRET'])
  })

  it('does not compare what the spec leaves out or the API does not give', () => {
    const made = scene([desired(lamp, { name: 'a', code: 'new' })], {
      lamps: [live(lamp, '1', { name: 'a', on: false, socket: 'E27' })],
    })
    expect(good(made).waves).toEqual([])
  })

  it('refuses to change what is fixed, and never replaces', () => {
    const made = scene([desired(lamp, { name: 'a', socket: 'E14' })], {
      lamps: [live(lamp, '1', { name: 'a', socket: 'E27' })],
    })
    expect(problems(made)).toEqual(['IMMUTABLE'])
  })

  it('refuses a new object that lacks what it needs', () => {
    expect(problems(scene([desired(lamp, { name: 'a' })]))).toEqual(['MISSING_FIELD'])
  })

  it('builds what is referred to first, and deletes in the other order, last', () => {
    const made = scene(
      [
        desired(lamp, { name: 'new', code: 'c', switches: ['fresh'] }),
        desired(switchKind, { name: 'fresh' }),
        desired(lamp, { name: 'old' }, { state: 'absent' }),
        desired(switchKind, { name: 'stale' }, { state: 'absent' }),
      ],
      { lamps: [live(lamp, '1', { name: 'old' })], switches: [live(switchKind, 'stale', { name: 'stale' })] },
    )
    expect(good(made).waves.map((wave) => wave.map(({ action, address }) => `${action} ${address}`))).toEqual([
      ['create switches/fresh'],
      ['create lamps/new'],
      ['delete lamps/old'],
      ['delete switches/stale'],
    ])
  })

  it('turns one on before it turns another off', () => {
    const made = scene([desired(lamp, { name: 'a', on: false }), desired(lamp, { name: 'b', on: true })], {
      lamps: [live(lamp, '1', { name: 'a', on: true }), live(lamp, '2', { name: 'b', on: false })],
    })
    expect(good(made).waves.map((wave) => wave.map(({ address }) => address))).toEqual([['lamps/b'], ['lamps/a']])
    expect(good(made).gates).toEqual([])
  })

  it('finds no reference that is neither declared nor live', () => {
    expect(problems(scene([desired(lamp, { name: 'a', code: 'c', switches: ['nowhere'] })]))).toEqual([
      'UNKNOWN_REFERENCE',
    ])
  })

  it('refuses to choose between two live objects of one name', () => {
    const made = scene([desired(lamp, { name: 'a' })], {
      lamps: [live(lamp, '1', { name: 'a' }), live(lamp, '2', { name: 'a' })],
    })
    expect(problems(made)).toEqual(['AMBIGUOUS_LIVE'])
  })

  it('renames instead of making a second one', () => {
    const made = scene([desired(lamp, { name: 'new' }, { moved: 'old' })], {
      lamps: [live(lamp, '7', { name: 'old' })],
    })
    expect(good(made).changes).toMatchObject([
      { action: 'update', live: { id: '7' }, fields: [{ path: 'name', before: 'old', after: 'new' }] },
    ])
  })

  it('lists what nobody named and leaves it, unless the section is authoritative', () => {
    const there = { lamps: [live(lamp, '1', { name: 'loose' }), live(lamp, '2', { name: 'kept' })] }
    const wanted = [desired(lamp, { name: 'kept' })]
    expect(good(scene(wanted, there))).toMatchObject({ waves: [], unmanaged: [{ address: 'lamps/loose' }] })
    expect(good(scene(wanted, there, { mode: 'owned' }))).toMatchObject({
      waves: [],
      unmanaged: [{ address: 'lamps/loose' }],
    })
    expect(good(scene(wanted, there, { mode: 'authoritative' })).changes).toMatchObject([
      { action: 'noop' },
      { action: 'delete', address: 'lamps/loose' },
    ])
  })

  it('touches nothing that a rule ignores, even where the section is authoritative', () => {
    const source = { file: 'toy.yaml', document: 0, path: [] }
    const ignore = [{ text: 'lamps/old-*', kind: 'lamps', key: 'old-*', source }]
    const made = scene(
      [desired(lamp, { name: 'kept' })],
      { lamps: [live(lamp, '1', { name: 'old-1' }), live(lamp, '2', { name: 'kept' })] },
      { mode: 'authoritative', ignore },
    )
    expect(good(made)).toMatchObject({ waves: [], unmanaged: [] })
  })

  it('deletes nothing that is protected', () => {
    const made = scene([desired(lamp, { name: 'a' }, { state: 'absent', protect: true })], {
      lamps: [live(lamp, '1', { name: 'a' })],
    })
    expect(problems(made)).toEqual(['PROTECTED'])
  })

  it('changes nothing in a collection that could not be read', () => {
    const made = scene([desired(lamp, { name: 'a', code: 'c' })])
    const error = new ApiError('gone', { kind: 'network', account: 'home', method: 'POST', path: '/lamp/view' })
    const broken = new Map([
      ['home', { id: null, collections: new Map([['lamps', { known: false as const, error }]]) }],
    ])
    expect(plan(made.spec, broken, toys, context)).toMatchObject({ ok: false, unread: [{ kind: 'lamps', error }] })
  })
})

describe('gates', () => {
  it('allow fewer deletions the more there is', () => {
    expect([4, 5, 10, 20, 21, 100, 200, 201, 2000, 2001, 10_000].map(allowedDeletes)).toEqual([
      4, 2, 5, 10, 4, 20, 40, 10, 100, 20, 100,
    ])
  })

  it('stop a plan that deletes more, and open for its own number alone', () => {
    const made = scene([desired(lamp, { name: 'lamp-0' })], { lamps: lamps(10) }, { mode: 'authoritative' })
    const [gate] = good(made).gates
    expect(gate).toMatchObject({ number: 'G1', code: 'MANY_DELETES', accepted: false })
    expect(gate?.token).toMatch(/^G1:[0-9a-f]{4}$/)
    expect(good(made, [gate?.token ?? '']).gates).toMatchObject([{ accepted: true }])
    const other = scene([desired(lamp, { name: 'lamp-1' })], { lamps: lamps(10) }, { mode: 'authoritative' })
    expect(good(other, [gate?.token ?? '']).gates).toMatchObject([{ accepted: false }])
  })

  it('refuse to empty a collection, unless that is said', () => {
    const empty = scene([], { lamps: lamps(2) }, { mode: 'authoritative' })
    const [gate] = good(empty).gates
    expect(gate).toMatchObject({ code: 'EMPTY_COLLECTION', accepted: false })
    expect(gate).not.toHaveProperty('token')
    const meant = scene([], { lamps: lamps(2, { on: false }) }, { mode: 'authoritative', allowEmpty: true })
    expect(good(meant).gates).toEqual([])
  })

  it('stop an update of more than half of a collection above ten', () => {
    const wanted = (count: number) =>
      Array.from({ length: count }, (_, at) => desired(lamp, { name: `lamp-${at}`, glow: { hue: 'blue' } }))
    const there = { lamps: lamps(12, { glow: { hue: 'red' } }) }
    expect(good(scene(wanted(6), there)).gates).toEqual([])
    expect(good(scene(wanted(7), there)).gates).toMatchObject([{ code: 'MANY_UPDATES' }])
  })

  it('stop the last one from being turned off or deleted', () => {
    const two = { lamps: [live(lamp, '1', { name: 'a', on: true }), live(lamp, '2', { name: 'b', on: false })] }
    expect(good(scene([desired(lamp, { name: 'a', on: false })], two)).gates).toMatchObject([{ code: 'LAST_ONE' }])
    expect(good(scene([desired(lamp, { name: 'a' }, { state: 'absent' })], two)).gates).toMatchObject([
      { code: 'LAST_ONE' },
    ])
    expect(
      good(scene([desired(lamp, { name: 'a', on: false }), desired(lamp, { name: 'b', on: true })], two)).gates,
    ).toEqual([])
    const one = { lamps: [live(lamp, '1', { name: 'a', on: true })] }
    const [alone] = good(scene([desired(lamp, { name: 'a', on: false })], one)).gates
    expect(alone).toMatchObject({ code: 'LAST_ONE' })
    expect(alone).not.toHaveProperty('token')
  })
})
