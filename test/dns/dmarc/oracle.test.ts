import fc from 'fast-check'
import { expect, test } from 'vitest'
import { aligns } from '../../../src/dns/dmarc/alignment.ts'
import { discoverDmarc } from '../../../src/dns/dmarc/discover.ts'
import { nodeResolver, type ToyDns, toyLookup } from '../toy-dns.ts'

const RUNS = Number(process.env['MAILCONFIG_RUNS'] ?? 300)

type MailauthDmarc = (options: object) => Promise<{
  status: { result: string }
  policyDomain?: string
  policy?: string
  domain?: string
  alignment?: { spf: { result?: string }; dkim: { result?: string } }
}>

const { dmarc } = (await import('mailauth/lib/dmarc/index.js')) as unknown as { dmarc: MailauthDmarc }

const policy = fc.constantFrom('none', 'quarantine', 'reject', 'Reject', 'nonsense', '')
const tag = fc.oneof(
  fc.tuple(fc.constantFrom('p', 'p', 'p', 'sp', 'np', 'P'), policy).map(([name, value]) => `${name}=${value}`),
  fc.constantFrom('psd=y', 'psd=n', 'psd=u', 'psd=Y', 't=y', 't=n', 'adkim=s', 'aspf=s', 'adkim=r', 'aspf = s'),
  fc.constantFrom(
    'rua=mailto:a@example.org',
    'rua=nobody',
    'pct=50',
    'rf=afrf',
    'ri=86400',
    'fo=1',
    'stray',
    '=x',
    'x=y',
    'v=DMARC1',
  ),
)
const record = fc.oneof(
  { weight: 9, arbitrary: fc.array(tag, { maxLength: 5 }).map((tags) => ['v=DMARC1', ...tags].join('; ')) },
  fc.constantFrom(
    'v=DMARC1',
    'V = DMARC1;p=reject',
    'v=dmarc1; p=reject',
    'v=DMARC12; p=none',
    ' v=DMARC1 ; p=none;',
    'v=spf1 -all',
    'p=reject; v=DMARC1',
    'v=DMARC1; p=re|ject',
  ),
)
const texts = fc.oneof(
  { weight: 5, arbitrary: fc.constant<string[]>([]) },
  { weight: 5, arbitrary: record.map((one) => [one]) },
  { weight: 1, arbitrary: fc.tuple(record, record).map((both) => [...both]) },
)

interface Case {
  readonly domain: string
  readonly names: ToyDns
  readonly dead: readonly string[]
  readonly signer: string
}

const tree: fc.Arbitrary<Case> = fc
  .tuple(
    fc.integer({ min: 1, max: 11 }),
    fc.array(texts, { minLength: 11, maxLength: 11 }),
    fc.array(fc.boolean(), { minLength: 11, maxLength: 11 }),
    fc.oneof({ weight: 9, arbitrary: fc.constant(-1) }, fc.integer({ min: 0, max: 10 })),
    fc.integer({ min: 0, max: 10 }),
    fc.constantFrom('', 'em1.', 's.t.'),
    texts,
  )
  .map(([size, all, there, silent, up, below, signed]) => {
    const labels = Array.from({ length: size }, (_, at) => `l${at}`)
    const at = (index: number) => labels.slice(index).join('.')
    const names: Record<string, ToyDns[string]> = {}
    for (const [index] of labels.entries()) {
      const found = all[index] ?? []
      if (found.length > 0) names[`_dmarc.${at(index)}`] = { TXT: found }
      if (there[index] === true) names[at(index)] = { A: ['10.0.0.1'] }
    }
    const signer = `${below}${at(Math.min(up, size - 1))}`
    if (below !== '' && signed.length > 0) names[`_dmarc.${signer}`] = { TXT: signed }
    return { domain: at(0), names, dead: silent >= 0 && silent < size ? [`_dmarc.${at(silent)}`] : [], signer }
  })

test('DMARC trees come out as another implementation has them, alignment too', async () => {
  const seen = new Map<string, number>()
  await fc.assert(
    fc.asyncProperty(tree, async ({ domain, names, dead, signer }) => {
      const find = toyLookup(names, dead)
      const [mine, theirs] = await Promise.all([
        discoverDmarc(domain, find),
        dmarc({
          ...{ headerFrom: [`ann@${domain}`], spfDomains: [signer], dkimDomains: [{ domain: signer }], strict: true },
          resolver: nodeResolver(names, dead),
        }),
      ])
      const { result } = theirs.status
      seen.set(result, (seen.get(result) ?? 0) + 1)
      const dkim = await aligns(domain, signer, 'adkim', mine, find)
      const spf = await aligns(domain, signer, 'aspf', mine, find)
      if (result === 'temperror') {
        expect(mine.failure !== undefined || dkim === undefined || spf === undefined).toBe(true)
        return
      }
      if (result === 'none') {
        expect(mine.failure).toBeUndefined()
        expect(mine.policy).toBeUndefined()
        return
      }
      const isKnown = mine.failure === undefined
      expect(mine.policyDomain).toBe(theirs.policyDomain)
      if (isKnown) expect(mine.policy).toBe(theirs.policy)
      if (mine.organization !== undefined) expect(mine.organization).toBe(theirs.domain)
      if (dkim !== undefined) expect(dkim).toBe(theirs.alignment?.dkim.result !== undefined)
      if (spf !== undefined) expect(spf).toBe(theirs.alignment?.spf.result !== undefined)
    }),
    { numRuns: RUNS },
  )
  expect([...seen.keys()].sort()).toEqual(['fail', 'none', 'pass', 'temperror'])
}, 600_000)
