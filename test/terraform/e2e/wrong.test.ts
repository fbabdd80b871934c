import { describe, expect, it, onTestFinished } from 'vitest'
import { needsTerraform } from '../terraform.ts'
import { openWorld } from './world.ts'

interface Said {
  readonly severity: string
  readonly summary: string
  readonly detail: string
  readonly snippet?: { readonly code: string }
}

async function world(seed: unknown = {}) {
  const opened = await openWorld(seed)
  onTestFinished(() => opened.close())
  return opened
}

describe.runIf(needsTerraform())('wrong values', () => {
  it('are said before anything is planned, at their attribute and in the words of the spec', async () => {
    const { write, run } = await world()
    write(`
resource "mailconfig_smtp_user" "enum" {
  username = "billing-app"
  status   = "asleep"
}
resource "mailconfig_smtp_user" "period" {
  username = "billing-app"
  rate_limit = {
    messages = 5
    per      = "a while"
  }
}
resource "mailconfig_smtp_user" "short" {
  username = "abc"
}
resource "mailconfig_ip_allowlist" "cidr" {
  list    = "smtp"
  enabled = true
  entries = [
    { address = "203.0.113.1" },
    { address = "203.0.113.999" },
  ]
}
resource "mailconfig_subaccount" "limit" {
  name  = "Acme"
  limit = 12345
}
resource "mailconfig_subaccount" "ip" {
  name         = "Acme"
  limit        = 10000
  dedicated_ip = true
}
resource "mailconfig_template" "json" {
  id        = "welcome-01"
  name      = "Welcome"
  subject   = "Hello"
  html      = "Hello"
  text      = "Hello"
  variables = "[1]"
}
resource "mailconfig_smtp_provider" "odd" {
  caption        = "Relay"
  host           = "smtp.example.com"
  port           = 465
  username       = "relay"
  send_from      = "noreply@example.com"
  send_from_name = "Example"
  encryption     = "tls"
  password       = "x"
}
resource "mailconfig_webhook" "twice" {
  url    = "https://hooks.example.com"
  events = ["bounced"]
  auth = {
    type             = "bearer"
    value            = "x"
    value_wo         = "y"
    value_wo_version = 1
  }
}
resource "mailconfig_sender_domain_verification" "period" {
  domain  = "example.com"
  timeout = "soon"
}
ephemeral "mailconfig_smtp_password" "length" {
  length = 3
}
`)
    const { stdout } = await run(['validate', '-json'])
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: Said[] }
    const said = diagnostics.map(({ severity, summary, detail, snippet }) =>
      `${severity} ${summary} at ${snippet?.code.trim()}: ${detail}`.replaceAll('\n', ' '),
    )
    expect(said.toSorted()).toMatchInlineSnapshot(`
      [
        "error A secret is given twice at auth = {     type             = "bearer"     value            = "x"     value_wo         = "y"     value_wo_version = 1   }: Give "value" or "value_wo", not both.",
        "error BAD_VALUE at entries = [     { address = "203.0.113.1" },     { address = "203.0.113.999" },   ]: "203.0.113.999" is not an IP address or a network without host bits.",
        "error BAD_VALUE at events = ["bounced"]: Each of "events" expects one of processed, delivered, open, click, bounce, spam, unsubscribe, resubscribe, reject, and this is "bounced". Did you mean "bounce"?",
        "error BAD_VALUE at limit = 12345: "limit" expects one of 2000, 5000, 10000, 20000, 30000, 40000, 50000, 60000, 80000, 100000, 250000, 500000, 1000000, 2000000, 3000000, 5000000, 10000000, and this is 12345.",
        "error BAD_VALUE at rate_limit = {     messages = 5     per      = "a while"   }: "per" expects a period such as 30 minutes, 1 hour, 2 days or 01:30:00, and this is "a while".",
        "error BAD_VALUE at status   = "asleep": "status" expects one of allowed, blocked, sandbox, and this is "asleep".",
        "error BAD_VALUE at username = "abc": "username" expects 5 to 100 characters, letters, digits and . _ - @, and this is "abc".",
        "error DEDICATED_IP at dedicated_ip = true: A dedicated IP address needs a limit above 100000, not 10000.",
        "error This is not a JSON object at variables = "[1]": Write variables = jsonencode({ … }).",
        "error This is not a period at timeout = "soon": "soon" should be such as 15 minutes or 00:00:30.",
        "error This length cannot be used at length = 3: A length is a whole number from 16 to 128.",
        "warning ODD_PORT at encryption     = "tls": Port 465 usually speaks "ssl", not "tls". Port 465 is encrypted from the first byte (ssl), ports 25 and 587 by STARTTLS (tls)",
      ]
    `)
  })

  it('what is not known before apply is left alone', async () => {
    const { write, plan } = await world()
    write(`
resource "terraform_data" "later" { input = "later" }
resource "mailconfig_smtp_user" "it" {
  username   = terraform_data.later.id
  status     = terraform_data.later.output
  rate_limit = { messages = 5, per = terraform_data.later.output }
  subaccount = terraform_data.later.output
  audit_email = terraform_data.later.output
}
resource "mailconfig_subaccount" "it" {
  name         = terraform_data.later.output
  dedicated_ip = true
  limit        = length(terraform_data.later.output)
}
resource "mailconfig_ip_allowlist" "it" {
  list    = terraform_data.later.output
  enabled = true
  entries = [{ address = terraform_data.later.output }]
}
resource "mailconfig_webhook" "it" {
  url       = terraform_data.later.output
  events    = ["bounce"]
  usernames = [mailconfig_smtp_user.it.username]
}
resource "mailconfig_allowed_senders" "it" {
  mode    = "disabled"
  entries = toset([terraform_data.later.output])
}
resource "mailconfig_template" "it" {
  id        = terraform_data.later.output
  name      = "Welcome"
  subject   = "Hello"
  html      = "Hello"
  text      = "Hello"
  variables = jsonencode({ a = terraform_data.later.output })
}
`)
    const { code, stderr } = await plan()
    expect([code, stderr]).toEqual([2, ''])
  })

  it('a required field that is missing is an error of its own', async () => {
    const { write, run } = await world()
    write('resource "mailconfig_smtp_provider" "it" { caption = "Relay" }')
    const { stdout } = await run(['validate', '-json'])
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: Said[] }
    expect(diagnostics.map(({ summary }) => summary)).toContain('Missing required argument')
  })

  it('an object that is there already is not taken over, and the message says how', async () => {
    const { write, apply, emulator } = await world({
      smtp2go: { scopes: { '': { smtpUsers: [{ username: 'billing-app' }] } } },
    })
    write('resource "mailconfig_smtp_user" "it" {\n  username = "billing-app"\n  password = "Str0ng-Passw0rd!xyz"\n}')
    const { code, stderr } = await apply()
    expect(code).toBe(1)
    expect(stderr.replace(/\s+/g, ' ')).toContain("terraform import mailconfig_smtp_user.NAME 'billing-app'")
    expect(emulator.requests().filter((one) => one.writes)).toEqual([])
  })

  it('a sender domain is not recreated unless the configuration says so', async () => {
    const { write, apply, plan } = await world()
    write('resource "mailconfig_sender_domain" "it" { domain = "example.com" }')
    await apply()
    write('resource "mailconfig_sender_domain" "it" { domain = "example.net" }')
    const { code, stderr } = await plan('-refresh=false')
    expect(code).toBe(1)
    expect(stderr).toContain('Error: A sender domain is not recreated')
    expect(stderr).toContain('allow_replace')
  })
})
