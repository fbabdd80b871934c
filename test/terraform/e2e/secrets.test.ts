import { describe, expect, it, onTestFinished } from 'vitest'
import { needsTerraform } from '../terraform.ts'
import { openWorld, type Row, type State } from './world.ts'

const CANARY = 'Canary-p$&.*(42)-Str0ng!'
const FRESH = 'Canary-fr3sh-[^"]+-Str0ng!'
const hcl = (text: string) => JSON.stringify(text)

async function world() {
  const opened = await openWorld()
  onTestFinished(() => opened.close())
  return opened
}
const user = (state: State) => state.smtp2go.scopes['']?.['smtpUsers']?.[0] as Row
const provider = (state: State) => state.backoffice.providers[0] as Row

describe.runIf(needsTerraform())('secrets', () => {
  it('a write-only password is sent at first and for each new version, and is in no state', async () => {
    const { write, apply, plan, state, stateText, printed, attributes, writes, clear } = await world()
    const config = (password: string, version: number) => `
variable "password" {
  type      = string
  default   = ${hcl(password)}
  sensitive = true
  ephemeral = true
}
resource "mailconfig_smtp_user" "it" {
  username            = "billing-app"
  password_wo         = var.password
  password_wo_version = ${version}
}
resource "mailconfig_webhook" "it" {
  url    = "https://hooks.example.com/mail"
  events = ["bounce"]
  auth   = { type = "bearer", value_wo = var.password, value_wo_version = ${version} }
}
`
    write(config(CANARY, 1))
    expect((await apply()).stderr).toBe('')
    const hook = () => state().smtp2go.scopes['']?.['webhooks']?.[0] as Row
    expect([user(state())['email_password'], hook()['auth_header_value']]).toEqual([CANARY, CANARY])
    expect(attributes('mailconfig_smtp_user.it')).toMatchObject({ password_wo: null, password_wo_version: 1 })

    write(config(FRESH, 1))
    expect((await plan('-refresh=false')).code).toBe(0)

    write(config(FRESH, 2))
    clear()
    expect((await apply('-refresh=false')).stderr).toBe('')
    expect(writes().toSorted()).toEqual(['PATCH /v3/users/smtp/edit', 'POST /v3/webhook/edit'])
    expect([user(state())['email_password'], hook()['auth_header_value']]).toEqual([FRESH, FRESH])
    expect((await plan()).code).toBe(0)
    for (const text of [stateText(), printed()]) expect(text).not.toContain('Canary')
  })

  it('a plain password is in the state, hidden in what is printed, and sent when it changes', async () => {
    const { write, apply, state, stateText, printed } = await world()
    const config = (password: string) => `
variable "password" {
  type      = string
  default   = ${hcl(password)}
}
resource "mailconfig_smtp_user" "it" {
  username = "billing-app"
  password = var.password
}
`
    write(config(CANARY))
    expect((await apply()).stderr).toBe('')
    expect(stateText()).toContain(hcl(CANARY).slice(1, -1).replaceAll('&', '\\u0026'))
    write(config(FRESH))
    const { stdout, stderr } = await apply()
    expect(stderr).toBe('')
    expect(stdout).toMatch(/~ password += \(sensitive value\)/)
    expect(user(state())['email_password']).toBe(FRESH)
    expect(printed()).not.toContain('Canary')
  })

  it('a stored password goes to another host only with the password', async () => {
    const { write, apply, plan, state } = await world()
    const config = (host: string, secret: string) => `
resource "mailconfig_smtp_provider" "it" {
  caption        = "Relay"
  host           = "${host}"
  port           = 587
  username       = "relay"
  send_from      = "noreply@example.com"
  send_from_name = "Example"
  encryption     = "tls"
  ${secret}
}
`
    const given = `password_wo = ${hcl(CANARY)}\n  password_wo_version = 1`
    write(config('smtp.example.com', given))
    expect((await apply()).stderr).toBe('')
    write(config('elsewhere.example.com', ''))
    const refused = await plan('-refresh=false')
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain('Error: The SMTP provider needs "password" again')
    expect(refused.stderr).toMatch(/4: +host += "elsewhere.example.com"/)
    write(config('elsewhere.example.com', given))
    expect((await apply()).stderr).toBe('')
    expect(provider(state())).toMatchObject({ host: 'elsewhere.example.com', password: CANARY })
  })

  it('a key that the service makes is in the state, and nowhere else', async () => {
    const { write, apply, state, printed, attributes, plan } = await world()
    write('resource "mailconfig_api_key" "it" { description = "Billing" }')
    expect((await apply()).stderr).toBe('')
    const key = String(attributes('mailconfig_api_key.it')?.['key'])
    expect(key).toMatch(/^api-[A-Za-z0-9]{32}$/)
    expect(JSON.stringify(state().smtp2go.keys)).toContain(key)
    expect(printed()).not.toContain(key)
    write('resource "mailconfig_api_key" "it" { description = "Another" }')
    expect((await plan()).stdout).toContain('will be updated in-place')
    expect((await apply()).stderr).toBe('')
    expect(attributes('mailconfig_api_key.it')).toMatchObject({ description: 'Another', key })
    expect(state().smtp2go.keys.filter((one) => one['api_key'] === key)).toMatchObject([{ description: 'Another' }])
  })

  it('an imported key is not changed without the whole key', async () => {
    const { write, apply, state, run } = await world()
    const config = (more: string) => `resource "mailconfig_api_key" "it" {\n  description = "Billing"\n  ${more}\n}\n`
    write(config('key = "api-chosen"'))
    expect((await run(['plan'])).stderr).toContain('Error: "key" cannot be chosen')
    write(config(''))
    await apply()
    await run(['state', 'rm', 'mailconfig_api_key.it'])
    expect((await run(['import', 'mailconfig_api_key.it', 'Billing'])).code).toBe(0)
    write(config('status = "blocked"'))
    expect((await apply()).stderr).toContain('Error: The whole API key is needed')
    const row = state().smtp2go.keys.find((one) => one['description'] === 'Billing')
    write(config(`status = "blocked"\n  key = "${String(row?.['api_key'])}"`))
    expect((await apply()).stderr).toBe('')
    expect(state().smtp2go.keys.find((one) => one['description'] === 'Billing')?.['status']).toBe('blocked')
  })
})
