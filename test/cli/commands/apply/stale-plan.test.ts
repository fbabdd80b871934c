import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { openSavedText, sealed } from '../../../../src/engine/plan-file/seal.ts'
import { closeHomes, type Home, home, scopeOf, state } from '../../harness.ts'
import { ENV, OTHER, outside, PLAN_KEY, planned, refused, SEED, SPEC } from '../../planned.ts'

afterEach(closeHomes)

const TEMPLATE = { id: 'hello-01', name: 'Hello', subject: 'Old', html_body: 'Hi', text_body: 'Hi' }

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

  test('an object that it changes is gone, whether it can be generated or not', async () => {
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
    refused(at, other, ['STALE_VARIABLE'], 'the variable "team" had another value')
    const more = await at.run('apply plan.json --var team=us --var extra=1', { env: ENV })
    refused(at, more, ['STALE_VARIABLE'], 'the variable "extra" was not given')
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

  test('it was applied, and so is a copy of it, even with everything set back by hand', async () => {
    const at = await planned()
    cpSync(join(at.dir, 'plan.json'), join(at.dir, 'copy.json'))
    expect((await at.run('apply plan.json', { env: ENV })).code).toBe(0)
    at.emulator.setState(SEED)
    at.emulator.clearRequests()
    for (const name of ['plan.json', 'copy.json'])
      refused(at, await at.run(`apply ${name}`, { env: ENV }), ['PLAN_APPLIED'], 'for one apply')
  })

  test('it was applied, and nothing but the account remembers', async () => {
    const at = await planned('--ledger none')
    cpSync(join(at.dir, 'plan.json'), join(at.dir, 'copy.json'))
    expect((await at.run('apply plan.json --ledger none', { env: ENV })).code).toBe(0)
    at.emulator.clearRequests()
    for (const name of ['plan.json', 'copy.json']) {
      const ran = await at.run(`apply ${name} --ledger none`, { env: ENV })
      refused(at, ran, ['STALE_OBJECT', 'STALE_OBJECT', 'STALE_OBJECT'], 'main:smtpUsers/new-app was not there')
    }
  })

  test('it was applied in part', async () => {
    const at = await planned()
    at.emulator.faults([{ match: { path: '/v3/users/smtp/add' }, fault: 'status', status: 400, body: {} }])
    expect((await at.run('apply plan.json', { env: ENV })).code).toBe(4)
    at.emulator.clearRequests()
    refused(at, await at.run('apply plan.json', { env: ENV }), ['PLAN_APPLIED'], 'for one apply')
    const facts = await at.run('apply plan.json --ledger none', { env: ENV })
    refused(at, facts, ['STALE_OBJECT'], 'main:smtpUsers/billing-app was changed since')
  })

  test('and says so as JSON', async () => {
    const at = await planned()
    const { code, stdout } = await at.run('apply plan.json --format json', { env: { PASSWORD: OTHER } })
    expect(JSON.parse(stdout)).toMatchObject({ valid: false, problems: [{ code: 'STALE_SECRET' }] })
    expect(code).toBe(3)
  })
})
