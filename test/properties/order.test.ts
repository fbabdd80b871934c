import { loadAll } from 'js-yaml'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Planned } from '../../src/engine/plan/plan.ts'
import { isRecord } from '../../src/model/json.ts'
import { openWorld, type World } from '../apis/kinds/world.ts'
import { lay, RUNS, tries } from './pair.ts'

describe('a spec and an account, whatever they are', () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld()
  })
  afterAll(() => world.close())
  const count = { plans: 0, changes: 0, refused: 0 }

  it(`have the same plan in whatever order lists, pages and maps come (${RUNS} pairs)`, async () => {
    await tries(async (pair) => {
      const { spec, next } = await lay(world, pair)
      world.emulator.clearRequests()
      world.emulator.settings({ suppressionPageSize: 1000, defaultLimit: 100, maxLimit: 100 })
      const plain = essence(await world.planText(spec))
      world.emulator.settings({ suppressionPageSize: 2, defaultLimit: 2, maxLimit: 2 })
      const side = next() % 3 // one side alone, or both
      if (side !== 0) world.emulator.setState(turned(world.emulator.state()))
      const documents = loadAll(spec).map((one) => JSON.stringify(side === 1 ? one : turned(one)))
      const other = essence(await world.planText(documents.toReversed().join('\n---\n')))
      expect(other).toEqual(plain)
      expect(world.emulator.requests().filter((request) => request.writes)).toEqual([])
      if ('problems' in plain) count.refused += 1
      else {
        count.plans += 1
        count.changes += plain.changes.length
      }
    })
    process.stdout.write(`${RUNS} pairs: ${JSON.stringify(count)}\n`)
    expect(count.plans).toBeGreaterThan(RUNS / 2)
    expect(count.changes).toBeGreaterThan(RUNS)
  }, 7_200_000)
})

/** What a plan comes to, without the order of anything, places in files, and what is made of the file's text. */
function essence(planned: Planned) {
  if (!planned.ok) return { problems: sorted(planned.problems.map(({ code, message }) => [code, message])) }
  const { changes, unmanaged, gates, warnings, calls } = planned.plan
  const real = changes.map((change) => [
    change.action,
    change.address,
    change.action === 'noop'
      ? []
      : change.fields.map(({ path, before, after }) => [path, before ?? null, after ?? null]),
    change.action === 'update' ? [change.members?.added ?? [], change.members?.removed ?? []] : [],
  ])
  return {
    changes: sorted(real),
    unmanaged: sorted(unmanaged.map(({ address }) => address)),
    gates: sorted(gates.map(({ code, addresses }) => [code, addresses])),
    warnings: sorted(warnings.map(({ code, message }) => [code, message])),
    calls,
  }
}

/** A list in the order of its texts, inside, too. */
function sorted(value: unknown): unknown[] {
  const list: unknown[] = Array.isArray(value) ? value : []
  const inner = list.map((one) => (Array.isArray(one) ? (isPair(one) ? one.map(inside) : sorted(one)) : inside(one)))
  return inner.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
}

/** A tuple begins with its name, and keeps its order. */
const isPair = (list: readonly unknown[]) => typeof list[0] === 'string' && list.some((one) => typeof one !== 'string')
const inside = (value: unknown): unknown => {
  if (Array.isArray(value)) return sorted(value)
  if (!isRecord(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, one]): [string, unknown] => [key, inside(one)])
      .sort(),
  )
}

/** The same contents with every list and every map turned around. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned).toReversed()
  if (!isRecord(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, one]) => [key, turned(one)])
      .toReversed(),
  )
}
