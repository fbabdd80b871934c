import { afterEach, describe, expect, test } from 'vitest'
import { expectedUse } from '../../../../src/cli/commands/usage/forecast.ts'
import { closeHomes, home } from '../../harness.ts'
import { mailDay, traffic } from '../../traffic/traffic.ts'

afterEach(closeHomes)

describe('usage', () => {
  test('says what is used of each plan, and exits with 2 over a share', async () => {
    const at = await traffic([mailDay(0, 'printer', 850)])
    at.spec('')
    const { code, stdout } = await at.run('usage')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^main {2}850 of 1,000 used \(85%\), 150 left, cycle 20\d\d-\d\d-01 to /)
    expect(await at.run('usage --max 80%')).toMatchObject({ code: 2, stdout: expect.stringContaining('more than 80%') })
    expect((await at.run('usage --max 85%')).code).toBe(0)
    expect((await at.run('usage --max 850%')).code).toBe(1)
  })

  const north = {
    smtp2go: {
      subaccounts: [{ id: 'nth001', name: 'No "rth"', plan_size: 2000 }],
      scopes: { nth001: { mail: { days: [mailDay(0, 'x', 500)] } } },
    },
  }

  test('has a row for each subaccount, with or without the endpoints that only the overview names', async () => {
    const at = await home({ seed: north })
    at.spec('')
    const line = /main\/No "rth" {2}500 of 2,000 used \(25%\), 1,500 left/
    const served = await at.run('usage --by subaccount')
    expect(served.stdout).toMatch(line)
    expect(served.stdout).toContain('text messages')
    at.emulator.settings({ seedOnly: 'refuse' })
    const refused = await at.run('usage --by subaccount')
    expect(refused.stdout).toMatch(line)
    expect(refused.stdout).not.toContain('text messages')
  })

  test('speaks JSON and OpenMetrics', async () => {
    const at = await home({ seed: north })
    at.spec('')
    const json = JSON.parse((await at.run('usage --by subaccount --format json')).stdout)
    expect(json.plans[1]).toMatchObject({ account: 'main', subaccount: 'No "rth"', used: 500, left: 1500, share: 0.25 })
    const metrics = (await at.run('usage --by subaccount --format openmetrics')).stdout
    expect(metrics).toContain('mailconfig_plan_used_messages{account="main",subaccount="No \\"rth\\""} 500\n')
    expect(metrics).toMatch(/# EOF\n$/)
    for (const line of metrics.trimEnd().split('\n'))
      expect(line).toMatch(/^(# (TYPE|HELP) \w+ .+|# EOF|\w+\{account="[^"]*",subaccount="(\\"|[^"])*"\} \d+)$/)
  })
})

test('what is expected follows the days that are gone', () => {
  const cycle = { first: '2026-11-01', last: '2026-11-30' }
  const use = { used: 300, limit: 1000, cycle }
  expect(expectedUse(use, new Date('2026-11-11T00:00:00Z'))).toBe(900)
  expect(expectedUse(use, new Date('2026-11-01T12:00:00Z'))).toBeUndefined()
  expect(expectedUse(use, new Date('2026-12-05T00:00:00Z'))).toBe(300)
  expect(expectedUse({ used: 1, limit: 2 }, new Date())).toBeUndefined()
})
