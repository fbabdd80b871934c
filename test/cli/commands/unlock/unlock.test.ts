import { afterEach, expect, test } from 'vitest'
import { openStore } from '../../../../src/ledger/stores/open.ts'
import { closeHomes, home, writes } from '../../harness.ts'
import { applied, ENV, LEDGER, ok, SPEC } from '../../remembering.ts'

afterEach(closeHomes)

async function lock(dir: string, expires: Date): Promise<void> {
  const store = await openStore(LEDGER, { cwd: dir, env: {} })
  const about = { owner: 'ada@build-7', command: 'apply', url: 'https://ci.example.com/jobs/7' }
  const lease = { id: 'lease-1', ...about, since: '2026-01-02T03:04:05.000Z', expires: expires.toISOString() }
  await store.lock(['main'], lease, new Date(expires.getTime() - 1000))
}

test('a lock that nobody holds is not an error', async () => {
  const at = await applied()
  expect((await ok(at, 'unlock')).stdout).toBe(`Nobody holds ${LEDGER}.\n`)
  const fresh = await home()
  fresh.spec(SPEC)
  expect((await ok(fresh, 'unlock')).stdout).toBe(`Nobody holds ${LEDGER}.\n`)
})

test('it is shown whose it is, and freed only with a word', async () => {
  const at = await applied()
  await lock(at.dir, new Date('2099-01-01T00:00:00Z'))
  const asked = await at.run('unlock', { env: ENV })
  expect(asked.stdout).toContain('ada@build-7 (since 2026-01-02T03:04:05.000Z, apply, https://ci.example.com/jobs/7)')
  expect(asked.stdout).toContain('expires at 2099-01-01T00:00:00.000Z unless it is renewed')
  expect(asked.stderr).toContain('use --yes')
  expect(asked.code).toBe(1)
  expect((await at.run('apply --auto-approve --lock-timeout 0', { env: ENV })).code).toBe(3)
  const freed = await ok(at, 'unlock --yes')
  expect(freed.stdout).toContain('The lock is free.')
  expect((await ok(at, 'apply --auto-approve --lock-timeout 0')).stdout).toContain('Nothing to do.')
  expect(writes(at.emulator)).toEqual([])
})

test('of an expired one it is said that it needs no unlocking', async () => {
  const at = await applied()
  await lock(at.dir, new Date('2020-01-01T00:00:00Z'))
  expect((await ok(at, 'unlock --yes')).stdout).toContain('the next command takes it over by itself')
})

test('it needs neither the variables of the spec nor a spec', async () => {
  const at = await applied()
  await lock(at.dir, new Date('2099-01-01T00:00:00Z'))
  at.file('mailconfig.yaml', 'version: [')
  expect((await at.run('unlock --yes')).stdout).toContain('The lock is free.')
})

test('without a ledger there is nothing to unlock', async () => {
  const at = await home()
  at.spec(SPEC)
  const { code, stderr } = await at.run('unlock --ledger none')
  expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('there is no ledger') })
})
