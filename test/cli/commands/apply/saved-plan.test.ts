import { cpSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { afterEach, describe, expect, test } from 'vitest'
import { closeHomes, home, STRONG, scopeOf, state, writes, written } from '../../harness.ts'
import { ENV, outside, PLAN_KEY, planned, SEED, SPEC } from '../../planned.ts'

afterEach(closeHomes)

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
    expect(other.stderr).toContain('--only cannot be combined with a saved plan')
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
    expect(stderr).toContain('"mailconfig.yaml" already exists and is not a saved plan')
    expect(code).toBe(1)
    expect(at.text('mailconfig.yaml')).toBe(before)
    const nowhere = await at.run('plan --out no/folder/plan.json', { env: ENV })
    expect(nowhere.stderr).toContain('cannot write "no/folder/plan.json": there is no such folder')
    expect({ code: nowhere.code, made: at.has('no') }).toEqual({ code: 1, made: false })
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

describe('what is not a saved plan', () => {
  test.each([
    ['cut.json', (text: string) => text.slice(0, 500), 'it is not JSON, or was cut off'],
    ['other.json', () => '{ "name": "x" }', 'it is JSON of another kind'],
    ['empty.json', () => '', 'it is not JSON, or was cut off'],
    ['newer.json', (text: string) => text.replace('"1.0"', '"2.0"'), 'its format is 2.0'],
    [
      'part.json',
      (text: string) => text.replace('"mode":"apply"', '"mode":"guess"'),
      'saved.mode is missing or of the wrong type',
    ],
  ])('%s fails in show and apply, with the reason', async (name, make, why) => {
    const at = await planned()
    at.file(name, make(at.text('plan.json')))
    for (const command of ['show', 'apply']) {
      const { code, stderr, stdout } = await at.run(`${command} ${name}`, { env: ENV })
      expect(stderr).toContain(`"${name}" is not a saved plan: ${why}`)
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
