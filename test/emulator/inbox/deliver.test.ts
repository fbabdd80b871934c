import fc from 'fast-check'
import { Parser } from 'htmlparser2'
import { describe, expect, test } from 'vitest'
import { rewriteLinks } from '../../../src/emulator/inbox/deliver.ts'
import { draft, eventsOf, mailBench, messages } from '../../apis/smtp2go/emulator/mail/mail.ts'
import { at, type Bench, listAt } from '../harness.ts'

const mark = (url: string) => `https://track.example/?u=${encodeURIComponent(url)}`

/** The links of a page, as a browser reads them. */
function linksIn(html: string): string[] {
  const found: string[] = []
  new Parser({ onopentag: (name, { href }) => void (name === 'a' && href !== undefined && found.push(href)) }).end(html)
  return found
}

describe('links that are counted', () => {
  test.each([
    ['<a href="https://a.example/?x=1&amp;y=2">x</a>', [mark('https://a.example/?x=1&y=2')]],
    ["<A class=b HREF='http://a.example/'>x</A>", [mark('http://a.example/')]],
    ['<a href=https://a.example/p>x</a>', [mark('https://a.example/p')]],
    ['<a data-no-track href="https://a.example/">x</a>', ['https://a.example/']],
    ['<a href="mailto:ann@shop.example">x</a><a href="#top">y</a>', ['mailto:ann@shop.example', '#top']],
  ])('%s', (html, links) => {
    expect(linksIn(rewriteLinks(html, mark))).toEqual(links)
  })

  test('everything else stays as it is, byte for byte', () => {
    const piece = fc.constantFrom(
      '<p>',
      '</p>',
      ' text & more ',
      '<img src="https://x.example/i.png">',
      '<!-- <a href="https://no.example"> -->',
      '<br/>',
      '<b',
      '>',
    )
    const link = fc.webUrl().map((url) => `<a href="${url.replaceAll('&', '&amp;').replaceAll('"', '%22')}">`)
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, link), { maxLength: 12 }), (pieces) => {
        const html = pieces.join('')
        expect(
          rewriteLinks(html, (url) => url)
            .replace(/&#38;/g, '&amp;')
            .replace(/&#39;/g, "'"),
        ).toBe(html)
        const before = linksIn(html)
        expect(linksIn(rewriteLinks(html, mark))).toEqual(before.map((url) => (/^https?:/.test(url) ? mark(url) : url)))
      }),
    )
  })
})

const tracked = (more: object = {}) => ({
  smtpUsers: [],
  ...more,
})

async function sent(emulator: Bench, login: object, html: string) {
  const key = `api-${'Tracked'.padEnd(32, '0')}`
  const state = emulator.state() as { smtp2go: { keys: object[] } }
  state.smtp2go.keys.push({ api_key: key, endpoints: ['/email/send'], ...login })
  emulator.setState(state)
  const mail = draft({ html_body: html, text_body: 'see https://shop.example/' })
  await emulator.post('/email/send', mail, { 'x-smtp2go-api-key': key })
  const id = String(messages(emulator)[0]?.['email_id'])
  const origin = new URL(emulator.backoffice).origin
  const read = async () => (await emulator.control('GET', `/inbox/messages/${id}`)).body
  return { id, origin, read }
}

describe('what the service adds to mail', () => {
  test('a link is followed as a click, and leads where it led', async () => {
    await using emulator = await mailBench(tracked())
    const { read } = await sent(
      emulator,
      { click_tracking_enabled: true },
      '<a href="https://shop.example/?a=1&amp;b=2">x</a>',
    )
    const [link = ''] = linksIn(String(at(await read(), 'html')))
    expect(String(at(await read(), 'text'))).toBe('see https://shop.example/\n') // not in text
    const followed = await fetch(link, { redirect: 'manual' })
    expect(followed.status).toBe(302)
    expect(followed.headers.get('location')).toBe('https://shop.example/?a=1&b=2')
    expect(eventsOf(messages(emulator)[0])).toContain('clicked bob@example.net')
    expect((await fetch(link.replace('https%3A', 'javascript%3A'), { redirect: 'manual' })).status).toBe(400)
  })

  test('opening a message is an open where opens are counted', async () => {
    await using emulator = await mailBench(tracked())
    const { id } = await sent(emulator, { open_tracking_enabled: true }, '<p>x</p>')
    await emulator.control('POST', `/inbox/messages/${id}/open`)
    expect(eventsOf(messages(emulator)[0]).filter((one) => one.startsWith('opened'))).toEqual([
      'opened bob@example.net',
    ])
    await emulator.post('/email/send', draft())
    const [, other] = messages(emulator)
    await emulator.control('POST', `/inbox/messages/${String(other?.['email_id'])}/open`)
    expect(eventsOf(messages(emulator)[1]).some((one) => one.startsWith('opened'))).toBe(false)
  })

  test('the footer unsubscribes', async () => {
    await using emulator = await mailBench(tracked())
    const html = '<i>no more, %%EMAIL%%?</i> <a href="%%UNSUBSCRIBE%%">x</a>'
    const login = { feedback_enabled: true, feedback_html: html, feedback_text: 'stop: %%UNSUBSCRIBE%%' }
    const { read } = await sent(emulator, login, '<html><body><p>x</p></body></html>')
    const page = String(at(await read(), 'html'))
    expect(page).toContain('<i>no more, bob@example.net?</i>')
    expect(page).toMatch(/<\/a><\/body><\/html>\s*$/)
    const [link = ''] = linksIn(page)
    expect(String(at(await read(), 'text'))).toContain(`stop: ${link}`)
    expect((await fetch(link)).status).toBe(200)
    expect(eventsOf(messages(emulator)[0])).toContain('unsubscribed bob@example.net')
    const rows = listAt((await emulator.post('/suppression/view', {})).data, 'results')
    expect(rows).toMatchObject([{ email_address: 'bob@example.net', reason: 'unsubscribe' }])
  })

  test('an audit address gets a copy, which is no mail of its own', async () => {
    await using emulator = await mailBench(tracked())
    await sent(emulator, { audit_email: 'audit@shop.example', status: 'sandbox' }, '<p>x</p>')
    expect(messages(emulator)).toMatchObject([
      { recipients: [{ address: 'bob@example.net', fate: 'discarded' }] },
      { recipients: [{ address: 'audit@shop.example', fate: 'delivered' }], events: [], tags: ['audit copy'] },
    ])
  })
})
