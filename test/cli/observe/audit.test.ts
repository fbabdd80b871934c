import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { afterEach, describe, expect, test } from 'vitest'
import { closeHomes, type Home, home, STRONG, state, writes } from '../harness.ts'

afterEach(closeHomes)

interface Line {
  readonly event: string
  readonly run: string
  readonly ledgerRun: string | null
  readonly address?: string
  readonly outcome?: string
  readonly [name: string]: unknown
}

const PASSWORD = { PASSWORD: STRONG }
const SPEC =
  'smtpUsers:\n  - { username: first-app, password: "${env:PASSWORD}", rateLimit: { messages: 5, per: 1 hour } }\n'
const schema = JSON.parse(readFileSync('schemas/audit.schema.json', 'utf8'))
const isLine = new Ajv({ strict: false, formats: { 'date-time': true } }).compile(schema)

/** The lines of the log; each is of the schema, and whole. */
function linesOf(at: Home, name = 'audit.jsonl'): Line[] {
  const text = at.text(name)
  expect(text.endsWith('\n')).toBe(true)
  return text
    .trimEnd()
    .split('\n')
    .map((one) => {
      const line: Line = JSON.parse(one)
      expect({ line, valid: isLine(line), errors: isLine.errors }).toMatchObject({ valid: true })
      return line
    })
}

const events = (lines: readonly Line[]) =>
  lines.map(({ event, address, outcome }) => [event, address, outcome].filter((part) => part !== undefined).join(' '))

