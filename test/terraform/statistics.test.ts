import { readFileSync } from 'node:fs'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { JsonObject } from '../../src/emulator/json.ts'
import { openWorld, type World } from './e2e/world.ts'
import { needsTerraform } from './terraform.ts'

const today = new Date()
const date = today.toISOString().slice(0, 10)
const sent = (username: string, email_address: string, more: object = {}) => {
  return { date, username, email_address, emails: 150, bytecount: 300_000, lastip: '203.0.113.8', ...more }
}
const ann = sent('printer', 'ann@shop.example', { softbounces: 6, hardbounces: 5, spam: 2, opens: 40, clicks: 4 })
const bob = sent('api-abcdefabcdef', 'bob@news.example', { emails: 50, unsubscribes: 1, rejects: 3 })
const north = sent('northern', 'nora@north.example', { emails: 8, hardbounces: 1, spam: 1 })
const CYCLE_KEY = `api-${'c'.repeat(32)}`
const seed = {
  smtp2go: {
    keys: [{ api_key: CYCLE_KEY, endpoints: ['/stats/email_cycle'] }],
    subaccounts: [
      { id: 'sub001', name: 'North', plan_size: 2000, plan_used: 100 },
      { id: 'sub002', name: 'South' },
    ],
    scopes: { '': { mail: { cycle_max: 1000, days: [ann, bob] } }, sub001: { mail: { days: [north] } } },
  },
}
const first = (month: number) => new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + month, 1))
const utc = (time: Date) => `${time.toISOString().slice(0, 19)}Z`

/** A world with one data source; `read` answers it, `body` is what stands in its block. */
async function open(state: unknown = seed) {
  const world = await openWorld(state)
  onTestFinished(() => world.close())
  const read = async (body: string, env: Readonly<Record<string, string>> = {}) => {
    world.write(
      `data "mailconfig_statistics" "it" {\n${body}\n}\noutput "it" { value = data.mailconfig_statistics.it }\n`,
    )
    const { code, stderr } = await world.run(['apply', '-auto-approve', '-lock=false'], env)
    expect([code, stderr]).toEqual([0, ''])
    const { stdout } = await world.run(['output', '-json', 'it'])
    return JSON.parse(stdout)
  }
  const refused = async (body: string, env: Readonly<Record<string, string>> = {}) => {
    world.write(`data "mailconfig_statistics" "it" {\n${body}\n}\n`)
    const { code, stderr } = await world.run(['plan', '-lock=false'], env)
    expect(code).toBe(1)
    return stderr.replace(/[│╷╵\s]+/g, ' ')
  }
  return { ...world, read, refused }
}
const paths = ({ requests }: Pick<World, 'requests'>) => requests().map(({ path }) => path.replace('/v3', ''))

/** The first block of Terraform on a page that has `word` in it. */
function exampleOf(path: string, word: string): string {
  const blocks = [...readFileSync(path, 'utf8').matchAll(/```terraform\n([\s\S]*?)```/g)].map(([, block = '']) => block)
  const found = blocks.find((block) => block.includes(word))
  if (found === undefined) throw new Error(`${path} has no example with ${word}`)
  return found
}

