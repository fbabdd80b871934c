import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createReader } from '../../../src/emulator/inbox/reader.ts'
import { readSearch, searched } from '../../../src/emulator/inbox/search.ts'
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
  recipients: [
    { address: 'bob@example.net', field: 'to', fate: 'delivered', rule: '' },
    { address: 'dee@example.net', field: 'bcc', fate: 'suppressed', rule: 'SUPPRESSED' },
  ],
  refused: null,
  raw: [
    'Message-ID: <m17@shop.example>',
    'Reply-To: Desk <desk@shop.example>',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    'Content-Type: text/html; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from('<style>.hidden{}</style><p>Please&nbsp;pay in <b>Zürich</b></p>').toString('base64'),
    '--b',
    'Content-Disposition: attachment; filename="a.pdf"',
    '',
    'x',
    '--b--',
  ].join('\r\n'),
  size: 2000,
  seen: false,
  tags: ['Paid'],
  events: [{ event: 'delivered', time: '2026-11-20T10:00:00.000Z', recipient: 'bob@example.net', detail: '' }],
  calls: [],
  copyOf: null,
  tracked: { opens: false, clicks: false, footer: null },
}

const reader = createReader()
const isFound = async (text: string, one: BoxMessage = message, zone?: string) =>
  (await searched(reader, [one], readSearch(text), zone)).length === 1

test.each([
  ['', true],
  ['invoice', true],
  ['"invoice 17"', true],
  ['"invoice 18"', false],
  ['please pay', true],
  ['"pay in zürich"', true], // what people read, not what is sent
  ['hidden', false],
  ['to:bob', true],
  ['to:dee', true],
  ['to:ann', false],
  ['bcc:dee -bcc:bob', true],
  ['cc:bob', false],
  ['addressed:ann', true],
  ['from:ann from:bounce', true],
  ['reply-to:desk', true],
  ['message-id:m17', true],
  ['subject:"your invoice"', true],
  ['user:billing-app', true],
  ['user:printer', false],
  ['event:delivered', true],
  ['event:deliver', false],
  ['rule:suppressed', true],
  ['has:attachment', true],
  ['-has:attachment', false],
  ['has:inline', false],
  ['has:nonsense', false],
  ['!to:ann', true],
  ['tag:paid', true],
  ['is:tagged', true],
  ['is:unread', true],
  ['is:read', false],
  ['is:refused', false],
  ['is:nonsense', false],
  ['before:2026-11-21', true],
  ['before:2026-11-20', false],
  ['after:2026-11-20', true],
  ['after:2026-11-21', false],
  ['after:2026-11-20T09:59:00Z', true],
  ['after:nonsense', false],
  ['before:nonsense', false],
  ['larger:1k smaller:2k', true],
  ['larger:2k', false],
  ['strange:word', false],
  ['to:', true], // nothing is asked for yet
  ['to:bob invoice -event:opened', true],
])('%s', async (text, wanted) => {
  expect(await isFound(text)).toBe(wanted)
})

test('a day begins where its time zone says', async () => {
  expect(await isFound('before:2026-11-20', message, 'Pacific/Auckland')).toBe(false)
  expect(await isFound('after:2026-11-21', { ...message, time: '2026-11-20T11:30:00.000Z' }, 'Pacific/Auckland')).toBe(
    true,
  )
  expect(await isFound('after:2026-11-21', { ...message, time: '2026-11-21T00:30:00.000Z' }, 'America/Chicago')).toBe(
    false,
  )
  expect(await isFound('after:2026-11-20', message, 'Nowhere/Land')).toBe(true)
})

const field = fc.constantFrom('to', 'from', 'subject', 'user', 'tag')
const value = fc.stringMatching(/^[a-z0-9@. ]{1,12}$/).filter((one) => one.trim() !== '')

test('what is asked for in quotes is what a message has to have, and its opposite what it must not', async () => {
  await fc.assert(
    fc.asyncProperty(field, value, fc.string(), async (name, text, before) => {
      const at = { to: 'recipients', from: 'from', subject: 'subject', user: 'login', tag: 'tags' }[name]
      const whole = `${before}${text}`
      const texts = {
        recipients: [{ address: whole, field: 'to' as const, fate: 'delivered', rule: '' }],
        from: whole,
        subject: whole,
        login: whole,
        tags: [text],
      }
      const one = { ...message, ...texts }
      const none = { ...message, [at]: at === 'recipients' || at === 'tags' ? [] : '', envelopeFrom: '' }
      expect(await isFound(`${name}:"${text}"`, one)).toBe(true)
      expect(await isFound(`-${name}:"${text}"`, one)).toBe(false)
      expect(await isFound(`${name}:"${text}"`, none)).toBe(false)
    }),
  )
})

test('a search finds what all of its terms find, whatever is written', async () => {
  const word = fc.oneof(
    fc.string({ unit: 'grapheme' }).filter((one) => !one.includes('"')),
    fc.constantFrom('to:bob', '-is:read', 'has:attachment', 'user:x', '!zürich', 'before:2026-01-01'),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(word, { maxLength: 4 }), async (words) => {
      const each = await Promise.all(words.map((one) => isFound(one)))
      expect(await isFound(words.join(' '))).toBe(each.every((one) => one))
    }),
  )
})
