import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { needsTerraform } from '../terraform.ts'
import { openWorld, type World } from './world.ts'

const config = (name: 'first' | 'second') => {
  const pick = (first: string, second: string) => (name === 'first' ? first : second)
  return `
resource "mailconfig_smtp_user" "it" {
  username            = "billing-app"
  password            = "Str0ng-Passw0rd!xyz"
  audit_email         = "${pick('Audit@Example.COM', 'audit@example.com')}"
  bounce_notifications = "${pick('Bounces@example.com', 'bounces@EXAMPLE.com')}"
  rate_limit          = { messages = 5, per = "${pick('60 minutes', '1 hour')}" }
}
resource "mailconfig_sender_domain" "it" {
  domain      = "${pick('Example.COM', 'example.com')}"
  return_path = "${pick('Bounce', 'bounce')}"
}
resource "mailconfig_allowed_senders" "it" {
  mode    = "disabled"
  entries = [${pick('"Example.COM", "CEO@example.net"', '"ceo@example.NET", "example.com"')}]
}
resource "mailconfig_ip_allowlist" "it" {
  list    = "smtp"
  enabled = true
  entries = [
    { address = "${pick('203.0.113.7/32', '203.0.113.7')}", description = "Office" },
    { address = "${pick('2001:DB8:0::1', '2001:db8::1/128')}", description = "Build" },
  ]
}
resource "mailconfig_suppression" "it" {
  address     = "${pick('Nobody@Example.ORG', 'nobody@example.org')}"
  description = "Left"
}
resource "mailconfig_template" "it" {
  id        = "welcome-01"
  name      = "Welcome"
  subject   = "Hello"
  html      = "<p>Hello</p>"
  text      = "Hello"
  tags      = [${pick('"b", "a"', '"a", "b"')}]
  variables = ${pick('"{ \\"b\\": [1, 2],  \\"a\\": \\"x\\" }"', 'jsonencode({ a = "x", b = [1, 2] })')}
}
resource "mailconfig_webhook" "it" {
  url     = "https://hooks.example.com/mail"
  events  = [${pick('"spam", "bounce"', '"bounce", "spam"')}]
  headers = ["${pick('X-Customer', 'x-customer')}"]
}
resource "mailconfig_smtp_provider" "it" {
  caption        = "Relay"
  host           = "${pick('SMTP.example.com', 'smtp.EXAMPLE.com')}"
  port           = 587
  username       = "relay"
  password       = "secret"
  send_from      = "${pick('NoReply@example.com', 'noreply@Example.com')}"
  send_from_name = "Example"
  encryption     = "${pick('tls', 'tls')}"
}
`
}

describe.runIf(needsTerraform())('another way to write the same is never a change', () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld()
    world.write(config('first'))
    const { stderr } = await world.apply()
    expect(stderr).toBe('')
  })
  afterAll(() => world?.close())

  it('a plan right after an apply is empty however things were written', async () => {
    const { code, stdout } = await world.plan()
    expect([code, stdout.match(/^ {2}# .*$/gm)]).toEqual([0, null])
  })

  it('a configuration that says the same in other words changes nothing', async () => {
    world.write(config('second'))
    const { code, stdout } = await world.plan('-refresh=false')
    expect([code, stdout.match(/^ {2}# .*$|^ {6}[~+-].*$/gm)]).toEqual([0, null])
  })

  it('what the service writes in another way shows nothing either', async () => {
    world.emulator.settings({
      ipReadback: 'cidr',
      entryCase: 'lower',
      encryptionReply: 'upper',
      portReply: 'string',
      isEnabledReply: 'integer',
      clickTrackingReadable: true,
      smtpPasswordReadback: 'mask',
      webhookViewShape: 'wrapped',
    })
    const { code, stdout } = await world.plan()
    expect([code, stdout.match(/^ {2}# .*$|^ {6}[~+-].*$/gm)]).toEqual([0, null])
  })
})
