import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SaxesParser } from 'saxes'
import { afterEach, describe, expect, test } from 'vitest'
import { closeHomes, home } from '../../harness.ts'

afterEach(closeHomes)

const SPEC = `smtpUsers:
  - { username: billing-app, password: "\${env:PASSWORD}", rateLimit: { messages: 100, per: 1 hour } }
senderDomains:
  - domain: shop.example
ipAllowlist:
  smtp: { enabled: true, entries: [{ address: 203.0.113.0/24 }] }
suppressions:
  - gone@example.org
tests:
`
const HOLD = `  - name: Billing sends
    from: "*@shop.example"
    as: smtpUsers/billing-app
    ip: [203.0.113.9, 203.0.113.128/25]
    to: [ann@example.net]
    expect: accepted
  - { name: Nobody from outside, as: "smtpUsers/*", ip: 198.51.100.0/24, expect: refused, rule: IP_NOT_LISTED }
  - { name: "Stays <blocked>", to: gone@example.org, expect: suppressed }
`
const FAILS = `  - { name: "All of the <office>", ip: 203.0.0.0/16, expect: accepted }
`
const SET = { env: { PASSWORD: 'a-long-Passw0rd-of-the-test' } }

describe('test', () => {
  test('holds, offline and against the account', async () => {
    const at = await home()
    at.spec(SPEC + HOLD)
    const alone = await at.run('test')
    expect(alone).toMatchObject({ code: 0, stdout: expect.stringContaining('All 3 hold. From the spec alone') })
    expect(await at.run('test', SET)).toMatchObject({ code: 0, stdout: expect.stringContaining('All 3 hold.\n') })
    const live = await at.run('test --state live', SET)
    expect(live).toMatchObject({ code: 1, stdout: expect.stringContaining('no login matches') })
  })

  test('names the combination that fails, in every format', async () => {
    const at = await home()
    at.spec(SPEC + HOLD + FAILS)
    const text = await at.run('test')
    expect(text.code).toBe(1)
    expect(text.stdout).toContain('failed  All of the <office>  mailconfig.yaml:')
    expect(text.stdout).toContain('from 203.0.0.0, as somebody@passes.invalid')
    expect(text.stdout).toContain(
      'it is refused (IP_NOT_LISTED: ipAllowlist.smtp is on and lacks 203.0.0.0), not accepted',
    )
    const tap = await at.run('test --format tap')
    expect(tap.stdout).toMatch(/^TAP version 14\n1\.\.4\nok 1 - Billing sends\n/)
    expect(tap.stdout).toContain('not ok 4 - All of the <office>\n  ---\n')
    const junit = await at.run('test --format junit')
    const names: string[] = []
    const parser = new SaxesParser()
    parser.on('opentag', ({ name }) => names.push(name))
    parser.write(junit.stdout).close()
    expect(names.filter((name) => name === 'testcase')).toHaveLength(4)
    expect(names.filter((name) => name === 'failure')).toHaveLength(1)
    const json = await at.run('test --format json')
    expect(JSON.parse(json.stdout)).toMatchObject({
      passed: 3,
      failed: 1,
      tests: [{ name: 'Billing sends' }, {}, {}, { failed: {} }],
    })
  })

  test('a plan stops at a test that would fail, and nobody can accept it', async () => {
    const at = await home()
    at.spec(SPEC + HOLD + FAILS)
    const plan = await at.run('plan --ledger none', SET)
    expect(plan.stdout).toContain('G1 TEST_FAILED stops here')
    expect(plan.stdout).not.toContain('--accept G1')
    const apply = await at.run('apply --auto-approve --ledger none', SET)
    expect(apply.code).toBe(3)
    expect(at.emulator.requests().some(({ committed }) => committed)).toBe(false)
    at.spec(SPEC + HOLD)
    expect(await at.run('apply --auto-approve --ledger none', SET)).toMatchObject({ code: 0 })
  })

  test('says why no login can be tied to a sender', async () => {
    const at = await home()
    at.spec(`${SPEC}  - { name: Only billing, as: smtpUsers/billing-app, from: ceo@shop.example, expect: refused }\n`)
    const { stdout } = await at.run('test')
    expect(stdout).toContain('no rule of the service ties a login to a sender')
    expect(stdout).toContain('Only a subaccount of its own keeps two senders apart')
  })

  test('a test that is not one is a problem with its place', async () => {
    const at = await home()
    at.spec(`${SPEC}  - { name: x, expect: maybe }\n`)
    const { code, stderr } = await at.run('validate')
    expect(code).toBe(1)
    expect(stderr).toMatch(/mailconfig.yaml:\d+:\d+ BAD_VALUE/)
  })
})

describe('a plan', () => {
  test('says who may send after it, in every format', async () => {
    const at = await home()
    at.spec(SPEC.replace('tests:\n', ''))
    const { stdout } = await at.run('plan --ledger none --report markdown=plan.md --report html=plan.html', SET)
    for (const line of [
      '+ login: SMTP user billing-app',
      '+ as anybody else @shop.example',
      '- from 0.0.0.0 to 203.0.112.255',
      '- to gone@example.org',
    ])
      expect(stdout).toContain(line)
    expect(readFileSync(join(at.dir, 'plan.md'), 'utf8')).toContain('- from 0.0.0.0 to 203.0.112.255')
    expect(readFileSync(join(at.dir, 'plan.html'), 'utf8')).toContain('from 0.0.0.0 to 203.0.112.255')
    const json = JSON.parse((await at.run('plan --ledger none --format json', SET)).stdout)
    expect(json.sending).toEqual([
      {
        scope: 'main',
        gained: { logins: ['SMTP user billing-app'], from: [], as: ['anybody else @shop.example'], to: [] },
        lost: {
          logins: [],
          from: ['0.0.0.0 to 203.0.112.255', '203.0.114.0 to 255.255.255.255', '::/0'],
          as: [],
          to: ['gone@example.org'],
        },
      },
    ])
    expect(await at.run('apply --auto-approve --ledger none', SET)).toMatchObject({ code: 0 })
    expect((await at.run('plan --ledger none', SET)).stdout).not.toContain('Who may send')
  })
})
