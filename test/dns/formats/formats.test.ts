import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { RECORD_FORMATS } from '../../../src/dns/formats/formats.ts'
import { type DomainRecords, stringsOf } from '../../../src/dns/records/record.ts'
import { suggestedRecords } from '../../../src/dns/records/sender-domain.ts'
import { hasProgram, runProgram } from '../servers.ts'

const live = { dkimSelector: 's123456', returnPath: 'em123456', tracking: 'link', dkimExpected: 'dkim.smtp2go.net' }
const usual = [
  suggestedRecords('shop.example', live),
  suggestedRecords('bücher.example', { ...live, trackingDomain: 'link.bücher.example' }),
]

/** Texts that a careless writer would break: quotes, backslashes, templates of others, more than 255 octets, other letters. */
const odd = [
  'a "quoted" \\ text; with ${template} %{and} more',
  "it's",
  `v=DKIM1; p=${'x'.repeat(600)}`,
  'grüße: # no comment',
  '',
]
const strange: DomainRecords = {
  domain: '1a.example',
  shown: '1a.example',
  records: odd.map((value, at) => ({ purpose: 'dmarc', name: `t${at}.1a.example`, type: 'TXT', value })),
}
const all = [...usual, strange]
const written = (format: string, domains: readonly DomainRecords[] = all) => RECORD_FORMATS[format]?.(domains) ?? ''

test('an IDN is written in its ASCII form, and shown as people write it', () => {
  expect(usual[1]?.records[0]).toEqual({
    ...{ purpose: 'dkim', name: 's123456._domainkey.xn--bcher-kva.example', type: 'CNAME' },
    value: 'dkim.smtp2go.net',
  })
  expect(written('zone')).toContain('; xn--bcher-kva.example (bücher.example)')
})

test('what the account does not say is what the service is known to answer', () => {
  expect(suggestedRecords('shop.example', live).records.map(({ name, value }) => [name, value])).toEqual([
    ['s123456._domainkey.shop.example', 'dkim.smtp2go.net'],
    ['em123456.shop.example', 'return.smtp2go.net'],
    ['link.shop.example', 'track.smtp2go.net'],
    ['_dmarc.shop.example', 'v=DMARC1; p=none'],
  ])
})

test.runIf(hasProgram('named-checkzone'))(
  'a zone that includes the text passes named-checkzone, and means the same',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'mailconfig-zone-'))
    for (const { domain } of all) {
      const domains = all.filter((one) => one.domain === domain)
      const file = join(folder, domain)
      const head = `$TTL 60\n@ IN SOA ns.${domain}. host.${domain}. 1 60 60 600 30\n@ IN NS ns.${domain}.\nns IN A 127.0.0.1\n`
      writeFileSync(file, head + written('zone', domains))
      const { status, said } = runProgram('named-checkzone', ['-i', 'local', '-D', '-q', domain, file])
      expect({ status, domain, said: status === 0 ? '' : said }).toEqual({ status: 0, domain, said: '' })
      for (const { name, type, value } of domains.flatMap(({ records }) => records)) {
        const data = type === 'CNAME' ? `${value}.` : ''
        expect(said).toMatch(new RegExp(`^${name.replace(/[.]/g, '\\.')}\\.\\s+3600 IN ${type}\\s+${data}`, 'm'))
      }
    }
    const dump = runProgram('named-checkzone', [
      '-i',
      'local',
      '-D',
      '-q',
      '1a.example',
      join(folder, '1a.example'),
    ]).said
    const texts = [...dump.matchAll(/^t(\d)\.1a\.example\.\s+3600 IN TXT\s+(.*)$/gm)].map(([, at, data = '']) => [
      odd[Number(at)],
      unzoned(data),
    ])
    expect(texts).toHaveLength(odd.length)
    for (const [meant, read] of texts) expect(read).toBe(meant)
    rmSync(folder, { recursive: true })
  },
)

/** Reads the strings of a zone file as BIND writes them. */
function unzoned(data: string): string {
  const octets = [...data.matchAll(/"((?:[^"\\]|\\.)*)"/g)].flatMap(([, inner = '']) =>
    [...inner.matchAll(/\\(\d{3})|\\(.)|([^\\])/g)].map(([, code, escaped, plain]) =>
      code === undefined ? (escaped ?? plain ?? '').charCodeAt(0) : Number(code),
    ),
  )
  return Buffer.from(octets).toString()
}

test('strings of a text hold 255 octets at most, and are the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 900 }), (text) => {
      const strings = stringsOf(text)
      expect(strings.join('')).toBe(text)
      expect(strings.every((string) => Buffer.byteLength(string) <= 255)).toBe(true)
    }),
    { numRuns: 200 },
  )
})

