import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { kinds } from '../../src/apis/index.ts'
import { closeHomes, home, state } from '../cli/harness.ts'
import { needsTerraform, terraform } from './terraform.ts'

afterAll(closeHomes)

const HEAD = `
terraform {
  required_providers {
    mailconfig = { source = "mailconfig/mailconfig" }
  }
}
provider "mailconfig" {}
variable "password" { sensitive = true }
variable "value" { sensitive = true }
`

/** The first block of Terraform on a page. */
function exampleOf(path: string): string {
  const found = /```terraform\n([\s\S]*?)```/.exec(readFileSync(path, 'utf8'))
  if (found?.[1] === undefined) throw new Error(`${path} has no example`)
  return found[1]
}

test('every resource has a page, and so has every data source and function', () => {
  const pages = readdirSync('docs/terraform/resources')
  expect(pages).toEqual([...kinds.map(({ resource }) => `${resource}.md`), 'sender_domain_verification.md'].sort())
  expect(readdirSync('docs/terraform/data-sources')).toContain('spec.md')
  expect(readdirSync('docs/terraform/functions')).toContain('dns_records.md')
})

describe.runIf(needsTerraform())('the examples of the pages', () => {
  test('can be applied as they stand, all together', { timeout: 120_000 }, async () => {
    const at = await home({ seed: state({ ipAuth: [{ ip_address: '198.51.100.4' }] }) }) // no call makes one
    expect((await at.run('terraform install --dir plugins')).code).toBe(0)
    const pages = readdirSync('docs/terraform/resources').map((name) =>
      exampleOf(join('docs/terraform/resources', name)),
    )
    // Only that one example needs another's object, and names it instead of referring to it.
    const body = pages
      .join('\n')
      .replace('subaccounts = ["Acme"]', 'subaccounts = [mailconfig_subaccount.example.name]')
    at.file('main.tf', `${HEAD}${body.replace('timeout = "15 minutes"', 'timeout = "00:00:01"')}`)
    const env = {
      SMTP2GO_API_KEY: at.emulator.apiKey,
      SMTP2GO_URL: at.emulator.smtp2go,
      BACKOFFICE_URL: at.emulator.backoffice,
      BACKOFFICE_TOKEN: at.emulator.token,
      TF_VAR_password: 'Str0ng-Passw0rd!xyz',
      TF_VAR_value: 'token-for-the-hook',
    }
    const run = (...args: string[]) => terraform(at.dir, args, env)
    expect((await run('init', '-no-color', `-plugin-dir=${join(at.dir, 'plugins')}`)).code).toBe(0)
    const applied = await run('apply', '-no-color', '-auto-approve')
    expect(applied.stderr).toBe('')
    expect(applied.stdout).toMatch(
      new RegExp(`Resources: 1 imported, ${pages.length - 1} added, 1 changed, 0 destroyed`),
    )
    const again = await run('plan', '-no-color', '-detailed-exitcode')
    expect(again.stdout).toContain('mailconfig_sender_domain_verification.example') // it is not verified, so it is asked for again
    expect(again.stdout).not.toMatch(/# mailconfig_(?!sender_domain_verification)/)
    expect(at.text('terraform.tfstate')).not.toContain('Str0ng-Passw0rd!xyz')
    expect(at.text('terraform.tfstate')).not.toContain('token-for-the-hook')
  })
})
