import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { plan } from '../../../src/engine/plan/plan.ts'
import type { Selection } from '../../../src/engine/read/selection.ts'
import { desired, lamp, live, scene, switchKind, toys } from '../toy.ts'

const context = { accept: [], runnerAddresses: [], usesCredential: () => false }
const planned = (made: ReturnType<typeof scene>, choice: Partial<Selection>) =>
  plan(made.spec, made.live, toys, context, { only: [], exclude: [], ...choice })
const good = (made: ReturnType<typeof scene>, choice: Partial<Selection>) => {
  const found = planned(made, choice)
  if (!found.ok) throw new Error(JSON.stringify(found.problems))
  return found.plan
}
const names = (made: ReturnType<typeof scene>, choice: Partial<Selection>) =>
  good(made, choice)
    .waves.flat()
    .map(({ action, address }) => `${action} ${address}`)

describe('a choice', () => {
  const made = scene(
    [
      desired(lamp, { name: 'new', code: 'c', switches: ['fresh'] }),
      desired(lamp, { name: 'old', code: 'c', switches: ['there'] }),
      desired(switchKind, { name: 'fresh' }),
    ],
    { switches: [live(switchKind, 'there', { name: 'there' })] },
  )

  it('without a word is all', () => {
    expect(names(made, {})).toEqual(['create switches/fresh', 'create lamps/new', 'create lamps/old'])
  })

  it('leaves out what needs something new, and says so at its place', () => {
    expect(names(made, { exclude: ['switches/*'] })).toEqual(['create lamps/old'])
    expect(good(made, { exclude: ['switches/*'] }).warnings).toMatchObject([
      { code: 'EXCLUDED_TOO', message: expect.stringContaining('home:lamps/new needs home:switches/fresh (new)') },
    ])
  })

  it('is an error where nothing is left of it', () => {
    expect(planned(made, { only: ['lamps/new'] })).toMatchObject({ ok: false, problems: [{ code: 'EXCLUDED_TOO' }] })
  })

  it('is not stopped by what is wrong with something left out', () => {
    const at = (path: readonly (string | number)[]) => ({ source: { file: 'toy.yaml', document: 0, path } })
    const mixed = scene(
      [
        desired(lamp, { name: 'fixed', socket: 'new' }, at(['lamps', 0])),
        desired(switchKind, { name: 'fresh' }, at(['switches', 0])),
      ],
      { lamps: [live(lamp, 'fixed', { name: 'fixed', socket: 'old' })] },
    )
    expect(planned(mixed, {})).toMatchObject({ ok: false, problems: [{ code: 'IMMUTABLE' }] })
    expect(planned(mixed, { only: ['lamps/*'] })).toMatchObject({ ok: false, problems: [{ code: 'IMMUTABLE' }] })
    expect(names(mixed, { exclude: ['lamps/fixed'] })).toEqual(['create switches/fresh'])
    expect(names(mixed, { only: ['home:switches/*'] })).toEqual(['create switches/fresh'])
  })

  it('counts what stays as it is, too, when it looks for a match', () => {
    const still = scene([desired(switchKind, { name: 'there' })], {
      switches: [live(switchKind, 'there', { name: 'there' })],
    })
    expect(good(still, { only: ['switches/there'] }).warnings).toEqual([])
    expect(good(still, { only: ['switches/their'] }).warnings).toMatchObject([
      { code: 'NOTHING_MATCHED', hint: 'did you mean "switches/there"?' },
    ])
  })

  it('holds a deletion back while somebody left out still names the object', () => {
    const held = scene(
      [
        desired(lamp, { name: 'desk', switches: [] }),
        desired(switchKind, { name: 'wall' }, { state: 'absent' }),
        desired(switchKind, { name: 'free' }, { state: 'absent' }),
      ],
      {
        lamps: [live(lamp, '1', { name: 'desk', switches: ['wall'] })],
        switches: ['wall', 'free'].map((name) => live(switchKind, name, { name })),
      },
    )
    expect(names(held, { exclude: ['lamps/*'] })).toEqual(['delete switches/free'])
    expect(names(held, {})).toHaveLength(3)
  })
})

test('whatever is chosen, nothing is made that names what is not there, and nothing is done that was not chosen', () => {
  const some = fc.uniqueArray(fc.nat(5), { maxLength: 6 })
  const scenes = fc.record({ lamps: fc.array(some, { maxLength: 5 }), fresh: some, there: some, out: some, only: some })
  fc.assert(
    fc.property(scenes, ({ lamps, fresh, there, out, only }) => {
      const known = new Set([...fresh, ...there])
      const made = scene(
        [
          ...lamps.map((uses, at) =>
            desired(lamp, {
              name: `lamp-${at}`,
              code: 'c',
              switches: uses.filter((one) => known.has(one)).map((one) => `switch-${one}`),
            }),
          ),
          ...fresh.map((at) => desired(switchKind, { name: `switch-${at}` })),
        ],
        { switches: there.map((at) => live(switchKind, `switch-${at}`, { name: `switch-${at}` })) },
      )
      const choice = {
        exclude: out.map((at) => `switches/switch-${at}`),
        only: only.length === 0 ? [] : ['lamps/*', ...only.map((at) => `switches/switch-${at}`)],
      }
      const found = planned(made, choice)
      if (!found.ok) return
      const done = found.plan.waves.flat()
      const made1 = new Set(done.map((change) => change.address))
      for (const at of out) expect(made1.has(`switches/switch-${at}`)).toBe(false)
      for (const change of done) {
        if (change.kind !== lamp || change.action !== 'create') continue
        const uses = change.desired.values['switches']
        for (const name of Array.isArray(uses) ? uses.map(String) : [])
          expect(made1.has(`switches/${name}`) || there.some((at) => name === `switch-${at}`)).toBe(true)
      }
    }),
    { numRuns: 300 },
  )
})
