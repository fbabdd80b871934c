import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isObject, type Json, type JsonObject } from '../../../../../src/emulator/input/json.ts'
import { at, type Bench, bench, listAt } from '../../../../emulator/harness.ts'
import { draft, smtp } from './mail.ts'

// What the vendor's reports say of the same mail has to be the same, whoever asks and however it is grouped.

const DAYS = Number(process.env['MAILCONFIG_RUNS'] ?? 12)
const DAYS_OF_AN_ACCOUNT = 6

const keyOf = (name: string) => `api-${name.padEnd(32, '0')}`
const LOGINS = [
  { name: 'archived', scope: '', more: { archive_enabled: true, open_tracking_enabled: true } },
  { name: 'tracked', scope: '', more: { click_tracking_enabled: true, open_tracking_enabled: true } },
  { name: 'sandbox', scope: '', more: { status: 'sandbox', archive_enabled: true } },
  { name: 'north', scope: 'north1', more: { archive_enabled: true } },
  { name: 'south', scope: 'south1', more: { open_tracking_enabled: true } },
] as const
/** Logins whose mail is archived, as events name them. */
const ARCHIVES = new Set([
  'printer',
  ...LOGINS.filter(({ more }) => 'archive_enabled' in more).map(({ name }) => keyOf(name).slice(0, 16)),
])
const PASSWORD = 'a-long-Passw0rd'
const domains = [
  { domain: { fulldomain: 'shop.example', dkim_verified: true, rpath_verified: true } },
  { domain: { fulldomain: 'news.example', dkim_verified: true, rpath_verified: true } },
]
const sub = (id: string, name: string) => ({ id, name, plan_size: 100_000 })

const seedOf = (port: number) => ({
  smtp2go: {
    keys: LOGINS.map(({ name, scope, more }) => ({
      api_key: keyOf(name),
      subaccount_id: scope,
      endpoints: ['*'],
      ...more,
    })),
    subaccounts: [sub('north1', 'North'), sub('south1', 'South')],
    scopes: {
      '': {
        domains,
        smtpUsers: [{ username: 'printer', email_password: PASSWORD, archive_enabled: true }],
        mail: { cycle_max: 1_000_000 },
        webhooks: [
          hook(port, 1, ['processed', 'delivered', 'bounce', 'spam', 'reject', 'unsubscribe', 'open', 'click']),
          hook(port, 2, ['delivered', 'bounce'], ['printer']),
        ],
      },
      north1: { domains, webhooks: [hook(port, 3, ['bounce', 'reject'])] },
      south1: { domains },
    },
  },
})

const hook = (port: number, id: number, events: string[], usernames: string[] = []) => ({
  id,
  url: `http://127.0.0.1:${port}/${id}`,
  events,
  usernames,
  output_format: 'json',
})

const tag = fc.constantFrom(
  '',
  '',
  '',
  ...['hardbounce', 'softbounce', 'spam', 'unsubscribe', 'open', 'click', 'delay'],
)
const recipient = fc
  .tuple(fc.constantFrom('ann', 'bob', 'cy', 'dee'), tag, fc.constantFrom('x.example', 'y.example'))
  .map(([who, what, domain]) => `${who}${what === '' ? '' : `+${what}`}@${domain}`)
const anyMail = fc.record({
  as: fc.nat(LOGINS.length), // the last one is the SMTP user
  from: fc.constantFrom('ann@shop.example', 'bo@shop.example', 'list@news.example', 'nobody@evil.example'),
  to: fc.uniqueArray(recipient, { minLength: 1, maxLength: 4 }),
  fastaccept: fc.boolean(),
  inHours: fc.option(fc.integer({ min: 1, max: 70 }), { freq: 8 }),
})
const anyDay = fc.record({ mails: fc.array(anyMail, { maxLength: 12 }), hours: fc.integer({ min: 1, max: 40 }) })

/** An event of the activity search, as far as it is counted. */
interface Event {
  readonly event: string
  readonly date: string
  readonly username: string
  readonly from: string
  readonly account: string
  readonly email: string
}

