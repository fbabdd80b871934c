import { readFileSync } from 'node:fs'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { JsonObject } from '../../../src/emulator/input/json.ts'
import { openWorld, type Row, type World } from '../e2e/world.ts'
import { needsTerraform } from '../terraform.ts'

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

type Bodies = Readonly<Record<string, string>>

/** A world to read data sources in, all those of a configuration at once: what stands in their blocks, by name. */
async function open(state: unknown = seed) {
  const world = await openWorld(state)
  onTestFinished(() => world.close())
  const config = (bodies: Bodies) =>
    Object.entries(bodies).map(([name, body]) => `data "mailconfig_statistics" "${name}" {\n${body}\n}\n`)
  const read = async (bodies: Bodies, env: Readonly<Record<string, string>> = {}) => {
    const outputs = Object.keys(bodies).map((name) => `output "${name}" { value = data.mailconfig_statistics.${name} }`)
    world.write([...config(bodies), ...outputs].join('\n'))
    const { code, stderr } = await world.run(['apply', '-auto-approve', '-lock=false'], env)
    expect([code, stderr]).toEqual([0, ''])
    return outputsOf(world)
  }
  const refused = async (bodies: Bodies, env: Readonly<Record<string, string>> = {}) => {
    world.write(config(bodies).join(''))
    const { code, stderr } = await world.run(['plan', '-lock=false'], env)
    expect(code).toBe(1)
    return oneLine(stderr)
  }
  return { ...world, read, refused }
}

function outputsOf({ stateText }: Pick<World, 'stateText'>) {
  const { outputs } = JSON.parse(stateText())
  return Object.fromEntries(
    Object.entries<{ readonly value: Row }>(outputs).map(([name, { value }]): [string, Row] => [name, value]),
  )
}

function oneLine(text: string): string {
  return text.replace(/[│╷╵\s]+/g, ' ')
}

const paths = ({ requests }: Pick<World, 'requests'>) => requests().map(({ path }) => path.replace('/v3', ''))

