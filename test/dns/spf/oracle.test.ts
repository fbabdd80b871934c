import fc from 'fast-check'
import { expect, test } from 'vitest'
import { walkSpf } from '../../../src/dns/spf/evaluate.ts'
import { nodeResolver, type ToyDns, toyLookup } from '../toy-dns.ts'

const RUNS = Number(process.env['MAILCONFIG_RUNS'] ?? 300)

type MailauthSpf = (
  options: object,
) => Promise<{ status: { result: string }; lookups?: { count: number; void: number } }>

const { spf } = (await import('mailauth/lib/spf/index.js')) as unknown as { spf: MailauthSpf }

const domains = Array.from({ length: 7 }, (_, at) => `d${at}.example`)
const name = fc.constantFrom(...domains, 'gone.example', 'host.example', 'empty.example')
const spec = fc.oneof(
  { weight: 8, arbitrary: name },
  fc.constantFrom(
    '%{d}',
    '%{d2}',
    'x.%{d}',
    '%{dr}.example',
    'nodot',
    'bad..example',
    '%{z}.example',
    '_spf.%{d1r}.example',
    'HOST.example',
    'host.example.',
  ),
)
const sign = fc.constantFrom('', '', '', '+', '-', '~', '?')
const term = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(sign, spec).map(([s, n]) => `${s}include:${n}`) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(sign, spec, fc.constantFrom('', '/24', '//64', '/24//64', '/33'))
      .map(([s, n, c]) => `${s}a:${n}${c}`),
  },
  { weight: 2, arbitrary: fc.tuple(sign, spec).map(([s, n]) => `${s}mx:${n}`) },
  { weight: 1, arbitrary: fc.tuple(sign, spec).map(([s, n]) => `${s}exists:${n}`) },
  { weight: 2, arbitrary: fc.constantFrom('a', 'mx', 'a/24', 'mx//64', '~a', 'A:HOST.EXAMPLE') },
  {
    weight: 3,
    arbitrary: fc.constantFrom('ip4:10.0.0.0/8', 'ip4:10.1.2.3', 'ip6:fd00::/8', '-ip4:10.0.0.1', '?IP4:10.0.0.1'),
  },
  { weight: 1, arbitrary: spec.map((n) => `redirect=${n}`) },
  { weight: 1, arbitrary: fc.constantFrom('exp=why.example', 'x-own=%{i}', 'op=', 'ip4=10.0.0.1') },
  { weight: 2, arbitrary: fc.constantFrom('-all', '~all', '?all', 'all', '+all') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'ip4:10.0.0.256',
      'ip4:10.0.0.0/33',
      'ip4:',
      'include',
      'include:',
      '10.0.0.1',
      'incldue:d1.example',
      'all:x',
      'ip4:fd00::1',
      'ip6:10.0.0.1',
      'ptr/24',
      'ip4:10.0.0.01',
      'ip4:10.0.0.1~all',
      'v=spf1',
    ),
  },
)
const record = fc.oneof(
  { weight: 20, arbitrary: fc.array(term, { maxLength: 5 }).map((terms) => ['v=spf1', ...terms].join(' ')) },
  fc.constantFrom('v=spf10 -all', 'V=SPF1 -all', 'v=spf1', 'v=spf1  ~all ', ' v=spf1 -all', 'something else'),
)
const texts = fc.oneof(
  { weight: 12, arbitrary: record.map((one) => [one]) },
  { weight: 1, arbitrary: fc.constant(['hello', 'v=spf1 a:host.example -all']) },
  { weight: 1, arbitrary: fc.tuple(record, record).map((both) => [...both]) },
  { weight: 1, arbitrary: fc.constant([]) },
)
/** Records without an error in them, each of which brings in later ones only: large trees whose terms all count. */
const sound = (at: number) =>
  fc
    .array(
      fc.oneof(
        {
          weight: 4,
          arbitrary: fc.constantFrom(...domains.slice(at + 1), 'd6.example').map((one) => `include:${one}`),
        },
        { weight: 3, arbitrary: fc.constantFrom('a:host.example', 'mx:host.example', '~a:host.example/24') },
        { weight: 1, arbitrary: fc.constantFrom('ip4:10.0.0.0/8', 'a:empty.example', 'mx:gone.example') },
      ),
      { minLength: 1, maxLength: 4 },
    )
    .map((terms) => [
      ['v=spf1', ...(at === 6 ? ['a:host.example'] : terms), at % 2 === 0 ? '~all' : ''].join(' ').trim(),
    ])
const world: fc.Arbitrary<ToyDns> = fc
  .tuple(
    fc.oneof(fc.tuple(...domains.map(() => texts)), fc.tuple(...domains.map((_, at) => sound(at)))),
    fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }),
    fc.integer({ min: 0, max: 12 }),
  )
  .map(([all, hosts, exchanges]) => ({
    ...Object.fromEntries(
      domains.map((one, at) => [
        one,
        {
          TXT: all[at] ?? [],
          A: hosts[at] === true ? ['10.9.9.9'] : [],
          MX: hosts[at] === true ? Array.from({ length: at === 3 ? exchanges : 1 }, () => 'host.example') : [],
        },
      ]),
    ),
    'host.example': { A: ['10.9.9.8'], AAAA: ['fd00::8'], MX: ['host.example'] },
    'empty.example': {},
  }))

test('SPF trees come out as another implementation has them, for an address that nothing matches', async () => {
  const seen = new Map<string, number>()
  const counts = new Map<number, number>()
  await fc.assert(
    fc.asyncProperty(world, fc.subarray(domains.slice(4), { maxLength: 1 }), async (names, dead) => {
      const isDead = names['d0.example']?.TXT?.[0]?.length ?? 0
      const silent = isDead % 5 === 0 ? dead : []
      const [mine, theirs] = await Promise.all([
        walkSpf('d0.example', toyLookup(names, silent)),
        spf({
          ...{ sender: 'ann@d0.example', ip: '203.0.113.77', helo: 'mail.d0.example', mta: 'mx.example', strict: true },
          resolver: nodeResolver(names, silent),
        }),
      ])
      const { result } = theirs.status
      seen.set(result, (seen.get(result) ?? 0) + 1)
      // A broken record is walked through to its end here, so that what comes first differs where a server is silent, too.
      if (silent.length > 0 && result !== mine.result && /error/.test(result) && /error/.test(mine.result)) return
      expect(mine.result).toBe(result)
      counts.set(mine.lookups, (counts.get(mine.lookups) ?? 0) + 1)
      if (!/error|none/.test(result))
        expect([mine.lookups, mine.voids.length]).toEqual([theirs.lookups?.count, theirs.lookups?.void])
    }),
    { numRuns: RUNS },
  )
  expect([...seen.keys()].length).toBeGreaterThan(4)
  expect([9, 10, 11].map((count) => (counts.get(count) ?? 0) > 0)).toEqual([true, true, true])
}, 600_000)
