import { afterEach, describe, expect, test } from 'vitest'
import { openStore } from '../../../src/ledger/stores/open.ts'
import type { LeaseRequest } from '../../../src/ledger/stores/store.ts'
import { startStateServer } from '../../ledger/http-server.ts'
import { closeHomes, codes, type Home, home, scopeOf, writes, written } from '../harness.ts'
import { applied, ENV, LEDGER, ok, runsOf, SPEC } from '../remembering.ts'

afterEach(closeHomes)

const MANY = 40
const USERS = Array.from({ length: MANY }, (_, n) => `  - { username: app-${n}, password: "\${env:PASSWORD}" }\n`)

/** Many users to make, one after the other and slowly, so that something can happen meanwhile. */
async function slow(): Promise<Home> {
  const at = await home()
  at.spec(`smtpUsers:\n${USERS.join('')}`)
  at.emulator.faults([{ match: { path: '/v3/users/smtp/add' }, fault: 'latency', ms: 100 }])
  return at
}

/** Takes the lease as another machine would. */
async function leaseOf(at: Home, expires: Date, ledger = LEDGER, env: NodeJS.ProcessEnv = {}): Promise<LeaseRequest> {
  const store = await openStore(ledger, { cwd: at.dir, env })
  const since = new Date(expires.getTime() - 15_000).toISOString()
  const about = { owner: 'ada@build-7', command: 'apply', url: 'https://ci.example.com/jobs/7' }
  const lease = { id: crypto.randomUUID(), ...about, since, expires: expires.toISOString() }
  await store.lock(['main'], lease, new Date())
  return lease
}

const LATER = new Date(Date.now() + 3_600_000)
const EARLIER = new Date(Date.now() - 60_000)

function names(at: Home): unknown[] {
  return (scopeOf(at.emulator)['smtpUsers'] ?? []).map((user) => user['username'])
}

describe('two applies at once', () => {
  test('are one after the other: the second finds all done, and nothing is made twice', async () => {
    const at = await slow()
    const first = at.start('apply --auto-approve', { env: ENV })
    await first.says(/done +\+/)
    const second = await at.run('apply --auto-approve --lock-timeout 5m', { env: ENV })
    expect((await first.ended).code).toBe(0)
    expect(second.stdout).toContain('Nothing to do.')
    expect(second.code).toBe(0)
    expect(written(at.emulator)).toHaveLength(MANY)
    expect(await runsOf(at)).toHaveLength(1)
  })

  test('the second waits, says for whom, and goes on when the lock is free', async () => {
    const at = await home()
    at.spec(SPEC)
    const { id } = await leaseOf(at, LATER)
    const run = at.start('apply --auto-approve --lock-timeout 1h', { env: ENV })
    await run.says(/Waiting for ada@build-7 \(since .+, apply, https:\/\/ci.example.com\/jobs\/7\) to finish/)
    expect(writes(at.emulator)).toEqual([])
    const store = await openStore(LEDGER, { cwd: at.dir, env: {} })
    await store.unlock(id)
    expect((await run.ended).code).toBe(0)
    expect(names(at)).toHaveLength(2)
  })

  test('the second is refused with exit 3 where it must not wait, and says whose the lock is', async () => {
    const at = await home()
    at.spec(SPEC)
    await leaseOf(at, LATER)
    for (const command of [
      'apply --auto-approve',
      'destroy --auto-approve',
      'adopt --all',
      'rollback --to x --auto-approve',
    ]) {
      const { code, stderr } = await at.run(`${command} --lock-timeout 0`, { env: ENV })
      expect({ command, code, codes: codes(stderr) }).toEqual({ command, code: 3, codes: ['LEDGER_LOCKED'] })
      expect(stderr).toContain('ada@build-7')
      expect(stderr).toContain('https://ci.example.com/jobs/7')
    }
    expect(writes(at.emulator)).toEqual([])
  })

  test('do not disturb those who only read', async () => {
    const at = await applied()
    await leaseOf(at, LATER)
    for (const command of ['plan', 'drift', 'history', 'plan --out plan.json']) await ok(at, command)
  })

  test('a lock is nothing to whoever goes without a ledger', async () => {
    const at = await home()
    at.spec(SPEC)
    await leaseOf(at, LATER)
    await ok(at, 'apply --auto-approve --ledger none')
  })

  test('behind HTTP they are one after the other, too', async () => {
    const server = await startStateServer()
    try {
      const at = await slow()
      const env = {
        ...ENV,
        MAILCONFIG_LEDGER: `${server.origin}/mail`,
        MAILCONFIG_LEDGER_USERNAME: server.user,
        MAILCONFIG_LEDGER_PASSWORD: server.password,
      }
      const both = [1, 2].map(() => at.run('apply --auto-approve --lock-timeout 5m', { env }))
      expect((await Promise.all(both)).map(({ code }) => code)).toEqual([0, 0])
      expect(written(at.emulator)).toHaveLength(MANY)
      expect([...server.states.values()].map(({ lock }) => lock)).toEqual([undefined])
    } finally {
      await server.close()
    }
  })
})

