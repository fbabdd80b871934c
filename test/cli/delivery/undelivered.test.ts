import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { closeHomes, type Home, home, lintsOff, STRONG, state } from '../harness.ts'

afterEach(closeHomes)

const keyEntry = (description: string, saveTo: string) =>
  `apiKeys: [{ description: ${description}, endpoints: [/email/send], saveTo: { ${saveTo} } }]\n`
const password = ({ emulator }: Home, name = 'billing-app') =>
  (
    emulator.state() as { smtp2go: { scopes: { '': { smtpUsers: { username: string; email_password: string }[] } } } }
  ).smtp2go.scopes[''].smtpUsers.find(({ username }) => username === name)?.email_password ?? ''

describe('keys that could not be delivered', () => {
  test('wait under names of their own, are no success, and are said in every run until they are gone', async () => {
    const seed = {
      smtp2go: { subaccounts: [{ id: 'AAA111', name: 'Acme', state: 'Active' }], scopes: { '': {}, AAA111: {} } },
    }
    const at = await home({ seed })
    const entry = (name: string) => keyEntry(name, 'command: "false"')
    at.spec(`${entry('Ключ')}---\nversion: 1\nsubaccount: Acme\n${entry('Ключ')}`)
    const { code, stderr } = await at.run('apply --auto-approve')
    expect(code).toBe(4)
    const files = [...stderr.matchAll(/it is kept in (\S+\.key)/g)].map(([, file = '']) => file)
    expect(new Set(files).size).toBe(2)
    const keys = (at.emulator.state() as { smtp2go: { keys: { api_key: string; description: string }[] } }).smtp2go.keys
    expect(files.map((file) => at.text(file).trim()).sort()).toEqual(
      keys
        .filter(({ description }) => description === 'Ключ')
        .map(({ api_key }) => api_key)
        .sort(),
    )
    for (const file of files) expect(statSync(join(at.dir, file)).mode & 0o777).toBe(0o600)
    expect((await at.run('plan')).stderr).toContain('UNDELIVERED warning: 2 secrets wait')
  })
})

describe('a file of a secret', () => {
  test('is kept and said where the note about its owner cannot be written', async () => {
    const at = await home()
    at.spec(keyEntry('Billing', 'file: secrets/k'))
    at.file('secrets/.mailconfig-saved.json/in-the-way', '')
    const { code, stderr } = await at.run('apply --auto-approve')
    expect(code).toBe(0)
    expect(at.text('secrets/k')).toMatch(/^api-\w{32}\n$/)
    expect(stderr).toMatch(
      /saved to secrets\/k; whose it is could not be noted in \.mailconfig-saved\.json \(E[A-Z]+\)/,
    )
  })

  test('of one spec is not written over by another, with its ledger or without', async () => {
    const [at, second] = [await home(), await home()]
    const spec = ({ emulator }: Home, name: string) =>
      `version: 1\naccounts: { ${name}: { api: smtp2go, url: "${emulator.smtp2go}", apiKey: "\${env:${name}}" } }\n${keyEntry('Billing', 'file: secrets/k')}`
    at.file('prod.yaml', spec(at, 'PROD'))
    at.file('staging.yaml', spec(second, 'STAGING'))
    const env = { PROD: at.emulator.apiKey, STAGING: second.emulator.apiKey }
    expect((await at.run('apply -f prod.yaml --auto-approve', { env })).code).toBe(0)
    const key = at.text('secrets/k')
    for (const ledger of ['', ' --ledger none']) {
      const { code, stderr } = await at.run(`apply -f staging.yaml --auto-approve${ledger}`, { env })
      expect(stderr).toContain('"secrets/k" holds the key of PROD:apiKeys/Billing')
      expect(code).toBe(4)
      expect(at.text('secrets/k')).toBe(key)
    }
    expect(at.text('secrets/.mailconfig-saved.json')).not.toContain('api-')
  })

  test.each(['mailconfig.yaml', 'other.password', '.env'])(
    'that holds something else is no place for a new password: %s',
    async (file) => {
      const at = await home()
      at.spec('smtpUsers: [{ username: billing-app, password: "${env:PW}" }]\n')
      await at.run('apply --auto-approve', { env: { PW: STRONG } })
      if (file !== 'mailconfig.yaml') at.file(file, 'hunter2-of-the-database\n')
      const before = at.text(file)
      const { code } = await at.run(`rotate smtpUsers/billing-app --generate --save-to file:${file} --auto-approve`, {
        env: { PW: STRONG },
      })
      expect(code).not.toBe(0)
      expect(at.text(file)).toBe(before)
      expect(password(at)).toBe(STRONG)
    },
  )
})

