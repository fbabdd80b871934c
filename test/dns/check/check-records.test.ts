import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkRecords } from '../../../src/dns/check/check-records.ts'
import { ask } from '../../../src/dns/wire/ask.ts'
import { serverAt } from '../../../src/dns/wire/server.ts'
import { type DnsServers, hasServers, quick, startServers, type Zones } from '../servers.ts'

const RIGHT = [
  's1._domainkey IN CNAME dkim.smtp2go.net.',
  'em1 IN CNAME return.smtp2go.net.',
  'link IN CNAME track.smtp2go.net.',
].join('\n')

/** Each name with what both servers have. */
const faulty = [
  'appended IN CNAME return.smtp2go.net.faulty.example.',
  'doubled.faulty.example IN CNAME return.smtp2go.net.',
  'text IN TXT "return.smtp2go.net"',
  'flat IN A 192.0.2.20',
  'proxied IN A 104.16.1.1',
  'proxied6 IN AAAA 2606:4700::1',
  'elsewhere IN A 203.0.113.5',
  'old IN CNAME return.smtp2go.com.',
  'other IN CNAME mail.example.',
  'upper IN CNAME RETURN.smtp2go.NET.',
  'under IN NS ns1.elsewhere.example.',
].join('\n')

const long = `big IN TXT ${Array.from({ length: 12 }, () => `"${'x'.repeat(200)}"`).join(' ')}`

const zones: Zones = { 'shop.example': RIGHT, 'faulty.example': faulty, 'large.example': long }

const lagging: Zones = { ...zones, 'shop.example': RIGHT.split('\n').slice(1).join('\n') }

let servers: DnsServers
const world = () => ({ resolvers: [servers.unbound], nameservers: [], patience: quick, ownPort: servers.port })
const check = (domain: string, label: string, value = 'return.smtp2go.net') =>
  checkRecords(domain, [{ name: `${label}.${domain}`, value }], world())

beforeAll(async () => {
  if (hasServers) servers = await startServers({ nsd: zones, knot: zones })
})
afterAll(async () => await servers?.[Symbol.asyncDispose]())

test.runIf(hasServers)('records that both servers and the resolver have are right', async () => {
  const found = await checkRecords(
    'shop.example',
    [
      { name: 's1._domainkey.shop.example', value: 'dkim.smtp2go.net' },
      { name: 'link.shop.example', value: 'track.smtp2go.net' },
    ],
    world(),
  )
  expect(found.asked).toEqual(['ns1.dnshost.example', 'ns2.dnshost.example', servers.unbound.name])
  expect(found.records.map(({ verdict, reason }) => ({ verdict, reason }))).toEqual([
    { verdict: 'right', reason: undefined },
    { verdict: 'right', reason: undefined },
  ])
})

test.runIf(hasServers).each([
  ['nothing', 'missing', 'is not there'],
  [
    'appended',
    'wrong',
    'is return.smtp2go.net.faulty.example: the host appends the zone, so end the target with a dot, or leave the zone off where the host asks for that',
  ],
  [
    'doubled',
    'wrong',
    'is published as doubled.faulty.example.faulty.example: the host appends the zone, so leave faulty.example off the name',
  ],
  ['text', 'wrong', 'the target is in a TXT record instead of a CNAME; change the type'],
  ['flat', 'flattened', 'an address instead: the service does not verify it; switch the flattening or the proxy off'],
  [
    'proxied',
    'flattened',
    "an address of Cloudflare's proxy instead: the service does not verify it; switch the proxy off for this record",
  ],
  [
    'proxied6',
    'flattened',
    "an address of Cloudflare's proxy instead: the service does not verify it; switch the proxy off for this record",
  ],
  ['elsewhere', 'wrong', 'has the address 203.0.113.5 instead of a CNAME'],
  ['old', 'wrong', 'is return.smtp2go.com: an old top-level domain; the target is return.smtp2go.net now'],
  ['other', 'wrong', 'is mail.example'],
  ['upper', 'right', undefined],
  ['under', 'wrong', 'under.faulty.example is delegated to other name servers (NS)'],
])('a record that is "%s" is told as %s', async (label, verdict, reason) => {
  const { records } = await check('faulty.example', label)
  expect(records.map((one) => [one.verdict, one.reason])).toEqual([[verdict, reason]])
})

test.runIf(hasServers)('an answer that is too large for a datagram is asked for by TCP', async () => {
  const reply = await ask(servers.nsd, { name: 'big.large.example', type: 'TXT', recursion: false }, quick)
  expect(reply).toMatchObject({ code: 'NOERROR', isAuthoritative: true, isTruncated: false })
  expect('answers' in reply && reply.answers[0]).toMatchObject({ strings: { length: 12 } })
})

test.runIf(hasServers)('a server that lags is named, with how long its answer may be remembered', async () => {
  await using two = await startServers({ nsd: zones, knot: lagging })
  const at = { resolvers: [], nameservers: [two.nsd, two.knot], patience: quick }
  const { records } = await checkRecords(
    'shop.example',
    [{ name: 's1._domainkey.shop.example', value: 'dkim.smtp2go.net' }],
    at,
  )
  expect(records).toMatchObject([
    { verdict: 'spreading', reason: `${two.knot.name} lacks it; wait 30 s at most (SOA)`, waitSeconds: 30 },
  ])
})

test.runIf(hasServers)(
  'a resolver that remembers an absence is named after all name servers have the record',
  async () => {
    await using two = await startServers({ nsd: lagging, knot: lagging })
    const at = { resolvers: [two.unbound], nameservers: [], patience: quick, ownPort: two.port }
    const record = { name: 's1._domainkey.shop.example', value: 'dkim.smtp2go.net' }
    expect((await checkRecords('shop.example', [record], at)).records).toMatchObject([{ verdict: 'missing' }])
    await two.publish({ nsd: zones, knot: zones })
    const { records } = await checkRecords('shop.example', [record], at)
    expect(records).toMatchObject([{ verdict: 'spreading' }])
    expect(records[0]?.reason).toMatch(/^127\.0\.0\.3:\d+ lacks it; wait \d+ s at most \(SOA\)$/)
  },
)

test.runIf(hasServers)(
  'a dead server does not hide what the other one says; two dead ones cannot be judged',
  async () => {
    await using two = await startServers({ nsd: zones, knot: zones })
    const short = { ...quick, timeoutMs: 200 }
    const at = { resolvers: [two.unbound], nameservers: [], patience: short, ownPort: two.port }
    const record = { name: 's1._domainkey.shop.example', value: 'dkim.smtp2go.net' }
    await checkRecords('shop.example', [record], at) // the resolver knows the record and the servers now
    await two.stop('knot')
    const one = await checkRecords('shop.example', [record], at)
    expect(one.records).toMatchObject([{ verdict: 'right', reason: 'ns2.dnshost.example: the connection was refused' }])
    await two.stop('nsd')
    const none = await checkRecords('shop.example', [record], at)
    expect(none.records).toMatchObject([{ verdict: 'unreachable' }])
    expect(none.records[0]?.reason).toContain('; the resolver has it right')
  },
)

test('a resolver that is not there is said, and soon', async () => {
  const began = performance.now()
  const { records } = await checkRecords('shop.example', [{ name: 'em1.shop.example', value: 'return.smtp2go.net' }], {
    resolvers: [serverAt('127.0.0.1', 9)],
    nameservers: [],
    patience: { ...quick, timeoutMs: 200 },
  })
  expect(records).toMatchObject([{ verdict: 'unreachable' }])
  expect(performance.now() - began).toBeLessThan(3000)
})
