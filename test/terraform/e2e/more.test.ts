import { describe, expect, it, onTestFinished } from 'vitest'
import { needsTerraform } from '../terraform.ts'
import { openWorld, type Row, type World } from './world.ts'

async function world(seed: unknown = {}) {
  const opened = await openWorld(seed)
  onTestFinished(() => opened.close())
  return opened
}
const outputs = async ({ run }: World) =>
  Object.fromEntries(
    Object.entries(JSON.parse((await run(['output', '-json'])).stdout) as Record<string, { value: unknown }>).map(
      ([name, { value }]) => [name, value],
    ),
  )

describe.runIf(needsTerraform())('what Terraform alone has', () => {
  it('functions answer in the one form, and say which argument is wrong', async () => {
    const opened = await world()
    opened.write(`
output "cidr" { value = provider::mailconfig::normalize_cidr("2001:DB8:0::1/128") }
output "domain" { value = provider::mailconfig::normalize_domain("Bücher.Example") }
output "period" { value = provider::mailconfig::normalize_period("60 minutes") }
output "records" { value = provider::mailconfig::dns_records("example.com", "s1", "bounce", "link") }
`)
    expect((await opened.apply()).stderr).toBe('')
    expect(await outputs(opened)).toEqual({
      cidr: '2001:db8::1',
      domain: 'xn--bcher-kva.example',
      period: '1 hour',
      records: [
        { name: 's1._domainkey.example.com', type: 'CNAME', value: 'dkim.smtp2go.net' },
        { name: 'bounce.example.com', type: 'CNAME', value: 'return.smtp2go.net' },
        { name: 'link.example.com', type: 'CNAME', value: 'track.smtp2go.net' },
      ],
    })
    opened.write('output "cidr" { value = provider::mailconfig::normalize_cidr("10.0.0.1/8") }')
    const { stderr } = await opened.plan()
    expect(stderr.replace(/\s+/g, ' ')).toContain(
      'Invalid value for "cidr" parameter: "10.0.0.1/8" is not an IP address',
    )
  })

  it('a password that is made for the moment is sent, and is in no state', async () => {
    const { write, apply, plan, state, stateText, printed } = await world()
    write(`
ephemeral "mailconfig_smtp_password" "it" { length = 24 }
resource "mailconfig_smtp_user" "it" {
  username            = "billing-app"
  password_wo         = ephemeral.mailconfig_smtp_password.it.result
  password_wo_version = 1
}
`)
    expect((await apply()).stderr).toBe('')
    const made = String(state().smtp2go.scopes['']?.['smtpUsers']?.[0]?.['email_password'])
    expect(made).toHaveLength(24)
    for (const text of [stateText(), printed()]) expect(text).not.toContain(made)
    expect((await plan()).code).toBe(0)
  })

  it('a wait for DNS ends with what was found, and holds nobody else up', async () => {
    const { write, apply, plan, attributes, emulator } = await world()
    const config = (fail: boolean) => `
resource "mailconfig_sender_domain" "it" { domain = "example.com" }
resource "mailconfig_sender_domain_verification" "it" {
  domain   = mailconfig_sender_domain.it.domain
  timeout  = "00:00:02"
  interval = "00:00:01"
  fail     = ${fail}
}
resource "mailconfig_smtp_user" "it" {
  username = "billing-app"
  password = "Str0ng-Passw0rd!xyz"
}
`
    write(config(true))
    const failed = await apply()
    expect(failed.code).toBe(1)
    expect(failed.stderr).toContain('Error: example.com is not verified yet')
    expect(attributes('mailconfig_smtp_user.it')).toBeDefined()
    expect(attributes('mailconfig_sender_domain_verification.it')).toBeUndefined()

    write(config(false))
    const warned = await apply()
    expect([warned.code, warned.stdout.includes('Warning: example.com is not verified yet')]).toEqual([0, true])
    expect(attributes('mailconfig_sender_domain_verification.it')).toMatchObject({ verified: false, id: 'example.com' })

    emulator.settings({ publishedDns: 'all' })
    const verified = await apply()
    expect([verified.code, verified.stderr]).toEqual([0, ''])
    expect(attributes('mailconfig_sender_domain_verification.it')).toMatchObject({ verified: true, status: 'verified' })
    const { code, stdout } = await plan()
    expect([code, stdout.match(/^ {2}# .*$/gm)]).toEqual([0, null])
  })

  it('several accounts stand side by side, from attributes and from the environment', async () => {
    const [one, other] = [await world(), await world()]
    one.write(`
provider "mailconfig" {}
provider "mailconfig" {
  alias   = "other"
  smtp2go = { api_key = "${other.emulator.apiKey}", url = "${other.emulator.smtp2go}" }
  backoffice = { url = "${other.emulator.backoffice}", token = "${other.emulator.token}" }
}
resource "mailconfig_suppression" "one" { address = "one@example.com" }
resource "mailconfig_suppression" "other" {
  provider = mailconfig.other
  address  = "other@example.com"
}
`)
    expect((await one.apply()).stderr).toBe('')
    const addresses = ({ state }: World) =>
      Object.values(state().smtp2go.scopes['']?.['suppressions'] ?? []).map((row) => (row as Row)['email_address'])
    expect([addresses(one), addresses(other)]).toEqual([['one@example.com'], ['other@example.com']])
  })

  it('no credentials and a wrong region are clear errors', async () => {
    const { write, run } = await world()
    const none = { SMTP2GO_API_KEY: '', BACKOFFICE_TOKEN: '' }
    write('data "mailconfig_smtp_users" "it" {}\ndata "mailconfig_smtp_providers" "it" {}')
    const { stderr } = await run(['plan'], none)
    expect(stderr).toContain('The provider has no smtp2go account')
    expect(stderr.replace(/\s+/g, ' ')).toContain('Set smtp2go = { api_key = … } or SMTP2GO_API_KEY')
    expect(stderr.replace(/\s+/g, ' ')).toContain('BACKOFFICE_URL and BACKOFFICE_TOKEN')
    write('provider "mailconfig" {\n  smtp2go = { region = "mars" }\n}\ndata "mailconfig_smtp_users" "it" {}')
    expect((await run(['plan'], { SMTP2GO_URL: '' })).stderr).toContain('Error: There is no region "mars"')
  })

  it('Ctrl-C in the middle of an apply loses nothing: the next one finishes', async () => {
    const { write, start, apply, plan, emulator, state } = await world()
    write(`
resource "mailconfig_smtp_user" "it" {
  for_each            = toset([for n in range(12) : "user-\${n}"])
  username            = each.key
  password_wo         = "Str0ng-Passw0rd!xyz"
  password_wo_version = 1
}
`)
    emulator.faults([{ fault: 'latency', ms: 1500, match: { path: '/v3/users/smtp/add' } }])
    const running = start(['apply', '-auto-approve', '-parallelism=3'])
    const started = () => emulator.requests().filter((one) => one.path === '/v3/users/smtp/add').length
    while (started() < 3) await new Promise((resolve) => setTimeout(resolve, 50))
    if (running.pid === undefined) throw new Error('terraform has no process')
    process.kill(-running.pid, 'SIGINT')
    expect(await running.done).not.toBe(0)
    emulator.clearFaults()
    const made = () => (state().smtp2go.scopes['']?.['smtpUsers'] as unknown as Row[] | undefined)?.length ?? 0
    expect(made()).toBeGreaterThan(0)
    expect(made()).toBeLessThan(12)
    const finished = await apply()
    expect([finished.code, finished.stderr]).toEqual([0, ''])
    expect(made()).toBe(12)
    expect((await plan()).code).toBe(0)
  })
})
