import { describe, expect, it } from 'vitest'
import { entrySchema } from '../../../src/derive/schema/spec.ts'
import { secretPaths } from '../../../src/engine/documents/read-documents.ts'
import { isRecord } from '../../../src/model/json.ts'
import type { Fields } from '../../../src/model/kind/field.ts'
import type { ResourceKind } from '../../../src/model/kind/kind.ts'
import { ApiError, type WireRequest } from '../../../src/model/wire.ts'
import type { Row, State } from './state.ts'
import { CANARIES, openWorld, planOf, realChanges, type World } from './world.ts'

/** What a kind's conformance test has to say beside the kind itself: the part that only the vendors' documents know. */
export interface Conformance {
  /** What has to be in the account before an example can be made: the emulator's state. */
  readonly seed?: unknown
  /** What has to be in the spec beside the example. */
  readonly with?: Readonly<Record<string, unknown>>
  /** The object in the emulator's state, in the API's own words. */
  readonly find: (state: State) => Row
  /** For each writable field that can be read back: what somebody does in the console, in the API's own words. */
  readonly outside: Readonly<Record<string, (row: Row) => void>>
  /** Values that have to be refused, by the spec and by the emulator, with the call that would send them. */
  readonly broken: readonly {
    readonly entry: Readonly<Record<string, unknown>>
    readonly call: Omit<WireRequest, 'reads'>
  }[]
}

/** Runs the conformance suite on one kind: one behaviour for all, so that none of them is special. */
export function conforms(kind: ResourceKind, given: Conformance): void {
  const entry = kind.example
  const sections = (change: Readonly<Record<string, unknown>> = {}, extra: Readonly<Record<string, unknown>> = {}) => ({
    ...given.with,
    [kind.name]: sectionOf(kind, { ...entry, ...change }),
    ...extra,
  })
  const inWorld = async (work: (world: World) => Promise<void>) => {
    const world = await openWorld({ seed: given.seed ?? {} })
    try {
      await work(world)
      const outputs = world.outputs()
      for (const canary of Object.values(CANARIES)) expect(outputs).not.toContain(JSON.stringify(canary).slice(1, -1))
      expect(outputs).not.toContain(world.emulator.apiKey)
    } finally {
      await world.close()
    }
  }
  const editOutside = (world: World, edit: (row: Row) => void) => {
    const state = structuredClone(world.emulator.state()) as State
    edit(given.find(state))
    world.emulator.setState(state)
  }

  describe(kind.name, () => {
    it('its example is a valid spec', () =>
      inWorld(async (world) => {
        const loaded = await world.load(sections())
        expect(loaded).toMatchObject({ ok: true })
      }))

    it('an example that is applied has nothing left to do, and a second apply writes nothing', () =>
      inWorld(async (world) => {
        const results = await world.apply(sections())
        expect(results.filter((result) => result.outcome !== 'done')).toEqual([])
        expect(realChanges(await world.plan(sections()))).toEqual([])
        world.emulator.clearRequests()
        await world.apply(sections())
        expect(world.emulator.requests().filter((request) => request.writes)).toEqual([])
      }))

    it('every writable field that can be read back has an edit from outside in this test', () => {
      expect(Object.keys(given.outside).sort()).toEqual(readablePaths(kind).sort())
    })

    for (const [path, edit] of Object.entries(given.outside)) {
      it(`an edit of ${path} in the console shows as one update of just that, and is put right`, () =>
        inWorld(async (world) => {
          await world.apply(sections())
          editOutside(world, edit)
          const seen = realChanges(await world.plan(sections()))
          expect(seen.map((change) => [change.action, change.address.split('/')[0]])).toEqual([['update', kind.name]])
          const [change] = seen
          const fields = change !== undefined && change.action === 'update' ? change.fields : []
          expect(fields.filter((field) => !field.sensitive).map((field) => field.path)).toEqual([path])
          expect((await world.apply(sections())).map((result) => result.outcome)).toEqual(['done'])
          expect(realChanges(await world.plan(sections()))).toEqual([])
        }))
    }

    it('an export of what was applied has an empty plan', () =>
      inWorld(async (world) => {
        await world.apply(sections())
        const text = await world.exported()
        expect(text).toContain(`${kind.name}:`)
        expect(realChanges(await world.planText(text))).toEqual([])
      }))

    if (kind.singleton === undefined)
      it('a tombstone deletes it once, and then there is nothing to do', () =>
        inWorld(async (world) => {
          await world.apply(sections())
          const gone = { ...sections(), [kind.name]: [tombstone(kind, world)] }
          const [change] = realChanges(await world.plan(gone))
          expect(change).toMatchObject({ action: 'delete' })
          expect((await world.apply(gone)).map((result) => result.outcome)).toEqual(['done'])
          expect(realChanges(await world.plan(gone))).toEqual([])
        }))

    for (const { entry: change, call } of given.broken)
      it(`${JSON.stringify(change)} is refused by the spec and by the emulator`, () =>
        inWorld(async (world) => {
          const loaded = await world.load(sections(change))
          const problems = loaded.ok ? [] : loaded.problems.filter((problem) => problem.severity !== 'warning')
          expect(problems).not.toEqual([])
          expect(problems.every((problem) => problem.at !== undefined)).toBe(true)
          expect(world.emulator.requests()).toEqual([])
          const account = kind.api.account
          await expect(world.send(account, { ...call, reads: false })).rejects.toBeInstanceOf(ApiError)
        }))

    it('its secrets are in no plan, no report and no export', () =>
      inWorld(async (world) => {
        await world.apply(sections())
        const outputs = world.outputs() + (await world.exported())
        for (const path of secretPaths(kind.fields))
          if (valueAt(entry, path) !== undefined) expect(outputs).toMatch(/\(sensitive\)/)
        expect(planOf(await world.plan(sections())).calls).toBe(0)
      }))

    it('its JSON Schema knows just the fields that its type has', () => {
      const properties = entrySchema(kind)['properties']
      const writable = Object.entries(kind.fields).filter(([, field]) => field.computed !== true)
      const words = kind.singleton === undefined ? ['state', 'protect', 'moved'] : ['protect']
      expect(isRecord(properties) ? Object.keys(properties).sort() : []).toEqual(
        [...writable.map(([name]) => name), ...words, ...(kind.twins === undefined ? [] : ['id'])].sort(),
      )
    })
  })
}

