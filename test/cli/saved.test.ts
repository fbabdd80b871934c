import { cpSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { afterEach, describe, expect, test } from 'vitest'
import type { Emulator } from '../../src/emulator/index.ts'
import { openSavedText, sealed } from '../../src/engine/saved.ts'
import { closeHomes, codes, type Home, home, type Ran, STRONG, scopeOf, state, writes, written } from './harness.ts'

afterEach(closeHomes)

const OTHER = 'another-horse-battery-staple-8'
const PLAN_KEY = 'a-long-random-text-for-plans-41c6'
const ENV = { PASSWORD: STRONG }

/** One user to make, one to change, one to delete; a webhook that nobody manages, and a user who stays as he is. */
const SEED = state({
  smtpUsers: [
    { username: 'billing-app', description: 'Invoices', status: 'allowed' },
    { username: 'gone-app' },
    { username: 'calm-app', description: 'As it is' },
    { username: 'foreign-app', description: 'Somebody else' },
  ],
})
const SPEC = `smtpUsers:
  - username: billing-app
    description: Invoices and reminders
  - username: new-app
    password: \${env:PASSWORD}
    description: "Made for \${var:team}"
  - username: gone-app
    state: absent
  - username: calm-app
    description: As it is
vars: { team: nobody }
`

const TEMPLATE = { id: 'hello-01', name: 'Hello', subject: 'Old', html_body: 'Hi', text_body: 'Hi' }

async function planned(args = '', env: Readonly<Record<string, string>> = ENV): Promise<Home> {
  const at = await home({ seed: SEED })
  at.spec(SPEC)
  const { code, stderr } = await at.run(`plan --out plan.json ${args}`, { env })
  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('Saved to plan.json') })
  expect(writes(at.emulator)).toEqual([])
  return at
}

/** Changes the account behind mailconfig's back. */
function outside(emulator: Emulator, change: (users: Record<string, unknown>[]) => Record<string, unknown>[]): void {
  emulator.setState(state({ smtpUsers: change([...(scopeOf(emulator)['smtpUsers'] ?? [])]) }))
}

function refused(at: Home, { code, stderr }: Ran, expected: readonly string[], words: string): void {
  expect({ code, codes: codes(stderr) }).toEqual({ code: 3, codes: expected })
  expect(stderr).toContain(words)
  expect(stderr).toContain('Nothing was written.')
  expect(writes(at.emulator)).toEqual([])
}

