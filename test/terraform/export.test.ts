import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { closeHomes, home } from '../cli/harness.ts'
import { needsTerraform, terraform } from './terraform.ts'

afterAll(closeHomes)

const PASSWORD = 'Str0ng-Passw0rd!xyz'
const body = `
subaccounts:
  - { name: Acme, email: it@acme.example, limit: 250000 }
senderDomains:
  - { domain: example.com, returnPath: bounce, subaccountAccess: { subaccounts: [Acme], future: false } }
singleSenders: [ceo@example.net]
smtpUsers:
  - username: billing-app
    password: \${env:PASSWORD}
    description: "with \\"quotes\\", $\${dollar} and %{percent}"
    rateLimit: { messages: 500, per: 1 hour }
    unsubscribeFooter: { html: "<p>\\n%%UNSUBSCRIBE%%</p>", text: Leave }
  - { username: plain-app, password: "\${env:PASSWORD}" }
allowedSenders: { mode: disabled, entries: [example.com] }
allowedRecipients: { enabled: false, entries: [] }
ipAllowlist:
  smtp: { enabled: true, entries: [{ address: 203.0.113.0/24, description: Office }] }
suppressions: [a@example.org, { address: b.example, description: Why }]
templates:
  - { id: welcome-01, name: Welcome, subject: "Hi {{name}}", html: "<p>a</p>", text: "a", variables: { name: Ada, n: 3 }, tags: [one] }
webhooks:
  - { url: "https://hooks.example.com/mail", events: [bounce], usernames: [billing-app], auth: { type: bearer, value: "\${env:PASSWORD}" } }
  - { url: "https://hooks.example.com/plain", events: [spam] }
apiKeys:
  - { description: Service, endpoints: [/email/send], saveTo: { file: secrets/k } }
providers:
  - { caption: Main, host: a.example.com, port: 587, username: u, password: "\${env:PASSWORD}", sendFrom: a@example.com, sendFromName: A, encryption: tls, enabled: true }
`

describe.runIf(needsTerraform())('one account, written down twice', () => {
  test('has nothing to do as YAML, and nothing as Terraform after the import', { timeout: 120_000 }, async () => {
    const at = await home()
    const env = { PASSWORD }
    at.both(body)
    expect((await at.run('apply --auto-approve', { env })).code).toBe(0)
    expect((await at.run('export -o exported.yaml', { env })).code).toBe(0)
    expect(
      (
        await at.run('plan --detailed-exitcode -f exported.yaml', {
          env: { ...env, SMTP2GO_API_KEY: at.emulator.apiKey, BACKOFFICE_TOKEN: at.emulator.token },
        })
      ).code,
    ).toBe(0)
    mkdirSync(join(at.dir, 'tf'))
    expect((await at.run('export --format terraform -o tf/main.tf', { env })).code).toBe(0)
    expect((await at.run('terraform install --dir plugins', { env })).code).toBe(0)
    const tf = join(at.dir, 'tf')
    const given = { SMTP2GO_API_KEY: at.emulator.apiKey, BACKOFFICE_TOKEN: at.emulator.token }
    const run = (...args: string[]) => terraform(tf, args, given)
    expect((await run('fmt', '-check')).stdout).toBe('')
    expect((await run('init', `-plugin-dir=${join(at.dir, 'plugins')}`)).code).toBe(0)
    const planned = await run('plan', '-no-color', '-input=false')
    expect(planned.stdout).toMatch(/Plan: \d+ to import, 0 to add, 0 to change, 0 to destroy/)
    at.emulator.clearRequests()
    expect((await run('apply', '-no-color', '-auto-approve')).code).toBe(0)
    expect(at.emulator.requests().filter((request) => request.writes)).toEqual([])
    expect((await run('plan', '-detailed-exitcode')).code).toBe(0)
  })

  test('installs for Terraform and for OpenTofu, where both look without being told', { timeout: 60_000 }, async () => {
    const at = await home()
    const { code, stdout } = await at.run('terraform install')
    expect(code).toBe(0)
    expect(stdout).toContain('.terraform.d/plugins/registry.terraform.io/mailconfig/mailconfig/')
    expect(stdout).toContain('.terraform.d/plugins/registry.opentofu.org/mailconfig/mailconfig/')
    writeFileSync(
      join(at.dir, 'main.tf'),
      'terraform {\n  required_providers {\n    mailconfig = { source = "mailconfig/mailconfig" }\n  }\n}\n',
    )
    const plain = at.file('plain.rc', 'disable_checkpoint = true\n') // no word about where providers are
    const init = await terraform(at.dir, ['init', '-no-color'], { HOME: at.dir, TF_CLI_CONFIG_FILE: plain })
    expect(init.stdout).toContain('Installed mailconfig/mailconfig')
    expect(init.code).toBe(0)
  })
})
