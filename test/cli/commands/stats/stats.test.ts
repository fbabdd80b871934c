import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { closeHomes } from '../../harness.ts'
import { hasBrowser, launch, open, violations } from '../../report/browser.ts'
import { dayBefore, mailDay, traffic } from '../../traffic/traffic.ts'

afterEach(closeHomes)

const days = [
  mailDay(0, 'printer', 200, { softbounces: 6, hardbounces: 4, spam: 1, opens: 50, clicks: 5 }),
  mailDay(2, 'printer', 100),
  mailDay(2, 'billing', 50, { hardbounces: 5 }),
  mailDay(40, 'printer', 9999),
]

describe('stats', () => {
  test('adds up the last 30 days, and says what is left of the plan', async () => {
    const at = await traffic(days)
    at.spec('')
    const { code, stdout } = await at.run('stats')
    expect(code).toBe(0)
    expect(stdout).toContain(`main  ${dayBefore(29)} to ${dayBefore(0)} (UTC)`)
    expect(stdout).toContain('350 sent, 15 bounced (4.29%), 0 rejected, 1 complaints (0.29%)')
    expect(stdout).toMatch(/\d+ of 1,000 used in the cycle 20/)
  })

  test('has a row for each day, one call each', async () => {
    const at = await traffic(days)
    at.spec('')
    const { stdout } = await at.run('stats --by day --last 3d')
    expect(stdout).toContain('▇▁█')
    expect(stdout).toMatch(new RegExp(`\\n  ${dayBefore(1)} +0 +0 `))
    expect(at.emulator.requests().filter(({ path }) => path === '/v3/stats/email_history')).toHaveLength(3)
    const many = await at.run('stats --by day --last 40d')
    expect(many).toMatchObject({ code: 1, stderr: expect.stringContaining('40 are more than 31') })
  })

  test('exits with 2 over a limit, in the total or in a row of enough messages', async () => {
    const at = await traffic(days)
    at.spec('')
    const over = await at.run('stats --max-bounces 4%')
    expect(over).toMatchObject({ code: 2, stdout: expect.stringContaining('main: 4.29% bounces, more than 4%') })
    expect((await at.run('stats --max-bounces 5% --max-spam 1%')).code).toBe(0)
    const byUser = await at.run('stats --by user --max-bounces 3%')
    expect(byUser.stdout).toContain('main, printer: 3.33% bounces, more than 3%')
    expect(byUser.stdout).not.toContain('main, billing:') // 50 messages say nothing
  })

  test('writes JSON and CSV; no cell is a formula', async () => {
    const at = await traffic([...days, mailDay(0, '=cmd', 10)])
    at.spec('')
    const json = JSON.parse((await at.run('stats --by sender --format json')).stdout)
    expect(json).toMatchObject({
      by: 'sender',
      accounts: [{ account: 'main', total: { sent: 360, bounceRate: 15 / 360 } }],
    })
    expect(json.accounts[0].rows[0]).toMatchObject({ name: 'printer@shop.example', sent: 300, lastIp: '203.0.113.9' })
    const csv = (await at.run('stats --by user --format csv')).stdout.split('\r\n')
    expect(csv[0]).toBe('account,from,until,user,sent,bounces,rejects,complaints,unsubscribes,opens,clicks')
    expect(csv).toContainEqual(expect.stringMatching(/^main,[\d-]+,[\d-]+,'=cmd,10,/))
  })

  test('says what is wrong with the days', async () => {
    const at = await traffic()
    at.spec('')
    const said = async (args: string) => (await at.run(`stats ${args}`)).stderr
    expect(await said('--last 7d --from 2026-01-01')).toContain('--last does not go with --from')
    expect(await said('--from 2026-02-30')).toContain('--from is not a day: "2026-02-30"')
    expect(await said('--until 2026-02-01')).toContain('--until needs --from')
    expect(await said('--from 2026-02-02 --until 2026-02-01')).toContain('2026-02-02 is after 2026-02-01')
    expect(await said('--last soon')).toContain('30d, 2w or 12h')
    expect(await said('--max-bounces lots')).toContain('5% or 0.1%')
  })
})

describe.skipIf(!hasBrowser())('the page of the statistics', { timeout: 60_000 }, () => {
  test('runs nothing, asks nobody, and axe finds nothing', async () => {
    const at = await traffic([...days, mailDay(0, '<img src=x onerror=alert(1)>', 10)])
    at.spec('')
    await at.run('stats --by day --format html -o page.html')
    const html = at.text('page.html')
    expect(html).not.toMatch(/<script|https?:\/\//)
    expect(html).toContain('<svg')
    expect((await at.run('stats --by user --format html')).stdout).toContain('&#60;img src=x')
    const browser = await launch()
    try {
      for (const scheme of ['light', 'dark'] as const) {
        await using opened = await open(browser, pathToFileURL(join(at.dir, 'page.html')).href, { scheme })
        await opened.picture(`stats-${scheme}`)
        expect(await violations(opened)).toEqual([])
        expect(opened.requests).toEqual([])
        expect(opened.errors).toEqual([])
      }
    } finally {
      await browser.close()
    }
  })
})