test('the reports of a random day add up', async () => {
  const days = fc.sample(anyDay, DAYS)
  for (let from = 0; from < days.length; from += DAYS_OF_AN_ACCOUNT) {
    await using other = await receiver()
    await using emulator = await bench({ smtpPort: 0, log: false, seed: seedOf(other.port) })
    emulator.settings({ keptMessages: null })
    const begin = new Date(Date.now() - 1000).toISOString()
    let sent = 0
    for (const { mails, hours } of days.slice(from, from + DAYS_OF_AN_ACCOUNT)) {
      for (const mail of mails) sent += await send(emulator, mail)
      await emulator.settled()
      await addsUp(emulator, begin, other.calls)
      await emulator.advance(`${hours} hours`)
      await addsUp(emulator, begin, other.calls)
    }
    expect(sent).toBeGreaterThan(0)
  }
})

type Mail = typeof anyMail extends fc.Arbitrary<infer M> ? M : never

/** Sends one; answers how many were taken. */
async function send(emulator: Bench, { as, from, to, fastaccept, inHours }: Mail): Promise<number> {
  const login = LOGINS[as]
  if (login === undefined) {
    const said = await smtp(emulator, { from, to, user: 'printer', pass: PASSWORD })
    return said.startsWith('250') ? 1 : 0
  }
  const now = Date.parse(String(at((await emulator.control('GET', '/clock')).body, 'now')))
  const schedule = inHours === null ? {} : { schedule: new Date(now + inHours * 3_600_000).toISOString() }
  const mail = draft({ sender: from, to, fastaccept, ...schedule })
  const { data } = await emulator.post('/email/send', mail, { 'x-smtp2go-api-key': keyOf(login.name) })
  return at(data, 'succeeded') === 1 ? 1 : 0
}

async function addsUp(emulator: Bench, begin: string, calls: readonly Called[]) {
  const all = await events(emulator, begin)
  await historyAddsUp(emulator, begin, all)
  for (const { name, scope } of LOGINS) {
    if (name === 'archived' || name === 'sandbox') continue // the same account as `tracked`
    await summaryAddsUp(emulator, name, scope, all)
  }
  await archiveAddsUp(emulator, begin, all)
  hooksAddUp(all, calls)
}

/** The whole activity, by the master key. */
async function events(emulator: Bench, begin: string): Promise<Event[]> {
  const found: Event[] = []
  let token = ''
  do {
    const question = { start_date: begin, limit: 1000, ...(token === '' ? {} : { continue_token: token }) }
    const { data, status } = await emulator.post('/activity/search', question)
    expect(status).toBe(200)
    for (const row of listAt(data, 'events')) {
      const text = (name: string) => String(at(row, name))
      const account = { 'Master account': '', North: 'north1', South: 'south1' }[text('subaccount_name')] ?? '?'
      found.push({
        event: text('event'),
        date: text('date'),
        username: text('username'),
        from: text('from'),
        email: text('email_id'),
        account,
      })
    }
    token = String(at(data, 'continue_token') ?? '')
  } while (token !== '')
  return found
}

const count = (all: readonly Event[], ...names: readonly string[]) =>
  all.filter(({ event }) => names.includes(event)).length

/** The history by each group has a row for each name in the activity, with its numbers. */
async function historyAddsUp(emulator: Bench, begin: string, all: readonly Event[]) {
  const groups = {
    username: ({ username }: Event) => username,
    email_address: ({ from }: Event) => from,
    domain: ({ from }: Event) => from.slice(from.lastIndexOf('@') + 1),
    subaccount: ({ account }: Event) => ({ north1: 'North', south1: 'South' })[account],
  }
  for (const [group_by, nameOf] of Object.entries(groups)) {
    const { data } = await emulator.post('/stats/email_history', { group_by, start_date: begin })
    const told = listAt(data, 'history').map((row) => numbersOf(row, String(at(row, group_by))))
    const names = new Set(all.flatMap((one) => nameOf(one) ?? []))
    const wanted = [...names].map((name) =>
      wantedOf(
        all.filter((one) => nameOf(one) === name),
        name,
      ),
    )
    expect(sorted(told)).toEqual(sorted(wanted))
  }
}

const numbersOf = (row: Json, name: string) => ({
  name,
  ...Object.fromEntries(
    ['used', 'bounces', 'rejects', 'spam', 'unsubscribes', 'opens', 'clicks'].map((key) => [key, at(row, key)]),
  ),
})

const wantedOf = (rows: readonly Event[], name: string) => ({
  name,
  used: count(rows, 'processed'),
  bounces: count(rows, 'soft-bounced', 'hard-bounced'),
  rejects: count(rows, 'rejected'),
  spam: count(rows, 'spam'),
  unsubscribes: count(rows, 'unsubscribed'),
  opens: count(rows, 'opened'),
  clicks: count(rows, 'clicked'),
})