describe('a saved plan', () => {
  test('is applied as it is, without a question', async () => {
    const at = await planned()
    const { code, stdout } = await at.run('apply plan.json --no-input', { env: ENV })
    expect(stdout).toContain('Applied. 3 changes done and read back.')
    expect(code).toBe(0)
    expect(written(at.emulator)).toEqual(['PATCH /users/smtp/edit', 'POST /users/smtp/add', 'POST /users/smtp/remove'])
    const again = await at.run('plan', { env: ENV })
    expect(again.stdout).toContain('Nothing to do.')
  })

  test('fits the published schema of a plan', async () => {
    const at = await planned()
    const schema = JSON.parse(readFileSync('schemas/plan.schema.json', 'utf8'))
    const validate = new Ajv({ strict: false }).compile(schema)
    expect(validate(JSON.parse(at.text('plan.json'))), JSON.stringify(validate.errors)).toBe(true)
  })

  test('holds no secret, no credential and no value of a variable, and nobody else can read it', async () => {
    const at = await planned('--var team=canary-team-77', { ...ENV, MAILCONFIG_PLAN_KEY: PLAN_KEY })
    const text = at.text('plan.json')
    for (const secret of [STRONG, at.emulator.apiKey, PLAN_KEY]) expect(text).not.toContain(secret)
    expect(text).toContain('Made for canary-team-77') // a change shows what it writes, as on the screen
    expect(text).not.toContain('"canary-team-77"')
    expect(statSync(join(at.dir, 'plan.json')).mode & 0o777).toBe(0o600)
    expect(readdirSync(at.dir).filter((name) => name.startsWith('plan.json'))).toEqual(['plan.json'])
  })

  test('of an account without changes has nothing to do, as often as one likes', async () => {
    const at = await home({ seed: SEED })
    at.spec('smtpUsers:\n  - { username: calm-app, description: As it is }\n')
    expect((await at.run('plan --out plan.json')).code).toBe(0)
    for (const _ of [1, 2]) {
      const { code, stdout } = await at.run('apply plan.json')
      expect(stdout).toContain('Nothing to do.')
      expect(code).toBe(0)
    }
    expect(writes(at.emulator)).toEqual([])
  })

  test('remembers --only and --exclude, and takes no others', async () => {
    const at = await planned('--only "smtpUsers/*" --exclude "*/gone-app" --exclude "*/new-app"')
    const other = await at.run('apply plan.json --only "smtpUsers/*"', { env: ENV })
    expect(other.stderr).toContain('--only does not go with a saved plan')
    expect(other.code).toBe(1)
    expect(writes(at.emulator)).toEqual([])
    expect((await at.run('apply plan.json', { env: ENV })).code).toBe(0)
    expect(written(at.emulator)).toEqual(['PATCH /users/smtp/edit'])
  })

  test('remembers its files, and the files of its variables', async () => {
    const at = await home({ seed: SEED })
    at.spec(SPEC)
    cpSync(join(at.dir, 'mailconfig.yaml'), join(at.dir, 'other.yaml'))
    at.file('mailconfig.yaml', 'version: 1\n')
    at.file('vars.yaml', 'team: us\n')
    const saved = await at.run('plan -f other.yaml --var-file vars.yaml --out plan.json', { env: ENV })
    expect(saved.code).toBe(0)
    expect((await at.run('apply plan.json', { env: ENV })).code).toBe(0)
    expect(scopeOf(at.emulator)['smtpUsers']).toContainEqual(
      expect.objectContaining({ username: 'new-app', description: 'Made for us' }),
    )
  })

  test('to destroy deletes what the spec names, and is made without deleting', async () => {
    const at = await home({ seed: SEED })
    at.spec('smtpUsers:\n  - username: calm-app\n')
    const saved = await at.run('destroy --out plan.json')
    expect(saved.stdout).toContain('1 to delete')
    expect(saved.code).toBe(0)
    expect(writes(at.emulator)).toEqual([])
    expect((await at.run('apply plan.json')).code).toBe(0)
    expect(written(at.emulator)).toEqual(['POST /users/smtp/remove'])
  })

  test('is written over a saved plan and over nothing else', async () => {
    const at = await planned()
    expect((await at.run('plan --out plan.json', { env: ENV })).code).toBe(0)
    const before = at.text('mailconfig.yaml')
    const { code, stderr } = await at.run('plan --out mailconfig.yaml', { env: ENV })
    expect(stderr).toContain('"mailconfig.yaml" is there already, and is no saved plan')
    expect(code).toBe(1)
    expect(at.text('mailconfig.yaml')).toBe(before)
  })

  test('behind a gate wants its token, when it is made or when it is applied', async () => {
    const at = await home({
      seed: state({ smtpUsers: Array.from({ length: 8 }, (_, n) => ({ username: `app-${n}` })) }),
    })
    at.spec('manage: { smtpUsers: authoritative }\nsmtpUsers:\n  - username: app-0\n')
    const shown = await at.run('plan --out plan.json')
    const token = /--accept (G1:[0-9a-f]{4})/.exec(shown.stdout)?.[1] ?? ''
    const closed = await at.run('apply plan.json')
    expect(closed.stderr).toContain('refused, nothing was written: G1 MANY_DELETES')
    expect(closed.code).toBe(3)
    expect(writes(at.emulator)).toEqual([])
    expect((await at.run(`plan --out accepted.json --accept ${token}`)).code).toBe(0)
    expect((await at.run('apply accepted.json')).code).toBe(0)
    expect(written(at.emulator)).toHaveLength(7)
  })
})

