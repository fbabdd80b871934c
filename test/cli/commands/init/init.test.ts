import { afterEach, describe, expect, test } from 'vitest'
import { closeHomes, home, lintsOff, state, writes } from '../../harness.ts'

afterEach(closeHomes)

const RICH = state({
  smtpUsers: [
    { username: 'billing-app', description: 'Bills ${x}', status: 'allowed' },
    { username: 'shop-app', description: 'Shop', status: 'sandbox' },
  ],
  webhooks: [
    {
      id: 1,
      url: 'https://hooks.example.com/mail',
      events: ['spam'],
      auth_header_type: 'bearer',
      auth_header_value: 'x',
    },
  ],
  suppressions: [
    { email_address: 'a@example.org', block_description: '', reason: 'manual', timestamp: '2026-11-01 12:00:00' },
  ],
  singleSenders: [{ email_address: 'ceo@example.net', verified: true }],
})

describe('init with credentials', () => {
  test('says what it read, what no API shows, and what Git should not see; and its plan is empty', async () => {
    const at = await home({ seed: RICH })
    const env = { SMTP2GO_URL: at.emulator.smtp2go, SMTP2GO_API_KEY: at.emulator.apiKey }
    const { code, stdout, stderr } = await at.run('init', { env })
    expect(stdout).toMatch(/^Read main: .*2 smtpUsers, 1 suppressions, 1 webhooks\.$/m)
    expect(stdout).toContain('Add to .gitignore: .env .mailconfig/ secrets/')
    expect(stdout).toMatch(/Next: mailconfig plan/)
    expect(stderr).toContain('SMTP2GO_API_KEY=   # main')
    expect(stderr).toContain('BILLING_APP_PASSWORD=   # smtpUsers/billing-app: password')
    expect(stderr).toContain('# webhooks/https://hooks.example.com/mail: auth.value')
    expect(stdout + stderr + at.everything()).not.toContain(at.emulator.apiKey)
    expect(at.text('mailconfig.yaml')).toMatch(/^# yaml-language-server: \$schema=\.\/mailconfig\.schema\.json\n/)
    expect(at.has('mailconfig.schema.json')).toBe(true)
    expect(code).toBe(0)
    expect((await at.run(`plan --detailed-exitcode --strict ${lintsOff(at)}`, { env })).code).toBe(0)
    expect((await at.run('fmt --check', { env })).code).toBe(0)
    expect(writes(at.emulator)).toEqual([])
  })

  test('says nothing about what Git ignores already', async () => {
    const at = await home({ seed: RICH })
    at.file('.gitignore', '.env\n/.mailconfig/\nsecrets\n')
    const env = { SMTP2GO_URL: at.emulator.smtp2go, SMTP2GO_API_KEY: at.emulator.apiKey }
    expect((await at.run('init', { env })).stdout).not.toContain('.gitignore')
  })

  test('a credential that is refused is said plainly, and nothing is written', async () => {
    const at = await home({ seed: RICH })
    const env = { SMTP2GO_URL: at.emulator.smtp2go, SMTP2GO_API_KEY: `api-${'0'.repeat(32)}` }
    const { code, stdout, stderr } = await at.run('init', { env })
    expect(stderr).toMatch(/^error: the credential of the account "main" is refused: /)
    expect(stderr).toMatch(/region/)
    expect(stdout).toBe('')
    expect(code).toBe(1)
    expect(at.has('mailconfig.yaml')).toBe(false)
  })
})