describe('a run that ends early', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('by %s frees the lock, and the next one goes on', async (signal) => {
    const at = await slow()
    const run = at.start('apply --auto-approve --parallelism 1', { env: ENV })
    await run.says(/done +\+/)
    run.child.kill(signal)
    expect((await run.ended).code).toBe(130)
    const done = names(at).length
    expect(done).toBeLessThan(MANY)
    expect(await runsOf(at)).toMatchObject([{ state: 'interrupted', summary: { create: done } }])
    at.emulator.clearFaults()
    const next = await ok(at, 'apply --auto-approve --lock-timeout 0')
    expect(next.stdout).toContain(`${MANY - done} to create`)
    expect(names(at)).toHaveLength(MANY)
    expect(written(at.emulator)).toHaveLength(MANY)
  })

  test('by SIGTERM while it waits, frees nothing that is not its own', async () => {
    const at = await home()
    at.spec(SPEC)
    const { id } = await leaseOf(at, LATER)
    const run = at.start('apply --auto-approve --lock-timeout 1h', { env: ENV })
    await run.says(/Waiting for ada@build-7/)
    run.child.kill('SIGTERM')
    const { code, stderr } = await run.ended
    expect(stderr).toContain('Nothing was written.')
    expect(code).toBe(130)
    const store = await openStore(LEDGER, { cwd: at.dir, env: {} })
    expect(await store.holders(['main'])).toMatchObject([{ id }])
  })

  test('by SIGKILL leaves a lock that the next one takes over by itself, and everything is made once', async () => {
    const at = await slow()
    const run = at.start('apply --auto-approve --parallelism 2', { env: ENV })
    await run.says(/done +\+/)
    run.child.kill('SIGKILL')
    await run.ended
    at.emulator.clearFaults()
    const planned = await ok(at, 'plan')
    expect(planned.stdout).toMatch(/[1-9]\d* to create/)
    const next = await ok(at, 'apply --auto-approve') // waits as long as the dead one's lease lasts
    expect(next.stderr).toContain('is taken over')
    expect(next.stderr).toContain('RUN_INTERRUPTED warning:')
    expect(names(at)).toHaveLength(MANY)
    expect(written(at.emulator)).toHaveLength(MANY)
    expect((await ok(at, 'plan')).stdout).toContain('Nothing to do.')
    expect((await runsOf(at)).map(({ state }) => state)).toEqual(['done', 'interrupted'])
  }, 90_000)

  test('long ago is taken over with a note', async () => {
    const at = await home()
    at.spec(SPEC)
    await leaseOf(at, EARLIER)
    const { stderr } = await ok(at, 'apply --auto-approve --lock-timeout 0')
    expect(stderr).toMatch(/note: the lock of .+ is taken over: ada@build-7 .+ has not been heard of since/)
    expect(names(at)).toHaveLength(2)
  })
})

describe('a lock that is lost in mid-run', () => {
  test('stops it before the next change, says so, and the next run finds out what was done', async () => {
    const at = await slow()
    at.emulator.clearFaults()
    at.emulator.faults([{ match: { path: '/v3/users/smtp/add' }, fault: 'latency', ms: 700 }])
    const run = at.start('apply --auto-approve --parallelism 1', { env: ENV })
    await run.says(/done +\+/)
    await ok(at, 'unlock --yes')
    const { code, stderr, stdout } = await run.ended
    expect(codes(stderr)).toEqual(['LEASE_LOST'])
    expect(stdout).toContain('Applied in part.')
    expect(code).toBe(4)
    const done = names(at).length
    expect(done).toBeLessThan(MANY)
    at.emulator.clearFaults()
    expect((await ok(at, 'apply --auto-approve --lock-timeout 0')).stdout).toContain(`${MANY - done} to create`)
    expect(names(at)).toHaveLength(MANY)
  })
})
