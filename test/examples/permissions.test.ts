import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { kinds } from '../../src/apis/index.ts'
import { permissionTable } from '../house/permissions.ts'
import { openExample, startProcess } from './run.ts'

const PLAN_KEY = 'api-PlanKeyPlanKeyPlanKeyPlanKey1234'
const APPLY_KEY = 'api-ApplyKeyApplyKeyApplyKeyApply123'

/** The SMTP2GO paths in a column of the table that docs/ci.md has. */
function endpoints(column: number): string[] {
  const rows = permissionTable(kinds).split('\n').slice(2)
  return rows.flatMap((row) =>
    [...(row.split(' | ')[column] ?? '').matchAll(/`(\/[^`]+)`/g)].map(([, path = '']) => path),
  )
}

test('the permissions of docs/ci.md are enough: one key plans everything and writes nothing, the other one applies', async () => {
  await using seed = await openSeed()
  await using emulator = await startProcess('--seed', seed.path)
  await using place = await openExample('full', emulator)
  const asPlan = { SMTP2GO_API_KEY: PLAN_KEY }
  const asApply = { SMTP2GO_API_KEY: APPLY_KEY }

  expect(await place.run(asPlan, 'plan', '--detailed-exitcode')).toMatchObject({ code: 2 })
  const refused = await place.run(asPlan, 'apply', '--auto-approve', '--account', 'main')
  expect(refused.code).toBe(4)
  expect(refused.stdout).toContain('Not applied. 0 done')
  expect(refused.stderr).toContain('You do not have permission to access this API endpoint')

  expect(await place.run(asApply, 'apply', '--auto-approve')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('Applied.'),
  })
  expect(await place.run(asPlan, 'plan', '--detailed-exitcode')).toMatchObject({ code: 0 })
})

/** Two keys: one with the first column of the table, one with both and what it hands on to the key that the example makes. */
async function openSeed() {
  const key = (text: string, endpoints: readonly string[]) => ({
    api_key: text,
    endpoints,
    subaccount_id: '',
    status: 'allowed',
  })
  const plan = endpoints(1)
  const apply = [...plan, ...endpoints(2), '/email/send', '/stats/*']
  const folder = await mkdtemp(join(tmpdir(), 'mailconfig-seed-'))
  const path = join(folder, 'seed.json')
  await writeFile(path, JSON.stringify({ smtp2go: { keys: [key(PLAN_KEY, plan), key(APPLY_KEY, apply)] } }))
  return { path, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}
