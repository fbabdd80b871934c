import { afterEach, expect, test, vi } from 'vitest'
import { closeHomes, home, STRONG, scopeOf, state, writes } from '../cli/harness.ts'
import { PUSH, pullRequest, runAction } from './action.ts'
import { startGitHub } from './github-server.ts'

const USER = `smtpUsers:\n  - username: billing\n    password: ${STRONG}\n`

vi.setConfig({ testTimeout: 120_000 }) // each of them starts several programs, one after the other
afterEach(closeHomes)

test('a plan is saved by one job, and exactly that is applied by the next', async () => {
  await using hub = await startGitHub()
  const at = await home()
  at.spec(USER)
  const inputs = { 'plan-file': 'mail.plan' }
  const planned = await runAction(at, hub, { inputs, event: PUSH })
  expect(planned.outputs['plan-file']).toBe(`${at.dir}/mail.plan`)
  expect(planned.outputs['hash']).toMatch(/^sha256:[0-9a-f]{64}$/)

  const wrong = { command: 'apply', ...inputs, 'plan-hash': `sha256:${'0'.repeat(64)}` }
  const refused = await runAction(at, hub, { inputs: wrong, event: PUSH })
  expect(refused).toMatchObject({ code: 1, log: expect.stringContaining('::error::plan-file is not the plan') })
  expect(writes(at.emulator)).toEqual([])

  const right = { command: 'apply', ...inputs, 'plan-hash': planned.outputs['hash'] ?? '' }
  const applied = await runAction(at, hub, { inputs: right, event: PUSH })
  expect(applied).toMatchObject({ code: 0, outputs: { 'exit-code': '0' } })
  expect(applied.summary).toContain('smtpUsers/billing')
  expect(scopeOf(at.emulator)['smtpUsers']).toHaveLength(1)

  expect(await runAction(at, hub, { inputs: right, event: PUSH })).toMatchObject({ code: 3 }) // it is not for twice
  expect(hub.calls).toEqual([])
})

test('without a plan it plans by itself, with the ledger that is named', async () => {
  await using hub = await startGitHub()
  const at = await home()
  at.spec(USER)
  const ended = await runAction(at, hub, { inputs: { command: 'apply', ledger: 'ledger.json' }, event: PUSH })
  expect(ended.code).toBe(0)
  expect(at.has('ledger.json')).toBe(true)
})

test('a pull request applies nothing', async () => {
  await using hub = await startGitHub()
  const at = await home()
  at.spec(USER)
  const ended = await runAction(at, hub, { inputs: { command: 'apply' }, event: pullRequest() })
  expect(ended).toMatchObject({ code: 3, outputs: { 'exit-code': '3' } })
  expect(at.emulator.requests()).toEqual([])
})

test('a gate stops it, and the input accept opens that gate', async () => {
  await using hub = await startGitHub()
  const at = await home()
  const names = Array.from({ length: 12 }, (_, number) => `user-${number}`)
  at.emulator.setState(state({ smtpUsers: names.map((username) => ({ username, email_password: STRONG })) }))
  at.spec(`smtpUsers:\n${names.map((name) => `  - { username: ${name}, state: absent }\n`).join('')}`)
  const stopped = await runAction(at, hub, { inputs: { command: 'apply' }, event: PUSH })
  expect(stopped.code).toBe(3)
  const tokens = [...stopped.log.matchAll(/--accept (G\d+:[0-9a-f]{4})/g)].map(([, token = '']) => token)
  expect(tokens.length).toBeGreaterThan(0)
  const accept = [...new Set(tokens)].join('\n')
  expect(await runAction(at, hub, { inputs: { command: 'apply', accept }, event: PUSH })).toMatchObject({ code: 0 })
  expect(scopeOf(at.emulator)['smtpUsers']).toEqual([])
})

test('a job that is ended lets mailconfig finish its calls and give back its lock', async () => {
  await using hub = await startGitHub()
  const at = await home()
  const users = Array.from({ length: 30 }, (_, number) => `  - username: user-${number}\n    password: ${STRONG}\n`)
  at.spec(`smtpUsers:\n${users.join('')}`)
  at.emulator.faults([{ match: { path: '/v3/users/smtp/add' }, fault: 'latency', ms: 300 }])
  const inputs = { command: 'apply', args: '--parallelism=1', ledger: 'ledger.json' }
  let isSent = false
  const ended = await runAction(at, hub, {
    inputs,
    event: PUSH,
    onStart: (child) =>
      child.stdout?.on('data', () => {
        if (isSent || writes(at.emulator).length === 0) return
        isSent = child.kill('SIGINT')
      }),
  })
  expect(ended.code).toBe(130)
  const made = scopeOf(at.emulator)['smtpUsers'] ?? []
  expect(made.length).toBeGreaterThan(0)
  expect(made.length).toBeLessThan(30)
  at.emulator.clearFaults()
  expect(await at.run('apply --auto-approve --ledger ledger.json --lock-timeout 1s')).toMatchObject({ code: 0 })
})
