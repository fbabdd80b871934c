import { afterEach, beforeEach, expect, it } from 'vitest'
import { kinds } from '../../../src/apis/index.ts'
import { CANARIES, planOf } from '../../apis/kinds/world.ts'
import { linesOf, openPast, type Past, warned } from '../past.ts'

/** One object of every kind, out of its own example. */
const full = Object.fromEntries(
  kinds.map((kind) => {
    const { singleton, name, example } = kind
    if (singleton === undefined) return [name, [example]]
    return [name, singleton === 'one' ? example : { smtp: example }]
  }),
)
const empty = Object.fromEntries(
  kinds.map(({ name, singleton, members, example }) => {
    if (singleton === undefined) return [name, []]
    const none = { ...example, ...(members === undefined ? {} : { [members.field]: [] }) }
    return [name, singleton === 'one' ? none : { smtp: none }]
  }),
)
const deletable = kinds.filter(({ calls }) => calls.delete !== undefined && calls.delete.byWhat !== 'secret')
/** What no call makes was there before, so it is ours only once it is adopted. */
const made = deletable.filter(({ calls }) => calls.create !== undefined)
const owned = { manage: { default: 'owned', allowEmpty: true } }

let past: Past
beforeEach(async () => {
  past = await openPast({ seed: { smtp2go: { scopes: { '': { ipAuth: [{ ip_address: '198.51.100.4' }] } } } } }) // no call makes one
  const { results } = await past.apply({ ...owned, ...full })
  expect(
    results.filter(({ outcome }) => outcome !== 'done').map(({ change, error }) => [change.address, error]),
  ).toEqual([])
})
afterEach(() => past.close())

it('every kind is remembered as it was applied, without its secrets', async () => {
  const planned = await past.plan({ ...owned, ...full })
  expect(linesOf(planned)).toEqual([])
  const entries = [...Object.values(past.record().entries), ...Object.values(past.record('office').entries)]
  expect(new Set(entries.map(({ kind }) => kind))).toEqual(new Set(kinds.map(({ name }) => name)))
  for (const secret of [...Object.values(CANARIES), past.world.emulator.apiKey, past.world.emulator.token])
    expect(past.text()).not.toContain(JSON.stringify(secret).slice(1, -1))
  expect(past.text()).not.toContain('(sensitive)')
})

it('every kind that can be deleted is, when it leaves an owned section, and none without its record', async () => {
  const planned = await past.plan({ ...owned, ...empty })
  const deleted = planOf(planned).changes.filter(({ action }) => action === 'delete')
  expect(deleted.map(({ kind }) => kind.name).sort()).toEqual(made.map(({ name }) => name).sort())
  expect(new Set(deleted.map(({ reason }) => reason))).toEqual(new Set(['spec']))
  const removed = planOf(planned).changes.flatMap((change) =>
    change.action === 'update' ? (change.members?.removed ?? []) : [],
  )
  expect(removed.length).toBeGreaterThan(2)
  past.lose()
  const without = await past.plan({ ...owned, ...empty })
  expect(linesOf(without)).toEqual([])
  expect(new Set(warned(without))).toEqual(new Set(['OWNED_WITHOUT_LEDGER']))
})

it('every kind is adopted without a call, and then known as well as if it had been applied', async () => {
  past.lose()
  past.world.emulator.clearRequests()
  const { added } = await past.adopt({ ...owned, ...full })
  expect(past.world.emulator.requests().filter(({ writes }) => writes)).toEqual([])
  expect(added.length).toBe(kinds.length)
  expect(linesOf(await past.plan({ ...owned, ...full }))).toEqual([])
  const deleted = planOf(await past.plan({ ...owned, ...empty })).changes.filter(({ action }) => action === 'delete')
  expect(deleted.map(({ kind }) => kind.name).sort()).toEqual(deletable.map(({ name }) => name).sort())
})