test('octoDNS gets a file for each zone, sorted, with semicolons as it reads them', () => {
  const text = written('octodns')
  const documents = parseAllDocuments(text, { schema: 'core' })
  expect(documents.flatMap(({ errors }) => errors)).toEqual([])
  const [shop, , texts] = documents.map((one) => one.toJS())
  expect(shop).toEqual({
    _dmarc: { ttl: 3600, type: 'TXT', value: 'v=DMARC1\\; p=none' },
    em123456: { ttl: 3600, type: 'CNAME', value: 'return.smtp2go.net.' },
    link: { ttl: 3600, type: 'CNAME', value: 'track.smtp2go.net.' },
    's123456._domainkey': { ttl: 3600, type: 'CNAME', value: 'dkim.smtp2go.net.' },
  })
  expect(Object.keys(shop)).toEqual(['_dmarc', 'em123456', 'link', 's123456._domainkey'])
  expect(odd.map((_, at) => texts[`t${at}`].value.replaceAll('\\;', ';'))).toEqual(odd)
  expect(text).toContain('escaped_semicolons: true')
})

test('octoDNS gets numbers in names in their order', () => {
  const names = ['em10', 'em9', 'link', '_dmarc', 'em9a', 'em', '@'].map((label) =>
    label === '@' ? 'shop.example' : `${label}.shop.example`,
  )
  const records = names.map((name) => ({
    purpose: 'tracking' as const,
    name,
    type: 'CNAME' as const,
    value: 'a.example',
  }))
  const [document] = parseAllDocuments(written('octodns', [{ domain: 'shop.example', shown: 'shop.example', records }]))
  expect(Object.keys(document?.toJS())).toEqual(['', '_dmarc', 'em', 'em9', 'em9a', 'em10', 'link'])
})

test('DNSControl runs the text, and gets every record', () => {
  const got: unknown[] = []
  const word = (type: string) => (name: string, value: string, ttl: number) => ({ type, name, value, ttl })
  runInNewContext(written('dnscontrol'), {
    ...{ CNAME: word('CNAME'), TXT: word('TXT'), TTL: (seconds: number) => seconds },
    D_EXTEND: (domain: string, ...records: readonly object[]) => {
      for (const one of records) got.push({ domain, ...one })
    },
  })
  expect(JSON.parse(JSON.stringify(got))).toEqual(
    all.flatMap(({ domain, records }) =>
      records.map(({ type, name, value }) => ({
        ...{ domain, type, ttl: 3600, name: name.slice(0, -domain.length - 1) },
        value: type === 'CNAME' ? `${value}.` : value,
      })),
    ),
  )
})

const TERRAFORM = ['terraform-route53', 'terraform-cloudflare', 'terraform-google']

test.runIf(hasProgram('terraform')).each(TERRAFORM)('%s is as terraform fmt writes it', (format) => {
  const text = written(format)
  const { status, said } = runProgram('terraform', ['fmt', '-check', '-diff', '-'], text)
  expect({ status, said: status === 0 ? '' : said }).toEqual({ status: 0, said: '' })
})

test.each(TERRAFORM)('%s has a resource for each record, with its name and type', (format) => {
  const text = written(format)
  const blocks = [...text.matchAll(/^resource "(\w+)" "(\w+)" \{\n([\s\S]*?)^\}/gm)]
  expect(blocks).toHaveLength(all.flatMap(({ records }) => records).length)
  const values = blocks.map(([, , name, body = '']) => [
    name,
    Object.fromEntries([...body.matchAll(/^ {2}(\w+) += (.*)$/gm)].map(([, field, value]) => [field, value])),
  ])
  const shown = Object.fromEntries(values)
  expect([shown.shop_example_dkim, shown.shop_example_dmarc]).toEqual(
    {
      'terraform-route53': [
        {
          zone_id: 'var.shop_example_zone_id',
          name: '"s123456._domainkey.shop.example"',
          type: '"CNAME"',
          ttl: '3600',
          records: '["dkim.smtp2go.net"]',
        },
        {
          zone_id: 'var.shop_example_zone_id',
          name: '"_dmarc.shop.example"',
          type: '"TXT"',
          ttl: '3600',
          records: '["v=DMARC1; p=none"]',
        },
      ],
      'terraform-cloudflare': [
        {
          zone_id: 'var.shop_example_zone_id',
          name: '"s123456._domainkey.shop.example"',
          type: '"CNAME"',
          content: '"dkim.smtp2go.net"',
          ttl: '3600',
          proxied: 'false',
        },
        {
          zone_id: 'var.shop_example_zone_id',
          name: '"_dmarc.shop.example"',
          type: '"TXT"',
          content: '"\\"v=DMARC1; p=none\\""',
          ttl: '3600',
          proxied: 'false',
        },
      ],
      'terraform-google': [
        {
          managed_zone: 'var.shop_example_managed_zone',
          name: '"s123456._domainkey.shop.example."',
          type: '"CNAME"',
          ttl: '3600',
          rrdatas: '["dkim.smtp2go.net."]',
        },
        {
          managed_zone: 'var.shop_example_managed_zone',
          name: '"_dmarc.shop.example."',
          type: '"TXT"',
          ttl: '3600',
          rrdatas: '["\\"v=DMARC1; p=none\\""]',
        },
      ],
    }[format],
  )
  expect(text).toContain('$${template} %%{and}')
})