function sectionOf(kind: ResourceKind, entry: Readonly<Record<string, unknown>>): unknown {
  if (kind.singleton === 'one') return entry
  const [name] = kind.singleton ?? []
  return name === undefined ? [entry] : { [name]: entry }
}

/** The least that a tombstone needs: the key, and where the API wants the shown-once secret, the place it went to. */
function tombstone(kind: ResourceKind, _world: World): Row {
  const target =
    kind.oneTimeSecret === undefined ? {} : { [kind.oneTimeSecret.to]: kind.example[kind.oneTimeSecret.to] }
  return { [kind.key]: kind.example[kind.key], ...target, state: 'absent' }
}

/** The leaf fields that an API both takes and gives back, except the key. */
function readablePaths(kind: ResourceKind): string[] {
  const leaves = (fields: Fields, prefix: string): string[] =>
    Object.entries(fields).flatMap(([name, field]) => {
      const hidden = field.computed ?? field.writeOnly ?? field.local ?? field.immutable ?? false
      if (hidden || field.unreadable !== undefined || (prefix === '' && name === kind.key)) return []
      return field.type === 'object' ? leaves(field.fields, `${prefix}${name}.`) : [`${prefix}${name}`]
    })
  return leaves(kind.fields, '')
}

function valueAt(entry: Readonly<Record<string, unknown>>, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, name) => (isRecord(value) ? value[name] : undefined), entry)
}
