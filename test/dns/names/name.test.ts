import { expect, test } from 'vitest'
import { asciiName, isAskable, isWithin, parentsOf } from '../../../src/dns/names/name.ts'

test.each([
  ['Shop.Example.', 'shop.example'],
  [' s1._domainkey.bücher.example', 's1._domainkey.xn--bcher-kva.example'],
  ['日本語。例え', 'xn--wgv71a119e.xn--r8jz45g'],
  ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
])('"%s" is %s in DNS', (text, name) => {
  expect(asciiName(text)).toBe(name)
})

test('names have parents, and are within them', () => {
  expect(parentsOf('a.b.c')).toEqual(['b.c', 'c'])
  expect(parentsOf('c')).toEqual([])
  expect([isWithin('a.b.c', 'b.c'), isWithin('b.c', 'b.c'), isWithin('ab.c', 'b.c'), isWithin('b.c', '')]).toEqual([
    ...[true, true, false, true],
  ])
  expect([isAskable('a.b'), isAskable('a..b'), isAskable('x'.repeat(64))]).toEqual([true, false, false])
})
