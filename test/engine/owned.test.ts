import { describe, expect, it } from 'vitest'
import { plan } from '../../src/engine/plan/plan.ts'
import type { DesiredObject } from '../../src/model/desired/object.ts'
import { type Memory, NO_MEMORY } from '../../src/model/ledger/memory.ts'
import { entry, memory } from './remembered.ts'
import { desired, lamp, live, scene, switchKind, toys } from './toy.ts'

const context = { accept: [] as string[], runnerAddresses: [], usesCredential: () => false }
const found = (made: ReturnType<typeof scene>, known: Memory) => {
  const planned = plan(made.spec, made.live, toys, { ...context, memory: known })
  if (!planned.ok) throw new Error(JSON.stringify(planned.problems))
  const { changes, unmanaged, warnings, gates } = planned.plan
  return {
    deletes: changes.flatMap(({ action, address }) => (action === 'delete' ? [address] : [])),
    unmanaged: unmanaged.map(({ address }) => address),
    warnings: warnings.map(({ code }) => code),
    gates: gates.map(({ code }) => code),
  }
}
const there = {
  lamps: [live(lamp, '1', { name: 'a' }), live(lamp, '2', { name: 'b' }), live(lamp, '3', { name: 'c' })],
}
const owned = (objects: readonly DesiredObject[], more: Parameters<typeof scene>[2] = {}) =>
  scene(objects, there, { mode: 'owned', ...more })
const ours = [entry(lamp, '1', { name: 'a' }), entry(lamp, '2', { name: 'b' })]

describe('owned', () => {
  it('deletes what the memory holds and the spec does not name, and lists the rest', () => {
    expect(found(owned([desired(lamp, { name: 'a' })]), memory(ours))).toEqual({
      deletes: ['lamps/b'],
      unmanaged: ['lamps/c'],
      warnings: [],
      gates: [],
    })
  })

  it('deletes nothing in a section that is not there', () => {
    const made = owned([])
    const scopes = made.spec.scopes.map((scope) => ({ ...scope, sections: new Map() }))
    expect(found({ ...made, spec: { ...made.spec, scopes } }, memory(ours)).deletes).toEqual([])
  })

  it('deletes nothing without a memory, and says so once for each account', () => {
    expect(found(owned([]), NO_MEMORY)).toEqual({
      deletes: [],
      unmanaged: ['lamps/a', 'lamps/b', 'lamps/c'],
      warnings: ['OWNED_WITHOUT_LEDGER'],
      gates: [],
    })
  })

  it('deletes nothing where it is not certain whose record it is, and names what it would', () => {
    expect(found(owned([]), memory(ours, { proves: false }))).toMatchObject({
      deletes: [],
      warnings: ['OWNED_UNPROVEN'],
    })
  })

  it('leaves an object that has our name and another id', () => {
    expect(found(owned([]), memory([entry(lamp, '7', { name: 'a' })])).deletes).toEqual([])
  })

  it('leaves what was there before and was only changed', () => {
    const changed = memory([entry(lamp, '1', { name: 'a' }, { origin: 'changed' }), ...ours.slice(1)])
    expect(found(owned([]), changed)).toMatchObject({ deletes: ['lamps/b'], warnings: ['OWNED_KEPT'] })
  })

  it('deletes what was adopted', () => {
    expect(found(owned([]), memory([entry(lamp, '1', { name: 'a' }, { origin: 'adopted' })])).deletes).toEqual([
      'lamps/a',
    ])
  })

  it('leaves what a rule ignores, and what an entry says it was called', () => {
    const source = { file: 'toy.yaml', document: 0, path: [] }
    const ignore = [{ text: 'lamps/a', kind: 'lamps', key: 'a', source }]
    expect(found(owned([], { ignore }), memory(ours)).deletes).toEqual(['lamps/b'])
    const moved = desired(lamp, { name: 'c' }, { moved: 'b' })
    expect(found(owned([moved]), memory(ours)).deletes).toEqual(['lamps/a'])
  })

  it('passes the gates that authoritative passes', () => {
    const many = Array.from({ length: 10 }, (_, at) => ({ name: `lamp-${at}` }))
    const made = scene(
      [desired(lamp, { name: 'lamp-0' })],
      {
        lamps: many.map((value, at) => live(lamp, String(at), value)),
      },
      { mode: 'owned' },
    )
    const all = memory(many.map((value, at) => entry(lamp, String(at), value)))
    expect(found(made, all)).toMatchObject({ gates: ['MANY_DELETES'] })
    const empty = scene([], { switches: [live(switchKind, 'x', { name: 'x' })] }, { mode: 'owned' })
    expect(found(empty, memory([entry(switchKind, 'x', { name: 'x' })])).gates).toContain('EMPTY_COLLECTION')
  })
})
