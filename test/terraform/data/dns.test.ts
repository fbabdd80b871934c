import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { closeHomes, home } from '../../cli/harness.ts'
import { needsTerraform, terraform } from '../terraform.ts'

afterAll(closeHomes)

describe.runIf(needsTerraform())('the data source of DNS records', () => {
  test('gives the three records of a domain of the account, and says what was found', { timeout: 60_000 }, async () => {
    const at = await home({ settings: { publishedDns: 'all' } })
    expect((await at.run('terraform install --dir plugins')).code).toBe(0)
    at.spec('senderDomains:\n  - { domain: example.com, returnPath: bounce }\n')
    expect((await at.run('apply --auto-approve')).code).toBe(0)
    at.file(
      'main.tf',
      'terraform {\n  required_providers {\n    mailconfig = { source = "mailconfig/mailconfig" }\n  }\n}\n' +
        'data "mailconfig_dns_records" "this" {\n  domain = "Example.com"\n}\n' +
        'output "records" {\n  value = data.mailconfig_dns_records.this.records\n}\n',
    )
    const env = { SMTP2GO_API_KEY: at.emulator.apiKey, SMTP2GO_URL: at.emulator.smtp2go }
    await terraform(at.dir, ['init', `-plugin-dir=${join(at.dir, 'plugins')}`], env)
    expect((await terraform(at.dir, ['apply', '-auto-approve'], env)).stderr).toBe('')
    const { stdout } = await terraform(at.dir, ['output', '-json', 'records'], env)
    expect(JSON.parse(stdout)).toMatchObject([
      {
        purpose: 'dkim',
        name: expect.stringMatching(/^s\d+\._domainkey\.example\.com$/),
        value: 'dkim.smtp2go.net',
        verified: true,
      },
      {
        purpose: 'return_path',
        name: 'bounce.example.com',
        type: 'CNAME',
        value: 'return.smtp2go.net',
        verified: true,
      },
      { purpose: 'tracking', name: 'link.example.com', value: 'track.smtp2go.net' },
    ])
  })
})
