import { describe, expect, test } from 'vitest'
import { dmarcFindings } from '../../../src/dns/check/dmarc-findings.ts'
import { spfFindings } from '../../../src/dns/check/spf-findings.ts'
import { discoverDmarc } from '../../../src/dns/dmarc/discover.ts'
import { walkSpf } from '../../../src/dns/spf/evaluate.ts'
import { type ToyDns, toyLookup } from '../toy-dns.ts'

const spf = async (record: string | readonly string[], more: ToyDns = {}) => {
  const names = { 'shop.example': { TXT: [record].flat(), A: ['10.0.0.1'], MX: ['mx.example'] }, ...more }
  const tree = await walkSpf('shop.example', toyLookup(names))
  return { tree, said: spfFindings(tree).map(({ code, message, hint }) => [code, message, hint]) }
}

describe('the SPF record', () => {
  test.each([
    ['v=spf1 mx -all'],
    ['v=spf1 include:_spf.|mail.example -all'],
    ['v=spf1 ip4:192.0.2.1 |a ~all'],
    ['v=spf1 a:all.|example ~all'],
  ])('"%s" has nothing odd', async (record) => {
    const names = { '_spf.mail.example': { TXT: ['v=spf1 ip4:192.0.2.0/24 -all'] }, 'all.example': { A: ['10.0.0.2'] } }
    expect((await spf(record, names)).said).toEqual([])
  })

  test.each([
    ['v=spf1 ip4:192.0.2.1|include:b.example -all', 'ip4:192.0.2.1 include:b.example'],
    ['v=spf1 include:b.example|-all', 'include:b.example -all'],
    ['v=spf1 ip4:192.0.2.1~all', 'ip4:192.0.2.1 ~all'],
    ['v=spf1 include:b.exampleinclude:c.example -all', 'include:b.example include:c.example'],
  ])('"%s" lacks a space', async (record, meant) => {
    const names = { 'b.example': { TXT: ['v=spf1 -all'] } }
    const { said } = await spf(record, names)
    expect(said).toContainEqual(['SPF_GLUED', expect.stringContaining('is two terms'), `was "${meant}" meant?`])
  })

  test.each([
    ['ip:192.0.2.1', 'ip4:192.0.2.1'],
    ['192.0.2.0/24', 'ip4:192.0.2.0/24'],
    ['2001:db8::1', 'ip6:2001:db8::1'],
    ['ip4:2001:db8::1', 'ip6:2001:db8::1'],
    ['ip6:192.0.2.1', 'ip4:192.0.2.1'],
    ['ipv4:192.0.2.1', 'ip4:192.0.2.1'],
    ['incldue:b.example', 'include:b.example'],
    ['_spf.b.example', 'include:_spf.b.example'],
    ['include=b.example', 'include:b.example'],
    ['-all:x', '-all'],
  ])('says what was meant with "%s"', async (term, meant) => {
    const { said } = await spf(`v=spf1 ${term} -all`)
    expect(said).toEqual([['SPF_SYNTAX', expect.stringContaining(`"${term}"`), `was "${meant}" meant?`]])
  })

  test.each([
    ['SPF_MULTIPLE', ['v=spf1 -all', 'v=spf1 ~all'], {}],
    ['SPF_ALL', ['v=spf1 +all'], {}],
    ['SPF_ALL', ['v=spf1 include:b.example -all'], { 'b.example': { TXT: ['v=spf1 all'] } }],
    ['SPF_PTR', ['v=spf1 ptr -all'], {}],
    ['SPF_LOOP', ['v=spf1 include:b.example -all'], { 'b.example': { TXT: ['v=spf1 include:shop.example -all'] } }],
    ['SPF_INCLUDE', ['v=spf1 include:b.example -all'], { 'b.example': {} }],
    ['SPF_VOID', ['v=spf1 a:x1.example a:x2.example a:x3.example -all'], {}],
  ])('is told as %s', async (code, records, more) => {
    expect((await spf(records, more)).said.map(([one]) => one)).toEqual([code])
  })

  test('counts all look-ups, and names what costs the most', async () => {
    const many = Array.from({ length: 9 }, () => 'a:shop.example').join(' ')
    const { tree, said } = await spf('v=spf1 mx include:b.example a -all', {
      'b.example': { TXT: [`v=spf1 ${many} -all`] },
    })
    expect([tree.lookups, tree.result]).toEqual([12, 'permerror'])
    expect(said).toEqual([
      [
        'SPF_LOOKUPS',
        'the SPF record of shop.example needs 12 look-ups, and receivers stop at 10: include:b.example 10',
        undefined,
      ],
    ])
  })

  test('that grows without end is walked to an end', async () => {
    const names = Object.fromEntries(
      Array.from({ length: 300 }, (_, at) => [
        `n${at}.example`,
        { TXT: [`v=spf1 include:n${at + 1}.example include:n${at + 1}.example -all`] },
      ]),
    )
    const { tree } = await spf('v=spf1 include:n0.example -all', names)
    expect(tree.result).toBe('permerror')
    expect(tree.lookups).toBeLessThan(500)
  })
})

