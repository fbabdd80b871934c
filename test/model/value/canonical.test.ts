import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { list, object, oneOf, record, set, string, text } from '../../../src/model/kind/field.ts'
import { isSame } from '../../../src/model/value/canonical.ts'
import { canonicalDomain, canonicalEmail } from '../../../src/model/value/formats.ts'
import { canonicalCidr, cidrContains } from '../../../src/model/value/network.ts'

describe('one form for each value', () => {
  it('folds the case of domains and writes IDN as punycode', () => {
    expect(canonicalDomain('Example.COM.')).toBe('example.com')
    expect(canonicalDomain('bücher.example')).toBe('xn--bcher-kva.example')
    expect(canonicalDomain('XN--BCHER-KVA.example')).toBe('xn--bcher-kva.example')
    for (const wrong of ['localhost', 'a b.com', '-a.com', 'a..com', 'a@b.com', '', `${'a'.repeat(64)}.com`])
      expect(canonicalDomain(wrong)).toBeUndefined()
  })

  it('folds the case of addresses', () => {
    expect(canonicalEmail('Ann.Lee@Bücher.Example')).toBe('ann.lee@xn--bcher-kva.example')
    for (const wrong of ['ann', '@a.com', 'a b@c.com', 'a@b', 'a@@b.com', '<a@b.com>'])
      expect(canonicalEmail(wrong)).toBeUndefined()
  })

  it('writes a network of one address as the address, and IPv6 in its short form', () => {
    expect(canonicalCidr('10.0.0.1/32')).toBe('10.0.0.1')
    expect(canonicalCidr('2001:0DB8:0:0:0:0:0:1/128')).toBe('2001:db8::1')
    expect(canonicalCidr('2001:db8::/32')).toBe('2001:db8::/32')
    for (const wrong of ['10.0.0.1/24', '10.0.0.0/33', '10.0.0', '::1/129', '1.2.3.4/x', '01.2.3.4', ''])
      expect(canonicalCidr(wrong)).toBeUndefined()
  })

  it('knows whether an address lies in a network', () => {
    expect(cidrContains('203.0.113.0/24', '203.0.113.77')).toBe(true)
    expect(cidrContains('203.0.113.0/24', '203.0.114.77')).toBe(false)
    expect(cidrContains('2001:db8::/32', '2001:db8:1::9')).toBe(true)
    expect(cidrContains('0.0.0.0/0', '::1')).toBe(false)
    expect(cidrContains('0.0.0.0/0', '198.51.100.1')).toBe(true)
  })

  it('is the same however often it is made', () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        const once = canonicalCidr(address)
        expect(once === undefined || canonicalCidr(once) === once).toBe(true)
      }),
    )
    fc.assert(
      fc.property(fc.domain(), (name) => {
        const once = canonicalDomain(name)
        expect(once === undefined || canonicalDomain(once) === once).toBe(true)
      }),
    )
  })
})

describe('two values are the same', () => {
  it('where a set has another order, and not where a list has', () => {
    expect(isSame(set(string(''), ''), ['b', 'a'], ['a', 'b'])).toBe(true)
    expect(isSame(list(string(''), ''), ['b', 'a'], ['a', 'b'])).toBe(false)
  })

  it('where only the form differs', () => {
    expect(isSame(string('', { format: 'period' }), '1 hour', '01:00:00')).toBe(true)
    expect(isSame(string('', { format: 'cidr' }), '10.0.0.1/32', '10.0.0.1')).toBe(true)
    expect(isSame(text(''), 'a\r\nb', 'a\nb')).toBe(true)
    expect(isSame(set(string('', { caseless: true }), ''), ['X-A'], ['x-a'])).toBe(true)
    expect(isSame(string('', { clearable: true }), '', null)).toBe(true)
    expect(isSame(record(''), { a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 })).toBe(true)
    expect(isSame(object({ a: string('') }, '', { off: { wire: 'x', off: false } }), 'off', 'off')).toBe(true)
  })

  it('but not where anything else does', () => {
    expect(isSame(string(''), 'a', 'A')).toBe(false)
    expect(isSame(oneOf('', ['a', 'b']), 'a', 'b')).toBe(false)
    expect(isSame(object({ a: string('') }, ''), { a: 'x' }, 'off')).toBe(false)
    expect(isSame(string(''), 'x', null)).toBe(false)
  })
})
