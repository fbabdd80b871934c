import { afterEach, expect, test } from 'vitest'
import { closeHomes, home, STRONG } from './harness.ts'

afterEach(closeHomes)

const SPEC = 'smtpUsers:\n  - { username: first-app, password: "${env:PASSWORD}" }\n'
const env = { PASSWORD: STRONG }

interface Line {
  readonly time: string
  readonly level: string
  readonly msg: string
}

test('by default nothing is logged', async () => {
  const at = await home()
  at.spec(SPEC)
  expect((await at.run('plan', { env })).stderr).toBe('')
})

test('info logs the phases', async () => {
  const at = await home()
  at.spec(SPEC)
  const { stderr, stdout } = await at.run('apply --auto-approve --log-level info', { env })
  const lines = stderr.split('\n').filter((line) => / info {2}/.test(line))
  expect(lines.map((line) => line.replace(/^\d\d:\d\d:\d\d\.\d{3}Z /, '').replace(/ms=\d+/, 'ms=N'))).toEqual([
    'info  read accounts=main',
    'info  read done ms=N calls=1',
    'info  plan create=1 update=0 delete=0 gates=0',
    'info  apply changes=1 calls=1',
    'info  applied done=1 failed=0 skipped=0 unknown=0',
  ])
  expect(stdout).not.toContain(' info ')
})

test('debug logs each try of each call, and no body', async () => {
  const at = await home()
  at.spec(SPEC)
  at.emulator.faults([{ match: { path: '/v3/users/smtp/view', nth: 1 }, fault: 'status', status: 503 }])
  const { stderr } = await at.run('apply --auto-approve --log-level debug --log-format json', { env })
  const lines: Line[] = stderr
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
  for (const line of lines)
    expect(line).toMatchObject({
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      level: expect.any(String),
      msg: expect.any(String),
    })
  const call = { level: 'debug', msg: 'call', account: 'main', method: 'POST', ms: expect.any(Number) }
  expect(lines.filter((line) => line.msg === 'call')).toEqual([
    {
      time: expect.any(String),
      ...call,
      path: '/users/smtp/view',
      status: 503,
      attempt: 1,
      waitMs: expect.any(Number),
    },
    { time: expect.any(String), ...call, path: '/users/smtp/view', status: 200, attempt: 2 },
    { time: expect.any(String), ...call, path: '/users/smtp/add', status: 200, attempt: 1 },
    { time: expect.any(String), ...call, path: '/users/smtp/view', status: 200, attempt: 1 },
  ])
  expect(stderr).not.toContain(STRONG)
})

test('a call that got no answer logs why', async () => {
  const at = await home()
  at.spec(SPEC)
  await at.emulator.close()
  const { stderr } = await at.run('plan --log-level debug', { env })
  expect(stderr).toMatch(/debug main POST \/users\/smtp\/view ECONNREFUSED \d+ ms, again in 0\.\d s\n/)
  expect(stderr).toMatch(/debug main POST \/users\/smtp\/view ECONNREFUSED \d+ ms, try 4\n/)
})

test('a long wait is said although nobody asked for a log', async () => {
  const at = await home()
  at.spec(SPEC)
  at.emulator.faults([
    { match: { path: '/v3/users/smtp/view', nth: 1 }, fault: 'status', status: 429, headers: { 'retry-after': '1' } },
  ])
  const { code, stderr } = await at.run('plan', { env })
  expect(stderr).toMatch(/warn {2}main POST \/users\/smtp\/view 429 \d+ ms, again in 1\.0 s/)
  expect(code).toBe(0)
  at.emulator.clearFaults()
})
