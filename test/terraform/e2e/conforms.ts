import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sorted } from '../../../src/model/json.ts'
import { CANARIES } from '../../apis/kinds/world.ts'
import type { Ran } from '../terraform.ts'
import { CASES, type Case } from './cases.ts'
import { exampleOf, kindOf } from './config.ts'
import { shown } from './plan-text.ts'
import { openWorld, type Row, type World } from './world.ts'

type Step = Ran & { readonly writes: readonly string[]; readonly rows: Readonly<Record<string, Row | undefined>> }
type Steps = Record<
  | 'create'
  | 'afterCreate'
  | 'update'
  | 'afterUpdate'
  | 'drift'
  | 'mend'
  | 'afterMend'
  | 'import'
  | 'afterImport'
  | 'replace'
  | 'afterReplace'
  | 'destroy',
  Step
>

/** One behaviour for all resources, in the account or in a subaccount; terraform takes each step with all of them at once. */
export function conformsInTerraform(types: readonly string[], subaccount: string | null, seed: unknown = {}): void {
  const cases = types.map((type): readonly [string, Case] => [type, CASES[type] as Case])
  let world: World
  let steps: Steps
  const states: Record<string, string> = {}
  const attributes: Record<string, Record<string, Row | undefined>> = {}

  beforeAll(async () => {
    world = await openWorld(seed)
    const scopeId = String(world.state().smtp2go.subaccounts.find((row) => row['name'] === subaccount)?.['id'] ?? '')
    const rows = () => Object.fromEntries(cases.map(([type, { find }]) => [type, find(world.state(), scopeId)]))
    const step = async (work: () => Promise<Ran>): Promise<Step> => {
      world.clear()
      const ran = await work()
      return { ...ran, writes: world.writes(), rows: structuredClone(rows()) }
    }
    const configure = (make: (type: string, one: Case) => Row, more: Row = {}) => {
      const scope = subaccount === null ? {} : { subaccount }
      const resource = Object.fromEntries(
        cases.map(([type, one]) => [type, { it: { ...example(type, one, subaccount), ...scope, ...make(type, one) } }]),
      )
      world.write({ resource, ...more })
    }
    const keep = (name: string) => {
      states[name] = world.stateText()
      attributes[name] = Object.fromEntries(types.map((type) => [type, world.attributes(`${type}.it`)]))
    }
    configure(() => ({}))
    const create = await step(() => world.apply())
    keep('create')
    const afterCreate = await step(() => world.plan())
    configure((_, { change }) => change)
    const update = await step(() => world.apply('-refresh=false'))
    const afterUpdate = await step(() => world.plan('-refresh=false'))
    world.edit((state) => {
      for (const [, { find, outside }] of cases) outside?.(find(state, scopeId) ?? {})
    })
    const drift = await step(() => world.plan())
    const mend = await step(() => world.apply())
    const afterMend = await step(() => world.plan())
    await world.run(['state', 'rm', '-lock=false', ...types.map((type) => `${type}.it`)])
    const blocks = types.map((type) => ({ to: `${type}.it`, id: importId(type, subaccount) }))
    const given = (type: string, { change, known = [] }: Case): Row => ({
      ...change,
      ...Object.fromEntries(known.map((name) => [name, attributes['create']?.[type]?.[name]])),
    })
    configure(given, { import: blocks })
    const imported = await step(() => world.apply())
    keep('import')
    const afterImport = await step(() => world.plan())
    configure((type, one) => ({ ...given(type, one), ...one.replace }))
    const replace = await step(() => world.apply('-refresh=false'))
    const afterReplace = await step(() => world.plan())
    const destroy = await step(() => world.run(['destroy', '-auto-approve', '-lock=false']))
    steps = {
      create,
      afterCreate,
      update,
      afterUpdate,
      drift,
      mend,
      afterMend,
      import: imported,
      afterImport,
      replace,
      afterReplace,
      destroy,
    }
  }, 120_000)
  afterAll(() => world?.close())

  const where = subaccount === null ? '' : ' in a subaccount'
  describe.each(cases)(`%s${where}`, (type, one) => {
    const address = `${type}.it`
    const isOurs = (call: string) => call.includes(` ${one.paths}`)

    it('is made, and a plan right after shows nothing', () => {
      expect(steps.create.stderr).toBe('')
      expect(shown(steps.create.stdout).get(address)?.action).toBe('create')
      expect(steps.create.rows[type]).toBeDefined()
      expect(shown(steps.afterCreate.stdout).get(address)?.text).toBeUndefined()
      expect([steps.afterCreate.code, steps.afterCreate.stderr]).toEqual([0, ''])
    })

    it('is changed in place with the calls that this takes and no other', () => {
      const change = shown(steps.update.stdout).get(address)
      if (Object.keys(one.change).length > 0) {
        expect(change?.action).toBe('update')
        expect(change?.given.toSorted()).toEqual(Object.keys(one.change).toSorted())
      } else expect(change).toBeUndefined()
      expect(steps.update.writes.filter(isOurs).map((call) => call.replace(/\d+$/, ''))).toEqual(one.calls)
      expect([steps.update.code, steps.update.stderr]).toEqual([0, ''])
      expect([steps.afterUpdate.code, shown(steps.afterUpdate.stdout).get(address)?.text]).toEqual([0, undefined])
    })

    it('shows what somebody did in the console, and puts it right', () => {
      const change = shown(steps.drift.stdout).get(address)
      expect(change?.given.toSorted() ?? []).toEqual((one.drift ?? []).toSorted())
      expect(change?.action).toBe(one.outside === undefined ? undefined : 'update')
      expect(steps.mend.writes.some(isOurs)).toBe(one.outside !== undefined)
      expect(comparable(steps.mend.rows[type])).toEqual(comparable(steps.update.rows[type]))
      expect([steps.afterMend.code, shown(steps.afterMend.stdout).get(address)?.text]).toEqual([0, undefined])
    })

    it('is imported, and a plan after shows nothing but what the API does not show', () => {
      const change = shown(steps.import.stdout).get(address)
      expect(change?.imports).toBe(true)
      const secrets = (change?.given ?? []).filter((name) => !(one.unread ?? []).includes(name))
      expect(secrets).toEqual([])
      expect([steps.import.code, steps.import.stderr]).toEqual([0, ''])
      expect([steps.afterImport.code, shown(steps.afterImport.stdout).get(address)?.text]).toEqual([0, undefined])
    })

    it('is made anew where it cannot be changed', () => {
      const change = shown(steps.replace.stdout).get(address)
      if (one.replace === undefined) expect([undefined, 'update']).toContain(change?.action)
      else expect(change?.action).toBe('replace')
      expect([steps.replace.code, steps.replace.stderr]).toEqual([0, ''])
      expect([steps.afterReplace.code, shown(steps.afterReplace.stdout).get(address)?.text]).toEqual([0, undefined])
    })

    it('is gone at the end, where the API can delete', () => {
      expect([steps.destroy.code, steps.destroy.stderr]).toEqual([0, ''])
      if (one.stays !== undefined) {
        expect(steps.destroy.rows[type]).toEqual(steps.afterReplace.rows[type])
        expect(steps.destroy.writes.filter(isOurs)).toEqual([])
        expect(steps.destroy.stdout).toContain(`Warning: The ${kindOf(type).title} stays as it is`)
      } else if (type === 'mailconfig_subaccount') expect(steps.destroy.rows[type]?.['state']).toBe('Closed')
      else expect(steps.destroy.rows[type]).toBeUndefined()
    })
  })

  it(`no secret is in a state or was printed${where}`, () => {
    for (const canary of Object.values(CANARIES)) {
      const text = JSON.stringify(canary).slice(1, -1)
      expect(world.printed()).not.toContain(text)
      for (const state of Object.values(states)) expect(state).not.toContain(text)
    }
    for (const state of [...Object.values(states), world.printed()]) {
      expect(state).not.toContain(world.emulator.apiKey)
      expect(state).not.toContain(world.emulator.token)
    }
  })
}

function example(type: string, one: Case, subaccount: string | null): Row {
  const { subaccount_access, ...rest }: Row = { ...exampleOf(type), ...one.with }
  return subaccount === null && subaccount_access !== undefined ? { ...rest, subaccount_access } : rest
}

function importId(type: string, subaccount: string | null): string {
  const kind = kindOf(type)
  const { list, ...example } = { ...kind.example, list: 'smtp' }
  const key = kind.singleton === 'one' ? kind.resource : kind.key === 'list' ? list : String(example[kind.key as never])
  return subaccount === null ? key : `main/${subaccount}:${key}`
}

/** A row without what the service writes by itself. */
function comparable(row: Row | undefined): unknown {
  const { updateTime: _, last_updated: __, timestamp: ___, ...rest } = row ?? {}
  return Object.fromEntries(
    Object.entries(rest).map(([name, value]) => [name, Array.isArray(value) ? value.map(toText).toSorted() : value]),
  )
}

function toText(value: unknown): string {
  return JSON.stringify(sorted(value))
}