describe('the DMARC record', () => {
  const dmarc = async (names: ToyDns, domain = 'news.shop.example') => {
    const find = toyLookup(names)
    const found = await discoverDmarc(domain, find)
    return {
      found,
      said: (await dmarcFindings(domain, found, find)).map(({ code, message, hint }) => [code, message, hint]),
    }
  }
  const at = (record: string, more: ToyDns = {}) => dmarc({ '_dmarc.shop.example': { TXT: [record] }, ...more })

  test.each([
    ['v=DMARC1; p=none; rua=mailto:dmarc@shop.example'],
    ['v=DMARC1; p=reject; sp=none; np=reject; t=y; psd=n; adkim=s; aspf=r; fo=1'],
    ['v=DMARC1; p=none; rua=mailto:dmarc@in.shop.example!10m,https://reports.example/x'],
  ])('"%s" has nothing odd', async (record) => {
    expect((await at(record)).said).toEqual([])
  })

  test.each([
    ['DMARC_SYNTAX', 'v=DMARC1; p=rejct'],
    ['DMARC_SYNTAX', 'v=DMARC1; rua=mailto:dmarc@shop.example'],
    ['DMARC_SYNTAX', 'v=DMARC1; p=none; reject'],
    ['DMARC_SYNTAX', 'v=DMARC1; p=none; SP=reject'],
    ['DMARC_SYNTAX', 'v=DMARC1; p=none; p=reject'],
    ['DMARC_GONE', 'v=DMARC1; p=none; pct=10'],
    ['DMARC_GONE', 'v=DMARC1; p=none; ri=3600; rf=afrf'],
  ])('is told as %s: "%s"', async (code, record) => {
    expect((await at(record)).said.map(([one]) => one)).toEqual([code])
  })

  test('is missing, or there twice', async () => {
    expect((await dmarc({})).said.map(([code]) => code)).toEqual(['DMARC_MISSING'])
    const twice = { '_dmarc.shop.example': { TXT: ['v=DMARC1; p=none', 'v=DMARC1; p=reject'] } }
    expect((await dmarc(twice)).said.map(([code]) => code)).toEqual(['DMARC_MULTIPLE'])
  })

  test('asks for reports where nobody agreed: the name is that of the domain with the policy', async () => {
    const record = 'v=DMARC1; p=none; rua=mailto:x@reports.example'
    const place = 'shop.example._report._dmarc.reports.example'
    expect((await at(record)).said).toEqual([
      [
        'DMARC_REPORTS',
        `mailto:x@reports.example has not agreed to reports about shop.example: there is no ${place}`,
        `at reports.example, publish: ${place}. IN TXT "v=DMARC1"`,
      ],
    ])
    expect((await at(record, { [place]: { TXT: ['v=DMARC1'] } })).said).toEqual([])
  })

  test('of the organization says which tag decides', async () => {
    const record = 'v=DMARC1; p=reject; sp=quarantine; np=none'
    expect((await at(record, { 'news.shop.example': {} })).found).toMatchObject({ policy: 'quarantine', tag: 'sp' })
    expect((await at(record)).found).toMatchObject({ policy: 'none', tag: 'np', policyDomain: 'shop.example' })
    const test = await at('v=DMARC1; p=reject; t=y')
    expect(test.found).toMatchObject({ policy: 'quarantine', tag: 'p', isTest: true })
  })

  test('is looked for at no more than eight names', async () => {
    const asked = new Set<string>()
    const find = toyLookup({})
    await discoverDmarc('a.b.c.d.e.f.g.h.i.j.k.example', async (name, type) => {
      asked.add(name)
      return await find(name, type)
    })
    expect([...asked]).toHaveLength(8)
    expect([...asked][1]).toBe('_dmarc.f.g.h.i.j.k.example')
  })
})
