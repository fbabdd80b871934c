import { execFile, execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { closeHomes, home } from '../../cli/harness.ts'

afterAll(closeHomes)

/** Whether there is an OpenTofu in the PATH; nothing installs one, so without it these tests are skipped everywhere. */
function hasTofu(): boolean {
  try {
    execFileSync('tofu', ['version'], { stdio: 'pipe' })
    return true
  } catch {
    process.stderr.write('skipped: there is no tofu in the PATH\n')
    return false
  }
}

const PASSWORD = 'Str0ng-Passw0rd!xyz'
const ACCOUNT = `
subaccounts: [{ name: Acme, email: it@acme.example, limit: 250000 }]
senderDomains: [{ domain: example.com, returnPath: bounce }]
singleSenders: [ceo@example.net]
smtpUsers:
  - { username: billing-app, password: "\${env:PASSWORD}", rateLimit: { messages: 500, per: 1 hour } }
allowedSenders: { mode: disabled, entries: [example.com] }
allowedRecipients: { enabled: false, entries: [] }
ipAllowlist: { smtp: { enabled: true, entries: [{ address: 203.0.113.0/24, description: Office }] } }
suppressions: [a@example.org]
templates: [{ id: welcome-01, name: Welcome, subject: "Hi {{name}}", html: "<p>a</p>", text: a, variables: { n: 3 } }]
webhooks: [{ url: "https://hooks.example.com/mail", events: [bounce], usernames: [billing-app] }]
apiKeys: [{ description: Service, endpoints: [/email/send], saveTo: { file: secrets/k } }]
providers:
  - caption: Main
    host: a.example.com
    port: 587
    username: u
    password: "\${env:PASSWORD}"
    sendFrom: a@example.com
    sendFromName: A
    encryption: tls
    enabled: true
`
const MORE = `
resource "mailconfig_smtp_user" "shop" {
  username = "shop-app"
  password = "${PASSWORD}"
}
resource "mailconfig_webhook" "shop" {
  url       = "https://hooks.example.com/shop"
  events    = ["spam"]
  usernames = [mailconfig_smtp_user.shop.username]
}
data "mailconfig_smtp_users" "all" {
  depends_on = [mailconfig_smtp_user.shop]
}
output "users" {
  value = sort(data.mailconfig_smtp_users.all.items[*].username)
}
`

describe.runIf(hasTofu())('OpenTofu', { timeout: 120_000 }, () => {
  test('finds the installed provider, imports an account of every kind, adds to it, changes it and takes it back', async () => {
    const at = await home()
    at.both(ACCOUNT)
    expect((await at.run('apply --auto-approve', { env: { PASSWORD } })).code).toBe(0)
    expect((await at.run('export --format terraform -o main.tf', { env: { PASSWORD } })).code).toBe(0)
    expect((await at.run('terraform install')).code).toBe(0)
    const tofu = async (...args: string[]) => {
      const [command = '', ...rest] = args
      return await run(at.dir, [command, '-no-color', ...rest], {
        HOME: at.dir,
        TF_CLI_CONFIG_FILE: at.file('plain.rc', ''),
        SMTP2GO_API_KEY: at.emulator.apiKey,
        BACKOFFICE_TOKEN: at.emulator.token,
      })
    }
    const nothing = { code: 0, stdout: expect.stringContaining('No changes.'), stderr: '' }
    const main = join(at.dir, 'main.tf')
    const imports = readFileSync(main, 'utf8').match(/^import \{/gm)?.length ?? 0
    expect(imports).toBeGreaterThanOrEqual(12)
    expect(await tofu('init')).toMatchObject({ code: 0, stderr: '' })
    expect(await tofu('validate')).toMatchObject({ code: 0, stderr: '' })
    at.emulator.clearRequests()
    expect((await tofu('apply', '-auto-approve')).stdout).toContain(
      `Resources: ${imports} imported, 0 added, 0 changed, 0 destroyed.`,
    )
    expect(at.emulator.requests().filter((one) => one.writes)).toEqual([])
    expect(await tofu('plan', '-detailed-exitcode')).toMatchObject(nothing)

    const imported = readFileSync(main, 'utf8')
    writeFileSync(main, imported.replace('messages = 500', 'messages = 600') + MORE)
    expect(await tofu('plan', '-detailed-exitcode')).toMatchObject({ code: 2, stderr: '' })
    const applied = await tofu('apply', '-auto-approve')
    expect(applied).toMatchObject({ code: 0, stderr: '' })
    expect(applied.stdout).toContain('Resources: 2 added, 1 changed, 0 destroyed.')
    expect(applied.stdout).toMatch(/users = tolist\(\[\s+"billing-app",\s+"shop-app",\s+\]\)/)
    expect(applied.stdout).not.toContain(PASSWORD)
    expect(await tofu('plan', '-detailed-exitcode')).toMatchObject(nothing)

    writeFileSync(main, `${imported.replace('messages = 500', 'messages = 600')}\n`)
    const less = await tofu('apply', '-auto-approve')
    expect(less.stdout).toContain('Resources: 0 added, 0 changed, 2 destroyed.')
    expect(await tofu('plan', '-detailed-exitcode')).toMatchObject(nothing)
  })

  test('shows what is wrong at its line, in the words of the spec', async () => {
    const at = await home()
    at.file(
      'main.tf',
      `terraform {
  required_providers {
    mailconfig = { source = "mailconfig/mailconfig" }
  }
}
resource "mailconfig_smtp_user" "it" {
  username = "billing-app"
  status   = "alowed"
}
`,
    )
    expect((await at.run('terraform install')).code).toBe(0)
    const env = { HOME: at.dir, TF_CLI_CONFIG_FILE: at.file('plain.rc', '') }
    expect((await run(at.dir, ['init', '-no-color'], env)).code).toBe(0)
    const { code, stderr } = await run(at.dir, ['validate', '-no-color'], env)
    expect(code).toBe(1)
    expect(stderr).toMatch(/on main\.tf line 8, in resource "mailconfig_smtp_user" "it":[\s\S]+one of allowed, blocked/)
  })
})

function run(cwd: string, args: readonly string[], env: Readonly<Record<string, string>>) {
  const { promise, resolve } = withResolvers<{ code: number | null; stdout: string; stderr: string }>()
  const given = { PATH: process.env['PATH'] ?? '', CHECKPOINT_DISABLE: '1', TF_INPUT: '0', ...env }
  const child = execFile('tofu', [...args], { cwd, env: given, maxBuffer: 2 ** 26 }, (_, stdout, stderr) =>
    resolve({ code: child.exitCode, stdout, stderr }),
  )
  return promise
}

function withResolvers<T>() {
  let resolve: (value: T) => void = () => undefined
  const promise = new Promise<T>((done) => {
    resolve = done
  })
  return { promise, resolve }
}