describe('a user with a place for its password and none', () => {
  const SPEC = 'smtpUsers: [{ username: billing-app, password: "${file:secrets/p}", saveTo: { file: secrets/p } }]\n'
  test.each([SPEC, SPEC.replace('password: "${file:secrets/p}", ', '')])(
    'gets one that is made up, saved and remembered: %s',
    async (spec) => {
      const at = await home()
      at.spec(spec)
      expect((await at.run(`validate --strict ${lintsOff(at)}`)).code).toBe(0)
      const { code, stdout, stderr } = await at.run('apply --auto-approve')
      expect(code).toBe(0)
      const made = at.text('secrets/p').trim()
      expect(made).toBe(password(at))
      expect(made.length).toBeGreaterThanOrEqual(20)
      expect(stdout + stderr + at.text('.mailconfig/ledger.json')).not.toContain(made)
      expect(statSync(join(at.dir, 'secrets/p')).mode & 0o777).toBe(0o600)
      expect((await at.run(`plan --detailed-exitcode --strict ${lintsOff(at)}`)).code).toBe(0)
    },
  )
})

test('a secret that was never sent is said, with the command that sends it', async () => {
  const at = await home({
    seed: state({ smtpUsers: [{ username: 'mon-app', status: 'allowed', email_password: 'as-it-was-before' }] }),
  })
  at.spec('smtpUsers: [{ username: mon-app }]\n')
  await at.run('adopt --all')
  at.spec('smtpUsers: [{ username: mon-app, password: "${env:PW}" }]\n')
  const { stderr } = await at.run('plan', { env: { PW: STRONG } })
  expect(stderr).toContain('NEVER_SENT warning: password of smtpUsers/mon-app was never sent by mailconfig')
  expect(stderr).toContain('"mailconfig rotate smtpUsers/mon-app" sends it')
  await at.run('rotate smtpUsers/mon-app --auto-approve', { env: { PW: STRONG } })
  expect(password(at, 'mon-app')).toBe(STRONG)
  expect((await at.run(`plan ${lintsOff(at)}`, { env: { PW: STRONG } })).stderr).toBe('')
})

test('a new secret is called new, and the same one sent again', async () => {
  const at = await home()
  at.spec('smtpUsers: [{ username: mon-app, password: "${env:PW}" }]\n')
  await at.run('apply --auto-approve', { env: { PW: STRONG } })
  const env = { PW: `${STRONG}-and-another` }
  const text = await at.run('plan', { env })
  expect(text.stdout).toMatch(/password +\(sensitive\), a new value/)
  expect((await at.run('plan --format markdown', { env })).stdout).toContain('password: (sensitive), a new value')
  const json = JSON.parse((await at.run('plan --format json', { env })).stdout)
  expect(json.changes[0].risk.why).toEqual(['password gets a new value'])
  const { stdout } = await at.run('rotate smtpUsers/mon-app --auto-approve', { env: { PW: STRONG } })
  expect(stdout).toMatch(/password +\(sensitive\), sent again/)
})

test('an object field that the API leaves out cannot be compared, and that is said', async () => {
  const at = await home({ seed: state({ domains: [{ domain: { fulldomain: 'example.com' } }] }) })
  at.spec('senderDomains: [{ domain: example.com, subaccountAccess: { subaccounts: [], future: true } }]\n')
  const body = {
    request_id: 'x',
    data: {
      domains: [{ domain: { fulldomain: 'example.com', dkim_verified: false, rpath_verified: false }, trackers: [] }],
    },
  }
  at.emulator.faults([{ match: { path: '/v3/domain/view' }, fault: 'status', status: 200, body }])
  const { stderr } = await at.run('plan')
  expect(stderr).toContain('UNREADABLE')
  expect(stderr).toContain('subaccountAccess')
})

test('an overlay that names the account finds the base that leaves it out', async () => {
  const at = await home({ seed: state({ smtpUsers: [{ username: 'keep-app', status: 'allowed' }] }) })
  at.spec(
    'smtpUsers: [{ username: keep-app }]\n---\nversion: 1\noverlay: true\naccount: main\nsmtpUsers: [{ username: keep-app, description: More }]\n',
  )
  expect((await at.run('plan')).stdout).toMatch(/description +"" → "More"|description +"More"/)
})

test('nobody needs a home who does not ask for one', async () => {
  const at = await home()
  at.spec('smtpUsers: []\n')
  const { code, stderr } = await at.run('plan', { env: { HOME: '', USER: '', LOGNAME: '' } })
  expect(stderr).toBe('')
  expect(code).toBe(0)
})

test('and a user id without a name and without HOME is no fault', ({ skip }) => {
  const nobody = { uid: 54_321, gid: 54_321, cwd: '/', env: { PATH: process.env['PATH'] }, encoding: 'utf8' } as const
  const bin = resolve('dist/bin.js')
  const isRoot = process.getuid?.() === 0
  const canRead =
    isRoot && spawnSync(process.execPath, ['-e', 'fs.accessSync(process.argv[1])', bin], nobody).status === 0
  if (!canRead) skip('only root can become another user, and this folder has to be readable to everybody')
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, 'explain', 'smtpUsers'], nobody)
  expect([status, stderr]).toEqual([0, ''])
  expect(stdout).toContain('SMTP')
})
