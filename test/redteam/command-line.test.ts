import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { closeHomes, type Home, home, writes } from '../cli/harness.ts'

afterEach(closeHomes)

async function ready(): Promise<Home> {
  const at = await home()
  at.spec('suppressions: [former@example.org]\n')
  return at
}

describe('a variable of the shell that is not set', () => {
  test.each([
    '-f',
    '--exclude',
    '--ledger',
    '--accept',
    '--branch',
    '--audit-log',
    '--runner-ip',
    '--account',
    '--only',
  ])('behind %s ends the run, and nobody is called', async (option) => {
    const at = await ready()
    const { code, stderr } = await at.run(`apply --auto-approve ${option} ""`)
    expect(stderr).toMatch(/error: --[a-z-]+ has an empty value\n {2}is a variable of the shell unset\?/)
    expect(code).toBe(1)
    expect(at.emulator.requests()).toEqual([])
  })
})

describe('a variable that begins with MAILCONFIG_', () => {
  test.each([
    ['MAILCONFIG_LEDGR', 'MAILCONFIG_LEDGER'],
    ['MAILCONFIG_PLANKEY', 'MAILCONFIG_PLAN_KEY'],
    ['MAILCONFIG_AUDITLOG', 'MAILCONFIG_AUDIT_LOG'],
    ['MAILCONFIG_NOTIFY_URLS', 'MAILCONFIG_NOTIFY_URL'],
  ])('%s is a slip of the hand, and nobody is called', async (name, meant) => {
    const at = await ready()
    const { code, stderr } = await at.run('plan', { env: { [name]: 'x' } })
    expect(stderr).toBe(`error: the variable ${name} is not a mailconfig variable\n  did you mean "${meant}"?\n`)
    expect(code).toBe(1)
    expect(at.emulator.requests()).toEqual([])
  })

  test.each(['MAILCONFIG_MAIN_KEY', 'MAILCONFIG_VERSION', 'MAILCONFIG_FOLDER', 'MAILCONFIG_STATE', 'MAILCONFIG_BIN'])(
    '%s is somebody’s own',
    async (name) => {
      const at = await ready()
      expect((await at.run('plan', { env: { [name]: 'x' } })).code).toBe(0)
    },
  )
})

test('a pipe in the place of the ledger is not waited for', async () => {
  const at = await ready()
  mkdirSync(join(at.dir, '.mailconfig'))
  execFileSync('mkfifo', [join(at.dir, '.mailconfig', 'ledger.json')])
  const planned = await at.run('plan')
  expect(planned.stderr).toContain(
    'LEDGER_UNREACHABLE warning: .mailconfig/ledger.json cannot be used: it is not a file',
  )
  expect(planned.code).toBe(0)
  const applied = await at.run('apply --auto-approve')
  expect(applied.stderr).toContain('Nothing was written.')
  expect(applied.code).toBe(1)
  expect(writes(at.emulator)).toEqual([])
})

test.each(['plan', 'apply --auto-approve', 'drift'])(
  '"%s" that is cancelled while it reads says that nothing was done',
  async (verb) => {
    const at = await ready()
    at.emulator.faults([{ match: { path: '/v3/suppression/view' }, fault: 'latency', ms: 10_000 }])
    const run = at.start(verb)
    while (at.emulator.requests().length === 0) await new Promise((soon) => setTimeout(soon, 20))
    run.child.kill('SIGINT')
    const { code, stderr } = await run.ended
    expect(stderr).toContain('Nothing was written.')
    expect(code).toBe(130)
    expect(writes(at.emulator)).toEqual([])
  },
)
