import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, realChanges, type World } from '../../apis/kinds/world.ts'
import { account, provider, put } from '../account.ts'

describe('export', () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld()
  })
  afterAll(() => world.close())

  it.each(['usual', 'vital', 'all'] as const)(
    'gives a spec whose plan is empty, whatever the account holds: %s',
    async (detail) => {
      await fc.assert(
        fc.asyncProperty(account, fc.array(provider, { maxLength: 4 }), async (scope, providers) => {
          put(world.emulator, scope, providers)
          const exported = await world.exported(detail)
          const planned = await world.planText(exported)
          expect(planned.ok ? [] : planned.problems).toEqual([])
          expect(realChanges(planned)).toEqual([])
        }),
        { numRuns: Number(process.env['MAILCONFIG_RUNS'] ?? 60) },
      )
    },
    7_200_000,
  )
})
