import { describe, expect, it, onTestFinished } from 'vitest'
import { needsTerraform } from '../terraform.ts'
import { CASES } from './cases.ts'
import { exampleOf, kindOf } from './config.ts'
import { openWorld, type Row } from './world.ts'

async function world(seed: unknown = {}) {
  const opened = await openWorld(seed)
  onTestFinished(() => opened.close())
  return opened
}
const users = (count: number) => Array.from({ length: count }, (_, at) => ({ username: `user-${at}` }))

describe.runIf(needsTerraform())('reading', () => {
  it('every kind is found by its key and in its list', async () => {
    const { write, apply, attributes, stateText } = await world()
    const types = Object.keys(CASES)
    const resource = Object.fromEntries(
      types.map((type) => [type, { it: { ...exampleOf(type), ...CASES[type]?.with } }]),
    )
    const data: Record<string, Row> = {}
    for (const type of types) {
      const { key, singleton } = kindOf(type)
      const found = singleton === 'one' ? {} : { [key]: `\${${type}.it.${key}}` }
      data[type] = { it: { ...found, depends_on: [`${type}.it`] } }
      if (singleton !== 'one') data[pluralOf(type)] = { all: { depends_on: [`${type}.it`] } }
    }
    write({ resource, data })
    const { stderr } = await apply()
    expect(stderr).toBe('')
    const { resources } = JSON.parse(stateText()) as {
      resources: { mode: string; type: string; name: string; instances: { attributes: Row }[] }[]
    }
    const dataOf = (type: string) => resources.find((one) => one.mode === 'data' && one.type === type)?.instances[0]
    for (const type of types) {
      const [live, made] = [dataOf(type)?.attributes ?? {}, attributes(`${type}.it`) ?? {}]
      const shown = Object.keys(live).filter(
        (name) => made[name] !== null && !(CASES[type]?.unread ?? []).includes(name),
      )
      const pick = (from: Row) => Object.fromEntries(shown.map((name) => [name, withoutSecrets(from[name])]))
      expect([type, pick(live)]).toEqual([type, pick(made)])
      if (kindOf(type).singleton === 'one') continue
      const items = dataOf(pluralOf(type))?.attributes['items'] as Row[]
      expect(items.map((one) => one['id'])).toContain(made['id'])
    }
  })

  it('what is not there is an error at the attribute', async () => {
    const { write, plan } = await world()
    write(`
data "mailconfig_smtp_user" "it" { username = "nobody-here" }
data "mailconfig_template" "it" { id = "nothing" }
data "mailconfig_smtp_user" "sub" {
  username   = "nobody"
  subaccount = "Nowhere"
}
`)
    const { code, stderr } = await plan()
    expect(code).toBe(1)
    expect(stderr).toContain('Error: There is no such SMTP user')
    expect(stderr).toContain('2: data "mailconfig_smtp_user" "it" { username = "nobody-here" }')
    expect(stderr).toContain('Error: There is no such template')
    expect(stderr).toContain('there is no subaccount "Nowhere"'.replace('there', 'There'))
  })

  it('three hundred SMTP users are read with one call in each process', async () => {
    const { write, plan, requests } = await world({
      smtp2go: { scopes: { '': { smtpUsers: users(300) } } },
    })
    write(`
locals { names = toset([for n in range(300) : "user-\${n}"]) }
import {
  for_each = local.names
  to       = mailconfig_smtp_user.it[each.key]
  id       = each.key
}
resource "mailconfig_smtp_user" "it" {
  for_each = local.names
  username = each.key
}
`)
    const { stdout } = await plan()
    expect(stdout).toContain('Plan: 300 to import, 0 to add, 0 to change, 0 to destroy.')
    expect(requests().map(({ path }) => path)).toEqual(['/v3/users/smtp/view'])
  }, 60_000)

  it('thirty SMTP users are made ten at a time, and each of them once', async () => {
    const { write, apply, plan, writes, state, clear, requests } = await world()
    write(`
resource "mailconfig_smtp_user" "it" {
  for_each = toset([for n in range(30) : "user-\${n}"])
  username = each.key
  password = "Str0ng-Passw0rd!xyz"
}
`)
    const { code, stderr } = await apply('-parallelism=10')
    expect([code, stderr]).toEqual([0, ''])
    expect(state().smtp2go.scopes['']?.['smtpUsers']).toHaveLength(30)
    expect(writes()).toEqual(Array.from({ length: 30 }, () => 'POST /v3/users/smtp/add'))
    clear()
    expect((await plan()).code).toBe(0)
    expect(requests().map(({ path }) => path)).toEqual(['/v3/users/smtp/view'])
  }, 60_000)

  it('an object is imported by its name on the command line, in the account and in a subaccount', async () => {
    const { write, run, plan, attributes } = await world({
      smtp2go: {
        subaccounts: [{ id: 'abc123', name: 'Acme', email: 'it@acme.example', state: 'Active', plan_size: 10000 }],
        scopes: { '': { smtpUsers: users(1) }, abc123: { smtpUsers: users(2) } },
      },
    })
    write(`
resource "mailconfig_smtp_user" "main" { username = "user-0" }
resource "mailconfig_smtp_user" "sub" {
  username   = "user-1"
  subaccount = "Acme"
}
resource "mailconfig_ip_allowlist" "api" {
  list    = "api"
  enabled = false
  entries = []
}
`)
    const wrong = await run(['import', 'mailconfig_ip_allowlist.api', 'main/Acme:api'])
    expect(wrong.stderr).toContain('Error: This is not an import ID')
    const missing = await run(['import', 'mailconfig_smtp_user.main', 'user-9'])
    expect(missing.stderr).toContain('Cannot import non-existent remote object')
    const found = [
      await run(['import', 'mailconfig_smtp_user.main', 'user-0']),
      await run(['import', 'mailconfig_smtp_user.sub', 'main/Acme:user-1']),
      await run(['import', 'mailconfig_ip_allowlist.api', 'api']),
    ]
    expect(found.map(({ code }) => code)).toEqual([0, 0, 0])
    expect(attributes('mailconfig_smtp_user.sub')).toMatchObject({ subaccount: 'Acme', id: 'main/Acme:user-1' })
    expect((await plan()).code).toBe(0)
  })
})

function pluralOf(type: string): string {
  return /[^aeiou]y$/.test(type) ? `${type.slice(0, -1)}ies` : `${type}s`
}

function withoutSecrets(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).filter(([name]) => !name.startsWith('value')))
}
