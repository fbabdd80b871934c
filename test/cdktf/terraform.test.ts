import { cpSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { schemaJson } from '../../scripts/cdktf-schema.ts'
import { type Emulator, startEmulator } from '../../src/apis/emulator.ts'
import { installProvider, needsTerraform, PROVIDER, terraform } from '../terraform/terraform.ts'
import { LIBRARIES, mainWith, project } from './stack.ts'

const { version }: { version: string } = JSON.parse(readFileSync('package.json', 'utf8'))
const BIN = resolve('dist/terraform-provider.cjs')
const PASSWORDS = ['Str0ng-Passw0rd!billing', 'Str0ng-Passw0rd!shop']

describe.runIf(needsTerraform())('with the real terraform', () => {
  let emulator: Emulator
  let env: Record<string, string>

  beforeAll(async () => {
    emulator = await startEmulator()
    env = {
      SMTP2GO_API_KEY: emulator.apiKey,
      SMTP2GO_URL: emulator.smtp2go,
      BACKOFFICE_URL: emulator.backoffice,
      BACKOFFICE_TOKEN: emulator.token,
      TF_VAR_billing_password: PASSWORDS[0] ?? '',
      TF_VAR_shop_password: PASSWORDS[1] ?? '',
    }
  })
  afterAll(() => emulator.close())

  test('the schema that constructs are made from is the one that terraform prints', async () => {
    using at = project('cdktf')
    expect(await at.synth(mainWith(''))).toEqual({ code: 0, stderr: '' })
    installProvider(at.out, BIN, version)
    expect(await terraform(at.out, ['init'])).toMatchObject({ code: 0 })
    const { stdout } = await terraform(at.out, ['providers', 'schema', '-json'])
    const real = JSON.parse(stdout).provider_schemas[PROVIDER]
    const ours = schemaJson(version).provider_schemas[PROVIDER]
    for (const part of ['resource_schemas', 'data_source_schemas', 'ephemeral_resource_schemas', 'functions'] as const)
      expect(plain(ours?.[part])).toEqual(plain(real[part]))
    expect(plain(ours?.provider)).toEqual(plain(real.provider))
  })

  test('with cdktn a password is made while terraform applies, and kept nowhere; functions of the provider can be called', async () => {
    using at = project('cdktn')
    const main = `
import { TerraformOutput } from 'cdktn'
import { ephemeralMailconfigSmtpPassword } from 'mailconfig/cdktn'
const made = new ephemeralMailconfigSmtpPassword.EphemeralMailconfigSmtpPassword(stack, 'made', { length: 24 })
new smtpUser.SmtpUser(stack, 'user', { username: 'made-app', passwordWo: made.result, passwordWoVersion: 1 })
new TerraformOutput(stack, 'period', { value: provider.functions.normalizePeriod('60 minutes'), staticId: true })`
    const named = mainWith(main).replace('new MailconfigProvider', 'const provider = new MailconfigProvider')
    expect(await at.synth(named)).toEqual({ code: 0, stderr: '' })
    installProvider(at.out, BIN, version)
    expect(await terraform(at.out, ['init'], env)).toMatchObject({ code: 0 })
    expect(await terraform(at.out, ['apply', '-auto-approve'], env)).toMatchObject({ code: 0, stderr: '' })
    expect((await terraform(at.out, ['output', '-raw', 'period'], env)).stdout).toBe('1 hour')
    expect(JSON.stringify(emulator.state())).toContain('made-app')
    expect(await terraform(at.out, ['destroy', '-auto-approve'], env)).toMatchObject({ code: 0 })
  })

  describe.each(LIBRARIES)('%s', (library) => {
    test('every object of a full spec is valid to terraform', async () => {
      using at = project(library)
      cpSync('examples/full', at.dir, { recursive: true })
      expect(await at.synth(mainWith("new MailConfigSpec(stack, 'spec', { file: 'mailconfig.yaml' })"))).toMatchObject({
        code: 0,
      })
      installProvider(at.out, BIN, version)
      expect(await terraform(at.out, ['init'], env)).toMatchObject({ code: 0 })
      expect(await terraform(at.out, ['validate'], env)).toMatchObject({ code: 0, stderr: '' })
    })

    test('the example is applied, has nothing to do then, keeps no password anywhere, and is destroyed', {
      timeout: 120_000,
    }, async () => {
      using at = project(library)
      cpSync(join('examples', library), at.dir, { recursive: true })
      expect(await at.synth(readFileSync(join('examples', library, 'main.ts'), 'utf8'))).toEqual({
        code: 0,
        stderr: '',
      })
      installProvider(at.out, BIN, version)
      const run = (...args: string[]) => terraform(at.out, args, env)
      expect(await run('init')).toMatchObject({ code: 0 })
      expect(await run('plan', '-out=plan')).toMatchObject({ code: 0, stderr: '' })
      const applied = await run('apply', 'plan')
      expect(applied).toMatchObject({ code: 0, stderr: '' })
      expect(applied.stdout).toContain('5 added, 0 changed, 0 destroyed')
      expect(await run('plan', '-detailed-exitcode')).toMatchObject({ code: 0 })
      const { stdout } = await run('output', '-json', 'dns_records')
      expect(JSON.parse(stdout)).toEqual([
        { name: expect.stringMatching(/^s\d+\._domainkey\.example\.com$/), type: 'CNAME', value: expect.any(String) },
        { name: 'bounce.example.com', type: 'CNAME', value: expect.any(String) },
        { name: 'link.example.com', type: 'CNAME', value: expect.any(String) },
      ])
      const state = await run('state', 'pull')
      const plan = await run('show', '-json', 'plan')
      const synthesised = readFileSync(join(at.out, 'cdk.tf.json'), 'utf8')
      for (const text of [state.stdout, plan.stdout, synthesised])
        for (const password of PASSWORDS) expect(text).not.toContain(password)
      expect(state.stdout).toContain('billing-app') // else the lines above say nothing
      const before = JSON.stringify(emulator.state())
      expect(before).toContain('shop-app')
      expect(await run('destroy', '-auto-approve')).toMatchObject({ code: 0 })
      const after = JSON.stringify(emulator.state())
      for (const name of ['shop-app', 'billing-app', 'hooks.example.com', 'former-customer'])
        expect([name, after.includes(name)]).toEqual([name, false])
    })
  })
})

/** Without how a description is written, and without what is false or empty. */
function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (name, one: unknown) => (name === 'description_kind' || one === false ? undefined : one)),
  )
}