/** The lines of a history. */
function lines(one: Row | undefined): readonly Row[] {
  const { history } = one ?? {}
  if (Array.isArray(history)) return history
  throw new Error(`no history in ${JSON.stringify(one)}`)
}

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
    expect(await world.read({ it: '' })).toEqual({
      it: {
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
      },
    })
    expect(paths(world)).toEqual(['/stats/email_summary'])
    world.emulator.settings({ cycleTimes: 'fraction' })
    expect((await world.read({ it: 'username = "printer"' }))['it']).toMatchObject({
      cycle: { start: utc(first(0)), used: 200 },
      bounces: { emails: 150, total: 11, percent: 7.33 },
    })
  })

  it('gives the parts that are asked for, each with its own call', async () => {
    const world = await open()
    const parts = 'parts = ["unsubscribes", "bounces", "spam"]\nusername = "printer"'
    const { cycle, others } = await world.read({ cycle: 'parts = ["cycle"]', others: parts })
    expect(cycle).toMatchObject({
      cycle: { used: 200, remaining: 800 },
      ...{ summary: null, bounces: null, spam: null, unsubscribes: null },
    })
    expect(others).toMatchObject({
      ...{ cycle: null, summary: null },
      bounces: { emails: 150, total: 11, soft: 6, hard: 5, percent: 7.33 },
      spam: { emails: 150, total: 2, percent: 1.33 },
      unsubscribes: { emails: 150, total: 0, percent: 0 },
    })
    const calls = ['bounces', 'cycle', 'spam', 'unsubs'].map((name) => `/stats/email_${name}`)
    expect(paths(world).toSorted()).toEqual(calls)
  })

  it('says which calls the key may not make, and what to do', async () => {
    const world = await open()
    const said = await world.refused(
      { all: '', parts: 'parts = ["cycle", "spam"]\nhistory_by = "sender"' },
      { SMTP2GO_API_KEY: CYCLE_KEY },
    )
    expect(said).toContain('Error: The summary could not be read')
    expect(said).toContain('Add "/stats/email_summary" to the endpoints of the API key.')
    expect(said).toContain('Or set "parts" to those that the key may read.')
    expect(said).toContain('Error: The part "spam" could not be read')
    expect(said).toContain('Add "/stats/email_spam" to the endpoints of the API key. Or leave it out of "parts".')
    expect(said).toContain('Error: The history could not be read')
    expect(said).not.toContain('"cycle" could not')
  })

  it('gives the history by whatever is asked for, of a time', async () => {
    const world = await open()
    const time = 'history_until = "2020-01-31"\nhistory_from = "2020-01-01"'
    const { all, ...others } = await world.read({
      all: 'history_by = "sender"',
      login: 'parts = []\nhistory_by = "username"',
      domain: 'parts = []\nhistory_by = "domain"',
      subaccount: 'parts = []\nhistory_by = "subaccount"',
      inside: 'parts = []\nhistory_by = "username"\nsubaccount = "North"',
      past: `parts = []\nhistory_by = "domain"\n${time}`,
    })
    expect(all).toMatchObject({ cycle: { used: 200 } })
    expect(lines(all)[0]).toEqual({
      ...{ name: 'ann@shop.example', description: null, domain_verified: null, emails: 150, bytes: 300_000 },
      ...{ average_size: 2000, last_ip: '203.0.113.8', bounces: 11, clicks: 4, opens: 40, rejects: 0, spam: 2 },
      ...{ unsubscribes: 0, bounce_percent: 7.33, open_percent: 26.67, reject_percent: 0, spam_percent: 1.33 },
      unsubscribe_percent: 0,
    })
    const names = Object.entries(others).map(([name, one]) => [name, lines(one).map((line) => line['name'])])
    expect(Object.fromEntries(names)).toEqual({
      login: ['api-abcdefabcdef', 'northern', 'printer'],
      domain: ['news.example', 'north.example', 'shop.example'],
      subaccount: ['North'],
      inside: ['northern'],
      past: [],
    })
    const [login] = lines(others['login'])
    expect(login).toMatchObject({ description: '', domain_verified: null })
    expect(world.requests().map(({ body }) => body)).toContainEqual({
      ...{ group_by: 'domain', start_date: '2020-01-01', end_date: '2020-01-31' },
    })
    world.emulator.settings({ historyPercents: false })
    const bare = await world.read({ it: 'history_by = "domain"' })
    expect(lines(bare['it'])[0]).toMatchObject({ bounces: 0, bounce_percent: null, domain_verified: false })
  })

  it('gives the figures of a subaccount, from its plan and its line of the history', async () => {
    const world = await open()
    const cycle = { plan: 'subaccount = "South"\nparts = ["cycle"]' }
    expect(await world.read(cycle)).toMatchObject({ plan: { cycle: { used: 0 }, bounces: null, summary: null } })
    expect(new Set(paths(world))).toEqual(new Set(['/subaccounts/search']))
    const { north: busy, south } = await world.read({ north: 'subaccount = "North"', south: 'subaccount = "South"' })
    expect(busy).toMatchObject({
      cycle: { start: null, end: null, used: 108, remaining: 1892, max: 2000 },
      summary: { emails: 8, opens: 0 },
      bounces: { emails: 8, total: 1, soft: null, hard: null, percent: 12.5 },
      spam: { emails: 8, total: 1, percent: 12.5 },
    })
    expect(south).toMatchObject({
      cycle: { used: 0, max: 10_000 },
      summary: { emails: 0 },
      bounces: { total: 0, percent: 0 },
    })
    expect(await world.refused({ it: 'subaccount = "Nowhere"' })).toContain('The account has no "Nowhere".')
  })

  it('takes nothing for a zero that it cannot read', async () => {
    const world = await open()
    const answers: Record<string, JsonObject> = {
      cycle: { cycle_start: '2026-01-01 00:00:00+00:00', cycle_end: '2026-01-31 00:00:00+00:00' },
      bounces: { emails: 5, rejects: 0, softbounces: '1', hardbounces: 0, bounce_percent: '20.00' },
      spam: { emails: 1, rejects: 0, spams: 1, spam_percent: 'all' },
      summary: { cycle_start: 'soon', cycle_end: 'later', cycle_used: 1, cycle_remaining: 1, cycle_max: 2 },
      history: { count: 1, history: [{ subaccount: 'Else', used: 5 }] },
    }
    for (const [name, data] of Object.entries(answers)) {
      const match = { path: `/v3/stats/email_${name}` }
      world.emulator.faults([{ match, fault: 'status', status: 200, body: { data } }])
    }
    world.emulator.faults([{ match: { path: '/v3/stats/email_unsubs' }, fault: 'html', status: 502 }])
    const said = await world.refused({
      parts: 'parts = ["cycle", "bounces", "spam", "unsubscribes"]',
      all: '',
      lines: 'parts = []\nhistory_by = "domain"',
      north: 'subaccount = "North"',
    })
    for (const sentence of [
      '"cycle_used" in the answer is not a number',
      '"softbounces" in the answer is not a number',
      '"spam_percent" in the answer is not a share in percent',
      'The part "unsubscribes" could not be read',
      '"cycle_start" in the answer is not a time',
      '"domain" in the answer is not a text',
      'The answer is not one line about "North"',
    ])
      expect(said).toContain(sentence)
    world.emulator.clearFaults()
    world.emulator.faults([
      { match: { path: '/v3/stats/*' }, fault: 'status', status: 200, body: { data: { emails: 1 } } },
    ])
    expect(await world.refused({ it: 'parts = []\nhistory_by = "domain"' })).toContain('with the list "history"')
  })

  it('says what is wrong with a question before anything is asked', async () => {
    const world = await open()
    const said = await world.refused({
      both: 'username = "printer"\nsubaccount = "North"',
      words: 'parts = ["cycle", "opens"]\nhistory_by = "planet"\nhistory_from = "May"',
      alone: 'history_from = "2026-01-31"',
      late: 'history_by = "sender"\nhistory_from = "2026-02-01"\nhistory_until = "2026-01-31"',
    })
    expect(said).toContain('The API has no figures of one login in a subaccount.')
    expect(said).toContain('"parts" knows cycle, bounces, spam, unsubscribes, and this is "opens".')
    expect(said).toContain('"history_by" knows sender, username, domain, subaccount, and this is "planet".')
    expect(said).toContain('"May" should be such as 2026-01-31')
    expect(said).toContain('Give "history_by" too')
    expect(said).toContain('The history ends before it begins')
    expect(world.requests()).toEqual([])
  })

  it('the example of its page is applied as it stands, and its checks warn', async () => {
    const world = await open()
    world.write(exampleOf('docs/terraform/data-sources/statistics.md', 'mailconfig_statistics'))
    const { code, stderr, stdout } = await world.apply()
    const said = oneLine(stdout)
    expect([code, stderr]).toEqual([0, ''])
    expect(said).toContain('Only 800 mails are left in this cycle.')
    expect(said).toContain('5.5 % of the mails came back.')
    expect(outputsOf(world)).toEqual({
      mails_by_sender: { 'ann@shop.example': 150, 'bob@news.example': 50, 'nora@north.example': 8 },
    })
  })

  it('the check of the guide warns, holds nothing up, and is silent when all is well', async () => {
    const world = await open()
    const check = exampleOf('docs/guides/terraform.md', 'mailconfig_statistics')
    world.write(`${check}\nresource "mailconfig_suppression" "it" { address = "gone@shop.example" }\n`)
    const bad = await world.apply()
    const said = oneLine(bad.stdout)
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
