import { describe, expect, it, onTestFinished } from 'vitest'
import { entrySchema } from '../../../src/derive/schema/spec.ts'
import { compileValidator } from '../../../src/derive/schema/validator.ts'
import { resourceAttributes } from '../../../src/derive/terraform/attributes.ts'
import { UNKNOWN, type ValueMap } from '../../../src/terraform/protocol/plugin.ts'
import { planResource } from '../../../src/terraform/resource/plan.ts'
import { validateConfig } from '../../../src/terraform/resource/validate.ts'
import { needsTerraform } from '../terraform.ts'
import { CASES } from './cases.ts'
import { exampleOf, kindOf } from './config.ts'
import { openWorld } from './world.ts'

const attributesOf = (type: string) => resourceAttributes(kindOf(type))
const configOf = (type: string, values: object): ValueMap => ({
  ...Object.fromEntries(attributesOf(type).map(({ name }) => [name, null])),
  ...values,
})
const validate = (type: string, values: object, writeOnlyAttributes: boolean) =>
  validateConfig(
    kindOf(type),
    attributesOf(type),
    configOf(type, values),
    compileValidator(entrySchema(kindOf(type))),
    { writeOnlyAttributes, deferral: false },
  )

describe('what this version of Terraform does not show', () => {
  it('an older one refuses write-only values, at the attribute, and takes stored ones', () => {
    const user = { username: 'billing-app', password_wo: 'x', password_wo_version: 1 }
    expect(validate('mailconfig_smtp_user', user, false)).toMatchObject([{ severity: 'error', path: ['password_wo'] }])
    expect(validate('mailconfig_smtp_user', user, true)).toEqual([])
    expect(validate('mailconfig_smtp_user', { username: 'billing-app', password: 'x' }, false)).toEqual([])
    const auth = { type: 'bearer', value: null, value_wo: 'x', value_wo_version: 1 }
    const hook = { url: 'https://hooks.example.com', events: ['bounce'], auth }
    expect(validate('mailconfig_webhook', hook, false)).toMatchObject([{ severity: 'error', path: ['auth'] }])
  })

  it('a write-only value without a version is a warning', () => {
    const user = { username: 'billing-app', password_wo: 'x' }
    expect(validate('mailconfig_smtp_user', user, true)).toMatchObject([{ severity: 'warning', path: ['password_wo'] }])
  })

  it.each(Object.keys(CASES))(
    '%s: another subaccount is another object, and an id is known where its key is',
    (type) => {
      const attributes = attributesOf(type)
      const config = configOf(type, {
        ...exampleOf(type),
        ...(type === 'mailconfig_ip_allowlist' ? { list: 'smtp' } : {}),
      })
      const { planned } = planResource(kindOf(type), attributes, null, config)
      const isOurs = attributes.some(({ name, role }) => name === 'id' && role === 'id')
      if (isOurs) expect(planned['id']).toEqual(expect.any(String))
      if (kindOf(type).scope !== 'subaccount') return
      const prior = Object.fromEntries(
        Object.entries(planned).map(([name, one]) => [name, one === UNKNOWN ? null : one]),
      )
      const moved = planResource(kindOf(type), attributes, prior, {
        ...config,
        subaccount: 'Acme',
        allow_replace: true,
      })
      expect(moved.requiresReplace).toEqual([['subaccount']])
      if (isOurs) expect(moved.planned['id']).toBe(`main/Acme:${String(planned['id'])}`)
    },
  )
})

describe.runIf(needsTerraform())('an API that fails in between', () => {
  it('what was made and could not be read back is in the state all the same', async () => {
    const world = await openWorld()
    onTestFinished(() => world.close())
    world.write('resource "mailconfig_api_key" "it" { description = "Billing" }')
    const view = { path: '/v3/api_keys/view', nth: 2 }
    world.emulator.faults([{ fault: 'status', status: 403, body: { data: { error: 'no' } }, match: view }])
    const { code, stdout } = await world.apply()
    expect([code, stdout.includes('Warning: The API key could not be read back')]).toEqual([0, true])
    expect(world.attributes('mailconfig_api_key.it')?.['key']).toMatch(/^api-/)
    const next = await world.plan()
    expect([next.code, next.stdout.match(/^ {2}# .*$/gm)]).toEqual([0, null])
  })

  it('a refusal is an error in the words of the API, and nothing is in the state', async () => {
    const world = await openWorld()
    onTestFinished(() => world.close())
    world.write('resource "mailconfig_smtp_user" "it" {\n  username = "billing-app"\n  password = "weak"\n}')
    const { code, stderr } = await world.apply()
    expect([code, stderr.includes('Error: The SMTP user was refused')]).toEqual([1, true])
    expect(world.attributes('mailconfig_smtp_user.it')).toBeUndefined()
  })
})