const sorted = (rows: readonly { name: string }[]) => rows.toSorted((a, b) => (a.name < b.name ? -1 : 1))

/** The five reports of an account, its cycle, and its plan say what its activity says. */
async function summaryAddsUp(emulator: Bench, name: string, scope: string, all: readonly Event[]) {
  const own = all.filter(({ account }) => account === scope)
  const ask = async (path: string) => {
    const { data } = await emulator.post(path, {}, { 'x-smtp2go-api-key': keyOf(name) })
    return isObject(data) ? data : {}
  }
  const summary = await ask('/stats/email_summary')
  const [soft, hard] = [count(own, 'soft-bounced'), count(own, 'hard-bounced')]
  expect(summary).toMatchObject({
    email_count: count(own, 'processed'),
    softbounces: soft,
    hardbounces: hard,
    rejects: count(own, 'rejected'),
    opens: count(own, 'opened'),
    clicks: count(own, 'clicked'),
    unsubscribes: count(own, 'unsubscribed'),
    spam_emails: count(own, 'spam'),
  })
  expect(await ask('/stats/email_bounces')).toMatchObject({ emails: summary['email_count'], softbounces: soft })
  expect(await ask('/stats/email_spam')).toMatchObject({ emails: summary['email_count'], spams: count(own, 'spam') })
  expect(await ask('/stats/email_unsubs')).toMatchObject({ unsubscribes: count(own, 'unsubscribed') })
  const cycle = await ask('/stats/email_cycle')
  const start = String(cycle['cycle_start']).slice(0, 10)
  const used = count(
    own.filter(({ date }) => date.slice(0, 10) >= start),
    'processed',
  )
  expect(cycle).toMatchObject({ cycle_used: used })
  expect(summary).toMatchObject({ cycle_used: used })
  if (scope === '') return
  const { data } = await emulator.post('/subaccounts/search', {})
  const row = listAt(data, 'subaccounts').find((one) => at(one, 'id') === scope)
  expect({ used: at(row, 'plan_used'), left: at(row, 'plan_remaining') }).toEqual({ used, left: 100_000 - used })
}

/** The archive of an account has the mail of its logins that archive, and no other. */
async function archiveAddsUp(emulator: Bench, begin: string, all: readonly Event[]) {
  for (const name of ['archived', 'north', 'south']) {
    const headers = { 'x-smtp2go-api-key': keyOf(name) }
    const { data } = await emulator.post('/archive/search', { start_date: begin }, headers)
    const account = LOGINS.find((one) => one.name === name)?.scope
    const taken = all.filter(
      (one) => one.event === 'processed' && one.account === account && ARCHIVES.has(one.username),
    )
    const told = listAt(data, 'emails').map((one) => String(at(one, 'email_id')))
    expect(told.toSorted()).toEqual([...new Set(taken.map(({ email }) => email))].toSorted())
  }
}

const ASKED: JsonObject = {
  processed: 'processed',
  delivered: 'delivered',
  'soft-bounced': 'bounce',
  'hard-bounced': 'bounce',
  rejected: 'reject',
  spam: 'spam',
  unsubscribed: 'unsubscribe',
  opened: 'open',
  clicked: 'click',
}

/** One call for each event that a hook asked for, and no other. */
function hooksAddUp(all: readonly Event[], calls: readonly Called[]) {
  const told = calls.map(({ path, body }) => `${path} ${String(body['event'])} ${String(body['email_id'])}`)
  const wanted = all.flatMap(({ event, account, username, email }) => {
    const name = String(ASKED[event])
    return [
      ...(account === '' ? [`/1 ${name} ${email}`] : []),
      ...(username === 'printer' && ['delivered', 'bounce'].includes(name) ? [`/2 ${name} ${email}`] : []),
      ...(account === 'north1' && ['bounce', 'reject'].includes(name) ? [`/3 ${name} ${email}`] : []),
    ]
  })
  expect(told.toSorted()).toEqual(wanted.toSorted())
}

interface Called {
  readonly path: string
  readonly body: JsonObject
}

/** The other end of all webhooks. */
async function receiver() {
  const calls: Called[] = []
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const part of request) text += String(part)
    calls.push({ path: request.url ?? '', body: JSON.parse(text) })
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { calls, port, [Symbol.asyncDispose]: async () => void server.close() }
}
