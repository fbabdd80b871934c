import { createTwoFilesPatch } from 'diff'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FaultName } from '../../src/apis/emulator.ts'
import { closedGates } from '../../src/engine/reconcile.ts'
import { isRecord } from '../../src/model/json.ts'
import type { Result } from '../../src/model/run/result.ts'
import { openWorld, planOf, realChanges, type World } from '../apis/kinds/world.ts'
import { lay, RUNS, tries } from './pair.ts'

/** How a write can go wrong: before the API took it, after, or with an answer that says nothing. */
const FAULTS: readonly FaultName[] = ['reset-before-commit', 'reset-after-commit', 'status', 'html', 'truncated-body']

describe('an apply that goes wrong at one of its calls', () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld({ now: () => new Date(Date.UTC(2026, 10, 20)) })
  })
  afterAll(() => world.close())
  const count = { pairs: 0, broken: 0, notDone: 0 }
  const pairs = Math.ceil(RUNS / 20)

  /** Plans and applies with every gate open; undefined where the spec cannot be applied at all. */
  async function applied(spec: string): Promise<readonly Result[] | undefined> {
    const first = await world.planText(spec)
    if (!first.ok) return undefined
    const open = planOf(
      await world.planText(
        spec,
        closedGates(first.plan).flatMap(({ token }) => token ?? []),
      ),
    )
    return closedGates(open).length > 0 ? undefined : await world.carry(open)
  }

  it(`is finished by the next one, and comes to the same (${pairs} pairs, every call of each)`, async () => {
    await tries(async (pair) => {
      const { spec } = await lay(world, pair)
      const before = world.emulator.state()
      world.emulator.clearRequests()
      if ((await applied(spec)) === undefined) return
      const whole = essence(world.emulator.state())
      const calls = world.emulator.requests().filter((request) => request.writes)
      const met = new Map<string, number>()
      count.pairs += 1
      for (const [at, { method, path }] of calls.entries()) {
        const nth = (met.get(`${method} ${path}`) ?? 0) + 1
        met.set(`${method} ${path}`, nth)
        const fault = FAULTS[(at + pair.numbers.length) % FAULTS.length] ?? 'status'
        world.emulator.setState(before)
        world.emulator.faults([{ match: { method, path, nth }, fault, status: 500 }])
        const results = (await applied(spec)) ?? []
        world.emulator.clearFaults()
        count.broken += 1
        if (results.some(({ outcome }) => outcome !== 'done')) count.notDone += 1
        const rest = (await applied(spec)) ?? []
        expect(rest.filter(({ outcome }) => outcome !== 'done')).toEqual([])
        const left = differences(whole, essence(world.emulator.state()))
        expect(left, `${fault} at ${method} ${path} ${nth}: ${left}`).toEqual('')
        expect(realChanges(await world.planText(spec))).toEqual([])
      }
    }, pairs)
    process.stdout.write(`${pairs} pairs: ${JSON.stringify(count)}\n`)
    expect(count.broken).toBeGreaterThan(pairs)
    expect(count.notDone).toBeGreaterThan(pairs / 4)
  }, 7_200_000)
})

/** The lines that differ, with what is around them. */
function differences(wanted: unknown, got: unknown): string {
  const [one, other] = [wanted, got].map((value) => `${JSON.stringify(value, null, 1)}\n`)
  if (one === undefined || other === undefined || one === other) return ''
  return createTwoFilesPatch('without a fault', 'with it', one, other, '', '', { context: 4 })
}

/** A state without what the service makes up: ids and selectors; the order of rows does not count. */
function essence(value: unknown): unknown {
  if (Array.isArray(value)) {
    const rows = value.map((one) => essence(one))
    return rows.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
  }
  if (typeof value === 'string' && /^(em|s)\d{6}$/.test(value)) return 'a selector'
  if (!isRecord(value)) return value
  const isOwn = ([key, one]: [string, unknown]) =>
    !['counters', 'settings'].includes(key) && !(key === 'id' && typeof one === 'number')
  const parts = Object.entries(value).filter(isOwn)
  return Object.fromEntries(parts.map(([key, one]): [string, unknown] => [key, essence(one)]).sort())
}
