import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isFound, readSearch } from '../../../src/emulator/inbox/search.ts'
import type { BoxMessage } from '../../../src/emulator/world/mailbox.ts'

const message: BoxMessage = {
  id: '1abc',
  time: '2026-11-20T10:00:00.000Z',
  account: '',
  channel: 'smtp',
  login: 'billing-app',
  ip: '127.0.0.1',
  envelopeFrom: 'bounce@shop.example',
  from: 'Ann <ann@shop.example>',
  subject: 'Your Invoice 17',
  recipients: [{ address: 'bob@example.net', fate: 'delivered', rule: '' }],
  refused: null,
  raw: 'Content-Disposition: attachment; filename="a.pdf"\r\n\r\nplease pay',
  size: 10,
  seen: false,
  tags: ['Paid'],
  events: [{ event: 'delivered', time: '2026-11-20T10:00:00.000Z', recipient: 'bob@example.net', detail: '' }],
  calls: [],
  tracked: { opens: false, clicks: false, footer: null },
}

test.each([
  ['', true],
  ['invoice', true],
  ['"invoice 17"', true],
  ['"invoice 18"', false],
  ['pay', true],
  ['to:bob', true],
  ['to:ann', false],
  ['from:ann from:bounce', true],
  ['subject:"your invoice"', true],
  ['user:billing-app', true],
  ['user:printer', false],
  ['event:delivered', true],
  ['event:deliver', false],
  ['has:attachment', true],
  ['-has:attachment', false],
  ['!to:ann', true],
  ['tag:paid', true],
  ['is:unread', true],
  ['is:read', false],
  ['is:refused', false],
  ['before:2026-11-21', true],
  ['before:2026-11-20', false],
  ['after:2026-11-20', true],
  ['after:2026-11-21', false],
  ['after:nonsense', true],
  ['strange:word', false],
  ['to:bob invoice -event:opened', true],
])('%s', (text, wanted) => {
  expect(isFound(readSearch(text), message)).toBe(wanted)
})

const field = fc.constantFrom('to', 'from', 'subject', 'user', 'tag')
const value = fc.stringMatching(/^[a-z0-9@. ]{1,12}$/).filter((one) => one.trim() !== '')

test('what is asked for in quotes is what a message has to have, and its opposite what it must not', () => {
  fc.assert(
    fc.property(field, value, fc.string(), (name, text, before) => {
      const at = { to: 'recipients', from: 'from', subject: 'subject', user: 'login', tag: 'tags' }[name]
      const texts = {
        recipients: [{ address: `${before}${text}`, fate: 'delivered', rule: '' }],
        from: `${before}${text}`,
        subject: `${before}${text}`,
        login: `${before}${text}`,
        tags: [text],
      }
      const one = { ...message, ...texts }
      const none = { ...message, [at]: at === 'recipients' || at === 'tags' ? [] : '', envelopeFrom: '' }
      expect(isFound(readSearch(`${name}:"${text}"`), one)).toBe(true)
      expect(isFound(readSearch(`-${name}:"${text}"`), one)).toBe(false)
      expect(isFound(readSearch(`${name}:"${text}"`), none)).toBe(false)
    }),
  )
})

test('no text is too strange to search for', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => typeof isFound(readSearch(text), message) === 'boolean'),
  )
})