describe.runIf(needsTerraform())('the data source of statistics', () => {
  it('gives everything with one call', async () => {
    const world = await open()
    expect(await world.read('')).toEqual({
      ...{ username: null, subaccount: null, parts: null, history_by: null, history_from: null, history_until: null },
      cycle: {
        start: utc(first(0)),
        end: utc(new Date(first(1).getTime() - 86_400_000)),
        ...{ used: 200, remaining: 800, max: 1000 },
      },
      summary: { emails: 200, opens: 40, clicks: 4, rejects: 3 },
      bounces: { emails: 200, total: 11, soft: 6, hard: 5, percent: 5.5 },
      spam: { emails: 200, total: 2, percent: 1 },
      unsubscribes: { emails: 200, total: 1, percent: 0.5 },
      history: null,
    })
    expect(new Set(paths(world))).toEqual(new Set(['/stats/email_summary']))
    world.emulator.settings({ cycleTimes: 'fraction' })
    expect(await world.read('username = "printer"')).toMatchObject({
      cycle: { start: utc(first(0)), used: 200 },
      bounces: { emails: 150, total: 11, percent: 7.33 },
    })
  })

  it('gives the parts that a key may read, and says what it lacks', async () => {
    const world = await open()
    const asCycle = { SMTP2GO_API_KEY: CYCLE_KEY }
    expect(await world.read('parts = ["cycle"]', asCycle)).toMatchObject({
      cycle: { used: 200, remaining: 800 },
      ...{ summary: null, bounces: null, spam: null, unsubscribes: null },
    })
    expect(new Set(paths(world))).toEqual(new Set(['/stats/email_cycle']))
    expect(await world.read('username = "printer"\nparts = ["bounces", "spam", "unsubscribes"]')).toMatchObject({
      cycle: null,
      bounces: { emails: 150, total: 11, soft: 6, hard: 5, percent: 7.33 },
      spam: { emails: 150, total: 2, percent: 1.33 },
      unsubscribes: { emails: 150, total: 0, percent: 0 },
    })
    const summary = await world.refused('', asCycle)
    expect(summary).toContain('Error: The summary could not be read')
    expect(summary).toContain('Add "/stats/email_summary" to the endpoints of the API key.')
    expect(summary).toContain('Or set "parts" to those that the key may read.')
    const parts = await world.refused('parts = ["cycle", "spam"]\nhistory_by = "sender"', asCycle)
    expect(parts).toContain('Error: The part "spam" could not be read')
    expect(parts).toContain('Add "/stats/email_spam" to the endpoints of the API key. Or leave it out of "parts".')
    expect(parts).toContain('Error: The history could not be read')
    expect(parts).not.toContain('"cycle" could not')
  })

  it('gives the history by whatever is asked for, of a time', async () => {
    const world = await open()
    const { history } = await world.read('history_by = "sender"')
    expect(history[0]).toEqual({
      ...{ name: 'ann@shop.example', description: null, domain_verified: null, emails: 150, bytes: 300_000 },
      ...{ average_size: 2000, last_ip: '203.0.113.8', bounces: 11, clicks: 4, opens: 40, rejects: 0, spam: 2 },
      ...{ unsubscribes: 0, bounce_percent: 7.33, open_percent: 26.67, reject_percent: 0, spam_percent: 1.33 },
      unsubscribe_percent: 0,
    })
    const names = async (body: string) =>
      (await world.read(`parts = []\n${body}`)).history.map(({ name }: { name: string }) => name)
    expect(await names('history_by = "username"')).toEqual(['api-abcdefabcdef', 'northern', 'printer'])
    expect(await names('history_by = "domain"')).toEqual(['news.example', 'north.example', 'shop.example'])
    expect(await names('history_by = "subaccount"')).toEqual(['North'])
    expect(await names('history_by = "username"\nsubaccount = "North"')).toEqual(['northern'])
    world.clear()
    expect(await names('history_by = "domain"\nhistory_until = "2020-01-31"\nhistory_from = "2020-01-01"')).toEqual([])
    expect(world.requests()[0]?.body).toEqual({
      ...{ group_by: 'domain', start_date: '2020-01-01', end_date: '2020-01-31' },
    })
    world.emulator.settings({ historyPercents: false })
    expect((await world.read('history_by = "domain"')).history[0]).toMatchObject({ bounces: 0, bounce_percent: null })
  })

  it('gives the figures of a subaccount, from its plan and its line of the history', async () => {
    const world = await open()
    expect(await world.read('subaccount = "North"')).toMatchObject({
      cycle: { start: null, end: null, used: 108, remaining: 1892, max: 2000 },
      summary: { emails: 8, opens: 0 },
      bounces: { emails: 8, total: 1, soft: null, hard: null, percent: 12.5 },
      spam: { emails: 8, total: 1, percent: 12.5 },
    })
    expect(await world.read('subaccount = "South"')).toMatchObject({
      cycle: { used: 0, max: 10_000 },
      summary: { emails: 0 },
      bounces: { total: 0, percent: 0 },
    })
    world.clear()
    expect(await world.read('subaccount = "South"\nparts = ["cycle"]')).toMatchObject({ bounces: null, summary: null })
    expect(new Set(paths(world))).toEqual(new Set(['/subaccounts/search']))
    expect(await world.refused('subaccount = "Nowhere"')).toContain('The account has no "Nowhere".')
  })

  it('takes nothing for a zero that it cannot read', async () => {
    const world = await open()
    const fault = (body: JsonObject, path: string) => {
      world.emulator.clearFaults()
      world.emulator.faults([{ match: { path: `/v3${path}` }, fault: 'status', status: 200, body: { data: body } }])
    }
    fault({ cycle_start: '2026-01-01 00:00:00+00:00', cycle_end: '2026-01-31 00:00:00+00:00' }, '/stats/email_cycle')
    expect(await world.refused('parts = ["cycle"]')).toContain('"cycle_used" in the answer is not a number')
    fault(
      { cycle_start: 'soon', cycle_end: 'later', cycle_used: 1, cycle_remaining: 1, cycle_max: 2 },
      '/stats/email_cycle',
    )
    expect(await world.refused('parts = ["cycle"]')).toContain('"cycle_start" in the answer is not a time')
    fault({ emails: 1, rejects: 0, spams: 1, spam_percent: 'all' }, '/stats/email_spam')
    expect(await world.refused('parts = ["spam"]')).toContain('"spam_percent" in the answer is not a share in percent')
    fault({ emails: 1 }, '/stats/email_history')
    expect(await world.refused('history_by = "domain"')).toContain('with the list "history"')
    fault({ count: 1, history: [{ subaccount: 'Else', used: 5 }] }, '/stats/email_history')
    expect(await world.refused('subaccount = "North"')).toContain('The answer is not one line about "North"')
    world.emulator.clearFaults()
    world.emulator.faults([{ match: { path: '/v3/stats/*' }, fault: 'html', status: 502 }])
    expect(await world.refused('parts = ["cycle"]')).toContain('Error: The part "cycle" could not be read')
  }, 60_000)

  it('says what is wrong with a question before anything is asked', async () => {
    const world = await open()
    const wrong = await world.refused(
      'username = "printer"\nsubaccount = "North"\nparts = ["cycle", "opens"]\nhistory_by = "planet"\nhistory_from = "May"',
    )
    expect(wrong).toContain('The API has no figures of one login in a subaccount.')
    expect(wrong).toContain('"parts" knows cycle, bounces, spam, unsubscribes, and this is "opens".')
    expect(wrong).toContain('"history_by" knows sender, username, domain, subaccount, and this is "planet".')
    expect(wrong).toContain('"May" should be such as 2026-01-31')
    expect(await world.refused('history_from = "2026-01-31"')).toContain('Give "history_by" too')
    const late = 'history_by = "sender"\nhistory_from = "2026-02-01"\nhistory_until = "2026-01-31"'
    expect(await world.refused(late)).toContain('The history ends before it begins')
    expect(world.requests()).toEqual([])
  })

  it('the example of its page is applied as it stands, and its checks warn', async () => {
    const world = await open()
    world.write(exampleOf('docs/terraform/data-sources/statistics.md', 'mailconfig_statistics'))
    const { code, stderr, stdout } = await world.apply()
    const said = stdout.replace(/[│╷╵\s]+/g, ' ')
    expect([code, stderr]).toEqual([0, ''])
    expect(said).toContain('Only 800 mails are left in this cycle.')
    expect(said).toContain('5.5 % of the mails came back.')
    expect(JSON.parse((await world.run(['output', '-json', 'mails_by_sender'])).stdout)).toEqual({
      ...{ 'ann@shop.example': 150, 'bob@news.example': 50, 'nora@north.example': 8 },
    })
  })

  it('the check of the guide warns, holds nothing up, and is silent when all is well', async () => {
    const world = await open()
    const check = exampleOf('docs/guides/terraform.md', 'mailconfig_statistics')
    world.write(`${check}\nresource "mailconfig_suppression" "it" { address = "gone@shop.example" }\n`)
    const bad = await world.apply()
    const said = bad.stdout.replace(/[│╷╵\s]+/g, ' ')
    expect([bad.code, bad.stderr]).toEqual([0, ''])
    expect(said).toMatch(/Only 800 mails are left until \d+ [A-Z][a-z]+\./)
    expect(said).toContain('Check block assertion failed')
    expect(world.writes()).toEqual(['POST /v3/suppression/add'])
    world.emulator.setState({})
    const good = await world.apply()
    expect([good.code, good.stdout.includes('Warning')]).toEqual([0, false])
    world.emulator.faults([{ match: { path: '/v3/stats/*' }, fault: 'status', status: 403 }])
    const dark = await world.apply()
    expect(dark.code).toBe(0)
    expect(dark.stdout).toContain('Warning: The summary could not be read')
  })
})
