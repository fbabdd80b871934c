import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { LIBRARIES, mainWith, project } from './stack.ts'

/** Compares with a golden file; `UPDATE_GOLDEN=1` writes it. */
function golden(name: string, text: string): void {
  const path = `test/golden/${name}`
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, text)
  expect(text).toBe(existsSync(path) ? readFileSync(path, 'utf8') : '(no golden file)')
}

const HEAD = 'version: 1\naccounts:\n  main: { api: smtp2go }\n'

describe.each(LIBRARIES)('%s', (library) => {
  test('every object of a spec is a resource, its secrets are variables, its references are references', async () => {
    using at = project(library)
    cpSync('examples/full', at.dir, { recursive: true })
    const ran = await at.synth(mainWith("new MailConfigSpec(stack, 'spec', { file: 'mailconfig.yaml' })"))
    expect(ran).toEqual({ code: 0, stderr: '' })
    golden('cdktf-full.txt', at.stack()) // one for both: they write the same
  })

  test('a sender domain, a credential and what is generated stand in one stack', async () => {
    using at = project(library)
    const main = `
const domain = new SenderDomain(stack, 'domain', { domain: 'example.com', recordsOutput: 'dns_records' })
domain.waitUntilVerified({ timeout: '5 minutes', fail: false })
const shop = new SmtpCredential(stack, 'shop', { username: 'shop-app' })
new SmtpCredential(stack, 'old', { username: 'old-app', passwordInState: true })
const given = new TerraformVariable(stack, 'given', { sensitive: true })
new SmtpCredential(stack, 'news', { username: 'news-app', password: given.stringValue, passwordVersion: 3 })
new webhook.Webhook(stack, 'bounces', { url: 'https://hooks.example.com', events: ['bounce'], usernames: [shop.username] })`
    expect(await at.synth(mainWith(main))).toEqual({ code: 0, stderr: '' })
    golden('cdktf-constructs.txt', at.stack())
  })

  test('everything that is wrong with a file is thrown, with its place', async () => {
    using at = project(library)
    at.file('mail.yaml', `${HEAD}smtpUsers:\n  - username: billing-app\n    statuss: allowed\n  - username: x\n`)
    const ran = await at.synth(mainWith("new MailConfigSpec(stack, 'spec', { file: 'mail.yaml' })"))
    expect(ran.code).toBe(1)
    expect(ran.stderr).toMatch(/mail\.yaml:6:5 UNKNOWN_FIELD .*\n {2}did you mean "status"\?\nmail\.yaml:7:5 BAD_VALUE/)
  })

  test('a token stands for a text, a text in a list and a secret, and the rest of the entry is checked', async () => {
    using at = project(library)
    const main = (username: string) => `
const word = new TerraformVariable(stack, 'word', {})
new MailConfigSpec(stack, 'spec', { spec: {
  accounts: { main: { api: 'smtp2go' } },
  smtpUsers: [{ username: ${username}, password: word.stringValue, description: \`for \${word.stringValue}\` }],
  webhooks: [{ url: 'https://hooks.example.com', events: ['bounce'], headers: [word.stringValue] }],
} })`
    expect(await at.synth(mainWith(main("'billing-app'")))).toEqual({ code: 0, stderr: '' })
    const { resource, variable } = JSON.parse(at.stack())
    expect(Object.values(resource.mailconfig_smtp_user)).toMatchObject([
      { username: 'billing-app', password_wo: '${var.word}', description: 'for ${var.word}' },
    ])
    expect(Object.values(resource.mailconfig_webhook)).toMatchObject([{ headers: ['${var.word}'] }])
    expect(Object.keys(variable)).toEqual(['word'])
    expect((await at.synth(mainWith(main("'x'")))).stderr).toContain('smtpUsers[0].username BAD_VALUE')
    expect((await at.synth(mainWith(main('word.stringValue')))).stderr).toContain('cannot be a token')
  })

  test('a resource is found by the section and the key of its object, and one that is not there is an error', async () => {
    using at = project(library)
    at.file('mail.yaml', `${HEAD}smtpUsers:\n  - username: billing-app\n    password: \${env:PASSWORD}\n`)
    const main = (key: string) => `
const spec = new MailConfigSpec(stack, 'spec', { file: 'mail.yaml' })
const found = spec.get('smtpUsers', '${key}')
if (!(found instanceof smtpUser.SmtpUser)) throw new Error('another class')`
    expect(await at.synth(mainWith(main('billing-app')))).toEqual({ code: 0, stderr: '' })
    expect((await at.synth(mainWith(main('other')))).stderr).toContain(
      'the spec has 0 smtpUsers "other"; there are "billing-app"',
    )
  })

  test('given secrets are used, and no variable is made of them', async () => {
    using at = project(library)
    at.file('mail.yaml', `${HEAD}smtpUsers:\n  - username: billing-app\n    password: \${env:BILLING_PASSWORD}\n`)
    const main = (name: string) => `
const mine = new TerraformVariable(stack, 'mine', { sensitive: true })
new MailConfigSpec(stack, 'spec', { file: 'mail.yaml', secrets: { ${name}: mine.stringValue }, secretVersion: 2 })`
    expect(await at.synth(mainWith(main('billing_password')))).toEqual({ code: 0, stderr: '' })
    const { resource, variable } = JSON.parse(at.stack())
    expect(Object.values(resource.mailconfig_smtp_user)).toMatchObject([
      { password_wo: '${var.mine}', password_wo_version: 2 },
    ])
    expect(Object.keys(variable)).toEqual(['mine'])
    expect((await at.synth(mainWith(main('typo')))).stderr).toContain('no secret "typo"; it has billing_password')
  })

  test('several accounts of one API need a provider each', async () => {
    using at = project(library)
    const second = HEAD.replace('main:', 'other: { api: smtp2go }\n  main:')
    at.file(
      'mail.yaml',
      `${second}account: main\nsuppressions: [a@example.com]\n---\naccount: other\nsuppressions: [a@example.com]\n`,
    )
    const main = (config: string) => `
const eu = new MailconfigProvider(stack, 'eu', { alias: 'eu', smtp2Go: { region: 'eu' } })
new MailConfigSpec(stack, 'spec', { file: 'mail.yaml', ${config} })`
    expect((await at.synth(mainWith(main('')))).stderr).toContain('say which provider has main, other')
    expect(await at.synth(mainWith(main('providers: { main: eu, other: eu }')))).toEqual({ code: 0, stderr: '' })
    const { resource } = JSON.parse(at.stack())
    expect(Object.values(resource.mailconfig_suppression)).toMatchObject([
      { provider: 'mailconfig.eu' },
      { provider: 'mailconfig.eu' },
    ])
  })

  test('secrets in the state are asked for by name', async () => {
    using at = project(library)
    at.file('mail.yaml', `${HEAD}smtpUsers:\n  - username: billing-app\n    password: \${env:BILLING_PASSWORD}\n`)
    const main = "new MailConfigSpec(stack, 'spec', { file: 'mail.yaml', secretsInState: true })"
    expect(await at.synth(mainWith(main))).toEqual({ code: 0, stderr: '' })
    const { resource, variable } = JSON.parse(at.stack())
    const [user] = Object.values(resource.mailconfig_smtp_user)
    expect(user).toMatchObject({ password: '${var.billing_password}' })
    expect(user).not.toHaveProperty('password_wo')
    expect(variable.billing_password).not.toHaveProperty('ephemeral')
  })
})

test('cdktn refuses a write-only attribute where an older Terraform may run', async () => {
  using at = project('cdktn')
  const main = mainWith("new SmtpCredential(stack, 'shop', { username: 'shop-app' })")
  const ran = await at.synth(main.replace(/new App\(.*\)/, 'new App()'))
  expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining('1.11') })
})
