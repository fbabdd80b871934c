import { describe, expect, test } from 'vitest'
import { proxyFor } from '../../../src/http/proxy.ts'
import { parseJson, parseJsonExactly, writeJson } from '../../../src/model/json.ts'
import { holdsCredential, maskedUrl } from '../../../src/model/value/credential-url.ts'
import { canonicalDomain, canonicalEmail, canonicalUrl } from '../../../src/model/value/formats.ts'
import { canonicalCidr, cidrContains, meantNetwork } from '../../../src/model/value/network.ts'

describe('a domain', () => {
  test.each([
    'example.com#prod',
    'example.com?x',
    'exa\\mple.com',
    'u:p@example.com',
    'example.com:25',
    'example.com/x',
    'ex ample.com',
    '192.0.2.10',
    '5.1.0.1',
    '123',
    '1.2',
    '0x7f.1',
    'a\u200b.example',
    '*.x.example',
    '@x.example',
  ])('is not %j', (text) => {
    expect(canonicalDomain(text)).toBeUndefined()
  })
  test('is in one form', () => {
    expect(canonicalDomain(' Bücher.Example. ')).toBe('xn--bcher-kva.example')
    expect(canonicalDomain('_dmarc.example.com')).toBe('_dmarc.example.com')
  })
})

test.each(['ann@b.example#note', '*@mail.example', '\u200ba@x.example', 'a@x\u202e.example', 'a@192.0.2.1'])(
  '%j is not an e-mail address',
  (text) => {
    expect(canonicalEmail(text)).toBeUndefined()
  },
)

describe('a URL', () => {
  test.each([
    ['https://Hooks.Shop.example/Mail?A=b', 'https://hooks.shop.example/Mail?A=b'],
    ['HTTPS://hooks.shop.example:443/', 'https://hooks.shop.example/'],
    ['http://bücher.example', 'http://xn--bcher-kva.example/'],
    ['https://User:Pass@h.example:8443/a/../b', 'https://User:Pass@h.example:8443/a/../b'],
    ['https://h.example?x=1', 'https://h.example/?x=1'],
  ])('%s is %s', (text, one) => {
    expect(canonicalUrl(text)).toBe(one)
    expect(canonicalUrl(one)).toBe(one)
  })
  test.each(['ftp://x.example', 'https://', 'https://a b.example', 'no url'])('is not %j', (text) => {
    expect(canonicalUrl(text)).toBeUndefined()
  })
  test('shows no password and no token', () => {
    expect(maskedUrl('https://hook:pw@h.example/x?token=abc&page=2&api_key=k')).toBe(
      'https://hook:(sensitive)@h.example/x?token=(sensitive)&page=2&api_key=(sensitive)',
    )
    expect(holdsCredential('https://hook:${env:PW}@h.example/?token=${env:T}')).toBe(false)
    expect(maskedUrl(maskedUrl('https://a:b@c.example/?sig=1'))).toBe(maskedUrl('https://a:b@c.example/?sig=1'))
  })
})

describe('a network', () => {
  test('inside of IPv6 is the one of IPv4', () => {
    expect(canonicalCidr('::ffff:0.0.0.0/96')).toBe('0.0.0.0/0')
    expect(canonicalCidr('::ffff:10.0.0.0/104')).toBe('10.0.0.0/8')
    expect(canonicalCidr('::ffff:192.0.2.1')).toBe('192.0.2.1')
  })
  test.each(['banana', 'fe80::1%eth0', '1.2.3.4/33', '010.0.0.1', '1.2.3.4/1/2', ''])(
    '%j is none, and nothing throws',
    (text) => {
      expect(canonicalCidr(text)).toBeUndefined()
      expect(cidrContains(text, '1.2.3.4')).toBe(false)
      expect(cidrContains('1.2.3.0/24', text)).toBe(false)
    },
  )
  test('with host bits was meant without', () => {
    expect(meantNetwork('10.0.0.1/24')).toBe('10.0.0.0/24')
    expect(meantNetwork('2001:db8::1/64')).toBe('2001:db8::/64')
  })
})

test('JSON is bounded in depth, and keeps every digit of an id', () => {
  expect(() => parseJson('['.repeat(20_000) + ']'.repeat(20_000))).toThrow(SyntaxError)
  expect(parseJsonExactly('{"id":12345678901234567890,"text":"12345678901234567890","n":1.5}')).toEqual({
    id: '12345678901234567890',
    text: '12345678901234567890',
    n: 1.5,
  })
  expect(writeJson({ id: 12345678901234567890n, text: 'x' })).toBe('{"id":12345678901234567890,"text":"x"}')
})

describe('a proxy', () => {
  const env = {
    HTTPS_PROXY: 'http://p.example:3128',
    NO_PROXY: 'internal.example, .corp.example:8443, 10.0.0.1, localhost',
  }
  test.each([
    ['https://api.smtp2go.com/v3', 'http://p.example:3128'],
    ['http://plain.example', undefined],
    ['https://internal.example/x', undefined],
    ['https://a.internal.example/x', undefined],
    ['https://a.corp.example:8443/', undefined],
    ['https://a.corp.example/', 'http://p.example:3128'],
    ['https://10.0.0.1/', undefined],
    ['https://127.0.0.1:8025/v3', 'http://p.example:3128'],
    ['https://localhost/', undefined],
  ])('for %s is %s', (url, proxy) => {
    expect(proxyFor(url, env)).toBe(proxy)
  })
  test('of small letters comes first, and one for all last', () => {
    expect(proxyFor('https://x.example', { ...env, https_proxy: 'small:1' })).toBe('http://small:1')
    expect(proxyFor('http://x.example', { all_proxy: 'http://all:1' })).toBe('http://all:1')
    expect(proxyFor('http://x.example', { all_proxy: 'http://all:1', NO_PROXY: '*' })).toBeUndefined()
  })
})