describe('the audit log', () => {
  test('has a line before and after each change, with who, where from and which fields, and no value', async () => {
    const at = await home()
    at.spec(SPEC)
    const env = {
      ...PASSWORD,
      GITHUB_ACTIONS: 'true',
      GITHUB_ACTOR: 'ada',
      GITHUB_SERVER_URL: 'https://github.example.com',
      GITHUB_REPOSITORY: 'acme/mail',
      GITHUB_RUN_ID: '77',
      GITHUB_SHA: 'c'.repeat(40),
      GITHUB_REF_PROTECTED: 'true',
      GITHUB_REF_NAME: 'main',
    }
    const { code, stderr } = await at.run('apply --auto-approve --audit-log audit.jsonl', { env })
    expect({ code, stderr }).toMatchObject({ code: 0 })
    const lines = linesOf(at)
    expect(events(lines)).toEqual([
      'run-begin',
      'change-begin smtpUsers/first-app',
      'change-end smtpUsers/first-app done',
      'run-end done',
    ])
    expect(new Set(lines.map(({ run }) => run)).size).toBe(1)
    for (const line of lines)
      expect(line).toMatchObject({
        command: 'apply',
        by: 'ada',
        url: 'https://github.example.com/acme/mail/actions/runs/77',
        commit: 'c'.repeat(40),
        ledgerRun: line.event === 'run-begin' ? null : expect.stringMatching(/./), // which it has not yet
      })
    expect(lines[2]).toMatchObject({
      account: 'main',
      subaccount: null,
      kind: 'smtpUsers',
      action: 'create',
      fields: expect.arrayContaining(['username', 'password']),
      gates: [],
      code: null,
    })
    expect(at.text('audit.jsonl')).not.toContain(STRONG)
    expect(at.text('audit.jsonl')).not.toContain('1 hour')
    expect(statSync(join(at.dir, 'audit.jsonl')).mode & 0o777).toBe(0o600)
  })

  test('names the run of the ledger', async () => {
    const at = await home()
    at.spec(SPEC)
    await at.run('apply --auto-approve --audit-log audit.jsonl', { env: PASSWORD })
    const { stdout } = await at.run('history --format json')
    const history: { runs: { id: string }[] } = JSON.parse(stdout)
    expect(linesOf(at).at(-1)?.ledgerRun).toBe(history.runs[0]?.id)
    expect(history.runs[0]?.id).toMatch(/./)
  })

  test('grows, and is not made by a run that writes nothing', async () => {
    const at = await home()
    at.spec(SPEC)
    const env = { ...PASSWORD, MAILCONFIG_AUDIT_LOG: 'audit.jsonl' }
    expect((await at.run('plan', { env })).code).toBe(0)
    expect(at.has('audit.jsonl')).toBe(false)
    expect((await at.run('apply --auto-approve', { env })).code).toBe(0)
    const before = at.text('audit.jsonl')
    at.spec('smtpUsers:\n  - { username: first-app, state: absent }\n')
    expect((await at.run('apply --auto-approve', { env })).code).toBe(0)
    expect(at.text('audit.jsonl').startsWith(before)).toBe(true)
    const runs = new Set(linesOf(at).map(({ run }) => run))
    expect(runs.size).toBe(2)
  })

  test('says what failed, what was skipped, and what was not kept', async () => {
    const at = await home()
    at.spec(
      `${SPEC}  - { username: second-app, password: "\${env:PASSWORD}" }\n  - { username: third-app, password: "\${env:PASSWORD}" }\nwebhooks:\n  - { url: https://hooks.example.com/, events: [bounce], usernames: [second-app] }\n`,
    )
    at.emulator.faults([
      {
        match: { path: '/v3/users/smtp/add', nth: 2 },
        fault: 'status',
        status: 400,
        body: { data: { error: 'no', error_code: 'E.API_EXCEPTION' } },
      },
    ])
    const { code } = await at.run('apply --auto-approve --parallelism 1 --audit-log audit.jsonl', { env: PASSWORD })
    expect(code).toBe(4)
    expect(events(linesOf(at))).toEqual([
      'run-begin',
      'change-begin smtpUsers/first-app',
      'change-end smtpUsers/first-app done',
      'change-begin smtpUsers/second-app',
      'change-end smtpUsers/second-app failed',
      'change-begin smtpUsers/third-app',
      'change-end smtpUsers/third-app done',
      'change-skipped webhooks/https://hooks.example.com/ skipped',
      'run-end partial',
    ])
    const failed = linesOf(at).find(({ outcome }) => outcome === 'failed')
    expect(failed).toMatchObject({ code: 'API_EXCEPTION' })
  })

  test('says what reading back found', async () => {
    const at = await home()
    at.spec(SPEC)
    at.emulator.faults([{ match: { path: '/v3/users/smtp/view' }, fault: 'empty-list' }])
    const { code } = await at.run('apply --auto-approve --audit-log audit.jsonl', { env: PASSWORD })
    expect(code).toBe(4)
    expect(events(linesOf(at)).slice(2)).toEqual([
      'change-end smtpUsers/first-app done',
      'change-read-back smtpUsers/first-app failed',
      'run-end partial',
    ])
  })

  test('has the gates that were accepted', async () => {
    const seed = Array.from({ length: 8 }, (_, at) => ({ username: `gone-${at}` }))
    const at = await home({ seed: state({ smtpUsers: [...seed, { username: 'kept-app' }] }) })
    at.spec(`smtpUsers:\n${seed.map(({ username }) => `  - { username: ${username}, state: absent }\n`).join('')}`)
    const refused = await at.run('apply --auto-approve --audit-log audit.jsonl', { env: PASSWORD })
    expect(refused.code).toBe(3)
    expect(at.has('audit.jsonl')).toBe(false)
    const token = /--accept (G\d+:\w+)/.exec(refused.stderr)?.[1] ?? ''
    const { code } = await at.run(`apply --auto-approve --audit-log audit.jsonl --accept ${token}`, { env: PASSWORD })
    expect(code).toBe(0)
    const lines = linesOf(at)
    expect(lines[0]).toMatchObject({ event: 'run-begin', gates: [{ accepted: token }] })
    expect(lines[1]).toMatchObject({ event: 'change-begin', action: 'delete', gates: [{ accepted: token }] })
  })

  test('is begun on a line of its own after a run that died in the middle of one', async () => {
    const at = await home()
    at.spec(SPEC)
    at.file('audit.jsonl', '{"formatVersion":"1.0","ti')
    await at.run('apply --auto-approve --audit-log audit.jsonl', { env: PASSWORD })
    const [cut, ...lines] = at.text('audit.jsonl').trimEnd().split('\n')
    expect(cut).toBe('{"formatVersion":"1.0","ti')
    expect(lines.map((line) => JSON.parse(line).event)).toEqual(['run-begin', 'change-begin', 'change-end', 'run-end'])
  })

  test('has the beginning of a change whose run was killed', async () => {
    const at = await home()
    at.spec(SPEC)
    at.emulator.faults([{ match: { path: '/v3/users/smtp/add' }, fault: 'hang-after-commit' }])
    const running = at.start('apply --auto-approve --audit-log audit.jsonl', { env: PASSWORD })
    await new Promise<void>((done) => {
      const look = setInterval(() => {
        if (writes(at.emulator).length === 0) return
        clearInterval(look)
        done()
      }, 20)
    })
    running.child.kill('SIGKILL')
    await running.ended
    expect(events(linesOf(at))).toEqual(['run-begin', 'change-begin smtpUsers/first-app'])
  })
})

describe('an audit log that cannot be written', () => {
  test.each([
    ['is a folder', (at: Home) => mkdirSync(join(at.dir, 'audit.jsonl'))],
    ['is on a full disk', (at: Home) => symlinkSync('/dev/full', join(at.dir, 'audit.jsonl'))],
    ['has no folder', (at: Home) => symlinkSync('no/such/folder', join(at.dir, 'audit.jsonl'))],
  ])('because it %s ends the run before the first write', async (_, arrange) => {
    const at = await home()
    at.spec(SPEC)
    arrange(at)
    const { code, stderr } = await at.run('apply --auto-approve --audit-log audit.jsonl', { env: PASSWORD })
    expect({ code, stderr }).toEqual({
      code: 3,
      stderr: expect.stringMatching(/audit log .* cannot be written \(E[A-Z]+\)/),
    })
    expect(writes(at.emulator)).toEqual([])
  })

  test.runIf(process.getuid?.() !== 0)('because nobody may ends the run before the first write', async () => {
    const at = await home()
    at.spec(SPEC)
    at.file('audit.jsonl', '')
    chmodSync(join(at.dir, 'audit.jsonl'), 0o400)
    const { code } = await at.run('apply --auto-approve --audit-log audit.jsonl', { env: PASSWORD })
    expect(code).toBe(3)
    expect(writes(at.emulator)).toEqual([])
  })
})