describe('a saved plan is stale, and nothing is written, when', () => {
  test('an object that it changes was changed outside, in the field or in another one', async () => {
    const at = await planned()
    outside(at.emulator, (users) =>
      users.map((user) => (user['username'] === 'billing-app' ? { ...user, description: 'Console' } : user)),
    )
    const words = 'main:smtpUsers/billing-app was changed since: description (it was "Invoices", it is "Console")'
    refused(at, await at.run('apply plan.json', { env: ENV }), ['STALE_OBJECT'], words)
    outside(at.emulator, (users) =>
      users.map((user) =>
        user['username'] === 'billing-app' ? { ...user, description: 'Invoices', status: 'blocked' } : user,
      ),
    )
    refused(at, await at.run('apply plan.json', { env: ENV }), ['STALE_OBJECT'], 'was changed since: status')
  })

  test('an object that it makes is there', async () => {
    const at = await planned()
    outside(at.emulator, (users) => [...users, { username: 'new-app', description: 'Made for nobody' }])
    const words = 'main:smtpUsers/new-app was not there, and is there now'
    refused(at, await at.run('apply plan.json', { env: ENV }), ['STALE_OBJECT'], words)
  })

  test('an object that it deletes is gone', async () => {
    const at = await planned()
    outside(at.emulator, (users) => users.filter((user) => user['username'] !== 'gone-app'))
    const words = 'main:smtpUsers/gone-app was there, and is gone'
    refused(at, await at.run('apply plan.json', { env: ENV }), ['STALE_OBJECT'], words)
  })

  test('an object that it changes is gone, whether it could be made anew or not', async () => {
    const at = await home({ seed: state({ templates: [TEMPLATE], smtpUsers: [{ username: 'billing-app' }] }) })
    at.spec('templates:\n  - { id: hello-01, name: Hello, subject: New, html: Hi, text: Hi }\n')
    expect((await at.run('plan --out plan.json')).code).toBe(0)
    at.emulator.setState(state({}))
    const words = 'main:templates/hello-01 was there, and is gone'
    refused(at, await at.run('apply plan.json'), ['STALE_OBJECT'], words)

    const other = await planned()
    outside(other.emulator, (users) => users.filter((user) => user['username'] !== 'billing-app'))
    const ran = await other.run('apply plan.json', { env: ENV })
    refused(other, ran, ['mailconfig.yaml:8:5 MISSING_FIELD'], 'smtpUsers/billing-app is new')
  })

  test('an object that was to stay would be changed now', async () => {
    const at = await planned()
    outside(at.emulator, (users) =>
      users.map((user) => (user['username'] === 'calm-app' ? { ...user, description: 'Drifted' } : user)),
    )
    const words = 'main:smtpUsers/calm-app was to stay as it is, and would be updated now (description)'
    refused(at, await at.run('apply plan.json', { env: ENV }), ['STALE_OBJECT'], words)
  })

  test('a file of the spec was changed, added or removed', async () => {
    const at = await home({ seed: SEED })
    at.spec(SPEC)
    const text = at.text('mailconfig.yaml')
    at.file('spec/main.yaml', text)
    at.file('spec/more.yaml', 'version: 1\n')
    expect((await at.run('plan -f spec --out plan.json', { env: ENV })).code).toBe(0)
    at.file('spec/main.yaml', text.replace('reminders', 'more'))
    const edited = await at.run('apply plan.json', { env: ENV })
    refused(at, edited, ['STALE_SPEC'], 'the file "spec/main.yaml" of the spec was changed')
    at.file('spec/main.yaml', text)
    at.file('spec/third.yaml', 'version: 1\n')
    const added = await at.run('apply plan.json', { env: ENV })
    refused(at, added, ['STALE_SPEC'], 'the file "spec/third.yaml" of the spec is new')
  })

  test('a file that the spec takes in was changed', async () => {
    const at = await home()
    at.spec('templates:\n  - { id: hello-01, name: Hello, subject: Hi, html: { file: hello.html }, text: Hi }\n')
    at.file('hello.html', '<p>Hello</p>')
    expect((await at.run('plan --out plan.json')).code).toBe(0)
    at.file('hello.html', '<p>Goodbye</p>')
    const words = 'main:templates/hello-01 is asked to be something else by the spec: html'
    refused(at, await at.run('apply plan.json'), ['STALE_OBJECT'], words)
  })

  test('a secret is another one', async () => {
    const at = await planned()
    const ran = await at.run('apply plan.json', { env: { PASSWORD: OTHER } })
    refused(at, ran, ['STALE_SECRET'], 'the secret main:smtpUsers/new-app password')
    expect(ran.stdout + ran.stderr).not.toContain(OTHER)
  })

  test('a variable is another one, or is missing', async () => {
    const at = await planned('--var team=us')
    const missing = await at.run('apply plan.json', { env: ENV })
    refused(at, missing, ['STALE_VARIABLE'], '"team", which is not given now')
    const other = await at.run('apply plan.json --var team=them', { env: ENV })
    refused(at, other, ['STALE_VARIABLE'], 'the variable "team" is not what it was')
    const more = await at.run('apply plan.json --var team=us --var extra=1', { env: ENV })
    refused(at, more, ['STALE_VARIABLE'], 'the variable "extra"')
    expect((await at.run('apply plan.json --var team=us', { env: ENV })).code).toBe(0)
  })

  test('it is read with another credential, and one key for both opens it', async () => {
    const at = await planned()
    const second = `api-${'F'.repeat(32)}`
    const keys = [at.emulator.apiKey, second].map((api_key) => ({ api_key, endpoints: ['*'] }))
    at.emulator.setState(state({ smtpUsers: scopeOf(at.emulator)['smtpUsers'] }, { keys }))
    at.emulator.clearRequests()
    const ran = await at.run('apply plan.json', { env: { ...ENV, KEY: second } })
    refused(at, ran, ['OTHER_ACCOUNT'], 'with another credential of the account "main"')
    expect(ran.stderr).toContain('MAILCONFIG_PLAN_KEY')
    expect(at.emulator.requests()).toEqual([])

    const env = { ...ENV, MAILCONFIG_PLAN_KEY: PLAN_KEY }
    expect((await at.run('plan --out plan.json', { env })).code).toBe(0)
    const none = await at.run('apply plan.json', { env: { ...ENV, KEY: second } })
    expect(none.stderr).toContain('the plan was made with a MAILCONFIG_PLAN_KEY, and none is set')
    const wrong = await at.run('apply plan.json', { env: { ...env, MAILCONFIG_PLAN_KEY: `${PLAN_KEY}x` } })
    refused(at, wrong, ['OTHER_ACCOUNT'], 'another MAILCONFIG_PLAN_KEY')
    const secret = await at.run('apply plan.json', { env: { ...env, KEY: second, PASSWORD: OTHER } })
    refused(at, secret, ['STALE_SECRET'], 'password')
    expect((await at.run('apply plan.json', { env: { ...env, KEY: second } })).code).toBe(0)
  })

  test('the account is somewhere else', async () => {
    const at = await planned()
    const elsewhere = await home({ seed: SEED })
    at.file('spec.yaml', at.text('mailconfig.yaml').replace(at.emulator.smtp2go, '${var:url}'))
    const url = (one: Home) => `--var url=${one.emulator.smtp2go}`
    expect((await at.run(`plan -f spec.yaml --out plan.json ${url(at)}`, { env: ENV })).code).toBe(0)
    const ran = await at.run(`apply plan.json ${url(elsewhere)}`, { env: ENV })
    refused(at, ran, ['OTHER_ACCOUNT'], `it is at ${elsewhere.emulator.smtp2go} now`)
    expect(elsewhere.emulator.requests()).toEqual([])
    const emulated = await at.run(`apply plan.json ${url(at)} --emulator`, { env: ENV })
    refused(at, emulated, ['OTHER_ACCOUNT'], 'it is at the emulator now')
  })

  test('it was edited: a member, a mark, or the sum with it', async () => {
    const at = await planned()
    const text = at.text('plan.json')
    at.file('plan.json', text.replace('Invoices and reminders', 'Invoices and nothing'))
    refused(at, await at.run('apply plan.json', { env: ENV }), ['PLAN_EDITED'], 'edited after it was saved')
    at.file('plan.json', text.replace(/"exclude":\[\]/, '"exclude":["*/new-app"]'))
    refused(at, await at.run('apply plan.json', { env: ENV }), ['PLAN_EDITED'], 'edited after it was saved')
    at.file('plan.json', text.replace(/"seal":"[0-9a-f]{4}/, '"seal":"0000'))
    refused(at, await at.run('apply plan.json', { env: ENV }), ['PLAN_EDITED'], 'edited after it was saved')
    at.file('plan.json', JSON.stringify(JSON.parse(text), null, 2)) // white space is no edit
    expect((await at.run('apply plan.json', { env: ENV })).code).toBe(0)
  })

  test('it was made by another version', async () => {
    const at = await planned()
    const opened = openSavedText(at.text('plan.json'))
    if (!opened.ok) throw new Error(opened.why)
    const { saved, ...plan } = opened.document
    at.file('plan.json', JSON.stringify(sealed({ ...plan, mailconfig: '0.0.1' }, saved, () => saved.seal)))
    const words = 'the plan was made by mailconfig 0.0.1, and this is '
    refused(at, await at.run('apply plan.json', { env: ENV }), ['OTHER_VERSION'], words)
  })

  test('it was applied, and so is a copy of it', async () => {
    const at = await planned()
    cpSync(join(at.dir, 'plan.json'), join(at.dir, 'copy.json'))
    expect((await at.run('apply plan.json', { env: ENV })).code).toBe(0)
    at.emulator.clearRequests()
    for (const name of ['plan.json', 'copy.json']) {
      const ran = await at.run(`apply ${name}`, { env: ENV })
      refused(at, ran, ['STALE_OBJECT', 'STALE_OBJECT', 'STALE_OBJECT'], 'main:smtpUsers/new-app was not there')
    }
  })

  test('it was applied in part', async () => {
    const at = await planned()
    at.emulator.faults([{ match: { path: '/v3/users/smtp/add' }, fault: 'status', status: 400, body: {} }])
    expect((await at.run('apply plan.json', { env: ENV })).code).toBe(4)
    at.emulator.clearRequests()
    const ran = await at.run('apply plan.json', { env: ENV })
    refused(at, ran, ['STALE_OBJECT'], 'main:smtpUsers/billing-app was changed since')
  })

  test('and says so as JSON', async () => {
    const at = await planned()
    const { code, stdout } = await at.run('apply plan.json --format json', { env: { PASSWORD: OTHER } })
    expect(JSON.parse(stdout)).toMatchObject({ valid: false, problems: [{ code: 'STALE_SECRET' }] })
    expect(code).toBe(3)
  })
})

describe('a saved plan is not stale because', () => {
  test('an object that nobody manages, or that is ignored, was changed, added or removed', async () => {
    const at = await home({ seed: SEED })
    at.spec(`ignore: ["smtpUsers/left-*"]\n${SPEC}`)
    outside(at.emulator, (users) => [...users, { username: 'left-alone' }])
    expect((await at.run('plan --out plan.json', { env: ENV })).code).toBe(0)
    outside(at.emulator, (users) => [
      ...users
        .filter((user) => user['username'] !== 'foreign-app')
        .map((user) => (user['username'] === 'left-alone' ? { ...user, description: 'new' } : user)),
      { username: 'stranger' },
    ])
    const { code, stdout } = await at.run('apply plan.json', { env: ENV })
    expect(stdout).toContain('Applied. 3 changes')
    expect(code).toBe(0)
  })

  test('a counter went on', async () => {
    const subaccounts = (used: number) => [
      { id: 'sub001', name: 'Acme', email: 'it@acme.example', plan_size: 1000, plan_used: used },
    ]
    const at = await home({ seed: state({}, { subaccounts: subaccounts(1) }) })
    at.spec('subaccounts:\n  - { name: Acme, limit: 2000 }\n')
    const saved = await at.run('plan --out plan.json')
    expect(saved.stdout).toContain('1 to update')
    at.emulator.setState(state({}, { subaccounts: subaccounts(99) }))
    expect((await at.run('apply plan.json')).code).toBe(0)
  })
})

describe('what is no saved plan', () => {
  test.each([
    ['cut.json', (text: string) => text.slice(0, 500), 'it is no JSON, or was cut off'],
    ['other.json', () => '{ "name": "x" }', 'it is JSON of another kind'],
    ['empty.json', () => '', 'it is no JSON, or was cut off'],
    ['newer.json', (text: string) => text.replace('"1.0"', '"2.0"'), 'its format is 2.0'],
    [
      'part.json',
      (text: string) => text.replace('"mode":"apply"', '"mode":"guess"'),
      'something in it is missing or of the wrong type',
    ],
  ])('%s fails in show and apply, with the reason', async (name, make, why) => {
    const at = await planned()
    at.file(name, make(at.text('plan.json')))
    for (const command of ['show', 'apply']) {
      const { code, stderr, stdout } = await at.run(`${command} ${name}`, { env: ENV })
      expect(stderr).toContain(`"${name}" is no saved plan: ${why}`)
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    }
    expect(writes(at.emulator)).toEqual([])
  })

  test('the output of plan --format json, or a file that is not there, fails too', async () => {
    const at = await planned()
    at.file('printed.json', (await at.run('plan --format json', { env: ENV })).stdout)
    expect((await at.run('apply printed.json', { env: ENV })).stderr).toContain('which is not bound to anything')
    const none = await at.run('apply none.json', { env: ENV })
    expect(none.stderr).toContain('cannot open the plan "none.json"')
    expect(none.code).toBe(1)
  })
})
