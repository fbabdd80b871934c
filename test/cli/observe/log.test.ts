import { afterEach, describe, expect, test } from 'vitest'
import { closeHomes, type Home, home, lintsOff, STRONG, state } from '../harness.ts'

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
  expect((await at.run(`plan ${lintsOff(at)}`, { env })).stderr).toBe('')
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

describe('with --log-format json every line on standard error is JSON', () => {
  /** The lines, each with what every line has. */
  function linesOf(stderr: string): (Line & Readonly<Record<string, unknown>>)[] {
    const lines = stderr.split('\n').slice(0, -1)
    return lines.map((line) => {
      const found: Line & Record<string, unknown> = JSON.parse(line)
      expect(found).toMatchObject({
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        level: expect.stringMatching(/^(error|warn|info|debug)$/),
        msg: expect.stringMatching(/\S/),
      })
      return found
    })
  }

  const BROKEN = 'smtpUsers:\n  - { username: first-app, pasword: x }\n  - { usernam: y }\n'
  const refused = { data: { error: 'no', error_code: 'X' } }
  const situations: readonly [string, string, (at: Home) => void, number][] = [
    ['an apply', 'apply --auto-approve', (at) => at.spec(SPEC), 0],
    ['a plan that is saved', 'plan --out plan.json', (at) => at.spec(SPEC), 0],
    ['a broken spec', 'validate', (at) => at.spec(BROKEN), 1],
    ['a broken spec with JSON on standard output', 'plan --format json', (at) => at.spec(BROKEN), 1],
    ['no spec', 'plan', () => undefined, 1],
    ['a question to nobody', 'apply', (at) => at.spec(SPEC), 1],
    ['a slip in the command line', 'apply --colour', (at) => at.spec(SPEC), 1],
    ['an unknown command', 'aply', (at) => at.spec(SPEC), 1],
    ['a webhook that is none', 'plan --notify ftp://x', (at) => at.spec(SPEC), 1],
    ['a webhook that is gone', 'plan --notify http://127.0.0.1:9/x --notify-on always', (at) => at.spec(SPEC), 0],
    [
      'a change that fails',
      'apply --auto-approve',
      (at) => {
        at.spec(SPEC)
        at.emulator.faults([{ match: { path: '/v3/users/smtp/add' }, fault: 'status', status: 400, body: refused }])
      },
      4,
    ],
    [
      'a gate',
      'apply --auto-approve',
      (at) => at.spec(`${'smtpUsers:\n  - { username: gone-app, state: absent, protect: true }\n'}`),
      1,
    ],
    ['an export', 'export -o out.yaml', (at) => at.spec(SPEC), 0],
    ['a file to format', 'fmt --check', (at) => at.spec(SPEC.replace('{ username', '{    username')), 1],
    [
      'long waits',
      'plan',
      (at) => {
        at.spec(SPEC)
        at.emulator.faults([
          {
            match: { path: '/v3/users/smtp/view', nth: 1 },
            fault: 'status',
            status: 429,
            headers: { 'retry-after': '1' },
          },
        ])
      },
      0,
    ],
  ]

  test.each(situations)('%s', async (_, command, arrange, expected) => {
    for (const level of ['error', 'warn', 'info', 'debug']) {
      const at = await home({ seed: state({ smtpUsers: [{ username: 'gone-app' }] }) })
      arrange(at)
      const { code, stderr } = await at.run(`${command} --log-format json --log-level ${level}`, { env })
      expect({ code, stderr }).toEqual({ code: expected, stderr: expect.any(String) })
      linesOf(stderr)
    }
  })

  test('a problem and a result have their parts', async () => {
    const at = await home()
    at.spec(BROKEN)
    const problems = linesOf((await at.run('validate --log-format=json', { env })).stderr)
    expect(problems[0]).toMatchObject({
      level: 'error',
      code: 'UNKNOWN_FIELD',
      msg: expect.stringContaining('pasword'),
      hint: expect.any(String),
      at: { file: 'mailconfig.yaml', line: 8 },
    })
    at.spec(SPEC)
    const [result] = linesOf((await at.run('apply --auto-approve --log-format=json', { env })).stderr)
    expect(result).toMatchObject({
      level: 'info',
      msg: 'change',
      account: 'main',
      address: 'smtpUsers/first-app',
      action: 'create',
      outcome: 'done',
    })
  })

  test('a run that is stopped says so in JSON, too', async () => {
    const at = await home()
    at.spec(SPEC)
    at.emulator.faults([{ match: { path: '/v3/users/smtp/view' }, fault: 'latency', ms: 400 }])
    const running = at.start('plan --log-format json --log-level info', { env })
    await running.says(/"read"/)
    running.child.kill('SIGINT')
    const { code, stderr } = await running.ended
    expect(code).toBe(130)
    expect(linesOf(stderr).map(({ msg }) => msg)).toContainEqual(expect.stringMatching(/^Stopping: /))
  })
})
