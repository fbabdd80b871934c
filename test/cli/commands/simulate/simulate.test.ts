import { afterEach, describe, expect, test } from 'vitest'
import { closeHomes, home } from '../../harness.ts'

afterEach(closeHomes)

const SPEC = `smtpUsers:
  - { username: billing-app, password: "\${env:PASSWORD}", rateLimit: { messages: 100, per: 1 hour } }
  - { username: trial-app, password: "\${env:PASSWORD}", status: sandbox }
senderDomains:
  - domain: shop.example
ipAllowlist:
  smtp: { enabled: true, entries: [{ address: 203.0.113.0/24 }] }
suppressions:
  - gone@example.org
`
const SET = { env: { PASSWORD: 'a-long-Passw0rd-of-the-test' } }
const line = (...words: string[]) => ['simulate', ...words].join(' ')
const USER = ['--from', 'a@shop.example', '--user', 'billing-app']

describe('simulate', () => {
  test('names every rule, its place and its evidence, and what would help', async () => {
    const at = await home()
    at.spec(SPEC)
    const { code, stdout } = await at.run(
      line('--from', 'a@evil.example', '--to', 'ann@example.net', '--user', 'billing-app', '--ip', '198.51.100.9'),
    )
    expect(code).toBe(2)
    expect(stdout).toContain('refused  550 at RCPT TO: that IP address on this account is not allowed to send')
    expect(stdout).toMatch(
      /IP_NOT_LISTED +ipAllowlist.smtp is on and lacks 198.51.100.9 +mailconfig.yaml:\d+:\d+ +documented/,
    )
    expect(stdout).toMatch(/SENDER_UNVERIFIED +no verified sender covers evil.example \(From header\) +seen live/)
    expect(stdout).toContain(
      'It would be taken with: 198.51.100.9 in ipAllowlist.smtp.entries, and evil.example under senderDomains, verified.',
    )
    expect(stdout).toContain('from the spec alone: the account was not asked')
    expect(at.emulator.requests()).toEqual([])
  })

  test('says who gets it and who does not', async () => {
    const at = await home()
    at.spec(SPEC)
    const all = await at.run(line(...USER, '--to', 'ann@example.net'))
    expect(all).toMatchObject({ code: 0, stdout: expect.stringContaining('taken  and delivered to its recipient') })
    expect(all.stdout).toMatch(/assumes shop.example is verified \(mailconfig.yaml:\d+:\d+\)/)
    const some = await at.run(line(...USER, '--to', 'ann@example.net', '--to', 'gone@example.org'))
    expect(some).toMatchObject({
      code: 2,
      stdout: expect.stringContaining('taken  but not delivered to 1 of 2 recipients'),
    })
    const trial = await at.run(line('--from', 'a@shop.example', '--user', 'trial-app', '--to', 'ann@example.net'))
    expect(trial).toMatchObject({ code: 2, stdout: expect.stringContaining('SANDBOX') })
  })

  test('judges the account as it will be, or as it is', async () => {
    const at = await home()
    at.spec(SPEC)
    const asked = line(...USER, '--to', 'ann@example.net', '--ip', '198.51.100.9')
    const desired = await at.run(asked, SET)
    expect(desired.code).toBe(2)
    expect(desired.stdout).toContain('IP_NOT_LISTED')
    expect(desired.stdout).not.toContain('from the spec alone')
    expect(at.emulator.requests().every(({ writes }) => !writes)).toBe(true)
    const live = await at.run(`${asked} --state live`, SET)
    expect(live.code).toBe(2)
    expect(live.stdout).toContain('refused  535 at AUTH: Incorrect authentication data')
    const run = await at.run('apply --auto-approve --ledger none', SET)
    expect(run).toMatchObject({ code: 0 })
    const after = await at.run(`${line(...USER, '--to', 'ann@example.net', '--ip', '203.0.113.9')} --state live`, SET)
    expect(after.stdout).toContain('shop.example is not verified yet')
    at.emulator.settings({ publishedDns: 'all', reverifyMinutes: 0 })
    expect(
      await at.run(`${line(...USER, '--to', 'ann@example.net', '--ip', '203.0.113.9')} --state live`, SET),
    ).toMatchObject({ code: 0 })
  })

  test('says what it cannot tell', async () => {
    const at = await home()
    at.spec(SPEC)
    const unknown = await at.run(line('--from', 'a@shop.example', '--to', 'b@example.net', '--user', 'other-app'))
    expect(unknown).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('it cannot be told: the spec declares no "other-app"'),
    })
    const nobody = await at.run(line('--from', 'a@shop.example', '--to', 'b@example.net'))
    expect(nobody).toMatchObject({ code: 1, stderr: expect.stringContaining('say who sends') })
  })

  test('is data with --format json', async () => {
    const at = await home()
    at.spec(SPEC)
    const { stdout } = await at.run(line(...USER, '--to', 'gone@example.org', '--format', 'json'))
    expect(JSON.parse(stdout)).toMatchObject({
      formatVersion: '1.0',
      scope: 'main',
      outcome: 'taken',
      rules: [
        { rule: 'SUPPRESSED', evidence: 'documented', recipient: 'gone@example.org', at: { file: 'mailconfig.yaml' } },
      ],
      recipients: [{ address: 'gone@example.org', fate: 'suppressed', rule: 'SUPPRESSED' }],
    })
  })
})
