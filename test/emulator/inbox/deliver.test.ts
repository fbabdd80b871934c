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

  const quoted = fc.constantFrom('"', "'", '')
  const attribute = fc
    .tuple(
      fc.constantFrom('href', 'HREF', 'title', 'data-href', 'data-no-track', 'class'),
      quoted,
      fc.constantFrom(
        'https://a.example/?x=1&amp;y=2',
        'http://b.example',
        'mailto:c@d.example',
        ' href=https://e.example',
        '',
      ),
      fc.constantFrom('=', ' = '),
    )
    .map(
      ([name, quote, text, sign]) =>
        `${name}${sign}${quote}${quote === '' ? text.replace(/\s/g, '') || 'x' : text}${quote}`,
    )
  const tag = fc
    .tuple(
      fc.constantFrom('a', 'A', 'area', 'img', 'b'),
      fc.array(attribute, { maxLength: 3 }),
      fc.constantFrom('>', '/>', '\n>'),
    )
    .map(([name, attributes, end]) => `<${[name, ...attributes].join(' ')}${end}`)
  const piece = fc.oneof(
    tag,
    fc.constantFrom(
      '</a>',
      ' text & more ',
      '<!-- <a href="https://no.example"> -->',
      '<style>a{}</style>',
      '<a',
      '>',
      '"',
    ),
    fc.string(),
  )

  test('are the only thing that changes', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 10 }), (pieces) => {
        const html = pieces.join('')
        const [before, after] = [tagsIn(html), tagsIn(rewriteLinks(html, mark))]
        expect(after).toEqual(before.map(counted))
      }),
    )
  })

  test('of a page that nobody could write do not stop the emulator', () => {
    expect(rewriteLinks('<a href="https://a.example/&#99999999;&#x110000;">', mark)).toContain('track.example')
  })
})

/** Tags and texts of a page, as a browser reads them. */
function tagsIn(html: string): unknown[] {
  const found: unknown[] = []
  new Parser({
    onopentag: (name, attributes) => void found.push([name, { ...attributes }]),
    ontext: (text) => void (typeof found.at(-1) === 'string' ? found.push(`${found.pop()}${text}`) : found.push(text)),
    oncomment: (text) => void found.push({ text }),
  }).end(html)
  return found
}

/** What has to become of a tag. */
function counted(one: unknown): unknown {
  if (!Array.isArray(one)) return one
  const [name, attributes] = one
  const { href = '' } = attributes
  const isLink = name === 'a' && !('data-no-track' in attributes) && /^https?:/i.test(href.trim())
  return isLink ? [name, { ...attributes, href: mark(href.trim()) }] : one
}

const tracked = () => ({ smtpUsers: [] })

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

  test('an audit address gets a copy, from the sandbox too, which counts as a mail of the plan', async () => {
    await using emulator = await mailBench(tracked())
    await sent(emulator, { audit_email: 'audit@shop.example', status: 'sandbox' }, '<p>x</p>')
    const [message, copy] = messages(emulator)
    expect(message).toMatchObject({ recipients: [{ address: 'bob@example.net', fate: 'discarded' }] })
    expect(copy).toMatchObject({ recipients: [{ address: 'audit@shop.example', fate: 'delivered' }] })
    expect(copy).toMatchObject({ copy_of: message?.['email_id'], archived: false })
    expect(eventsOf(copy)).toEqual(['processed audit@shop.example', 'delivered audit@shop.example'])
    expect(at((await emulator.post('/stats/email_cycle')).data, 'cycle_used')).toBe(2)
  })

  test('several audit addresses get a copy each; a message that is refused has none', async () => {
    await using emulator = await mailBench()
    const { origin } = await sent(emulator, {}, '<p>x</p>')
    const id = `api-${'Tracked'.padEnd(32, '0')}`
    const headers = { 'x-smtp2go-api-key': id }
    const audit_email = 'one@shop.example, two@shop.example'
    expect((await emulator.patch('/api_keys/edit', { id, audit_email })).status).toBe(200)
    expect((await emulator.patch('/api_keys/edit', { id, audit_email: 'one@shop.example, two' })).status).toBe(400)
    await emulator.post('/email/send', draft(), headers)
    const to = emulator.messages().flatMap(({ recipients }) => recipients.map(({ address }) => address))
    expect(to).toEqual(['bob@example.net', 'bob@example.net', 'one@shop.example', 'two@shop.example'])
    await emulator.post('/email/send', draft({ sender: 'eve@evil.example' }), headers)
    expect(emulator.messages()).toHaveLength(5)
    const list = await fetch(`${origin}/__emulator/inbox/messages?search=is:copy`)
    expect(await list.json()).toMatchObject({ total: 2 })
  })
})

test('what is removed from the inbox stays in the history of the account', async () => {
  await using emulator = await mailBench()
  await emulator.post('/email/send', draft())
  const list = () => emulator.control('GET', '/inbox/messages')
  expect(at((await list()).body, 'total')).toBe(1)
  await emulator.control('DELETE', '/inbox/messages')
  expect(at((await list()).body, 'total')).toBe(0)
  expect(at((await emulator.post('/activity/search')).data, 'total_events')).toBe(2)
})

test('there is a mailbox for each login and key, whether it has mail or not', async () => {
  await using emulator = await mailBench({ ipAuth: [{ ip_address: '198.51.100.4' }] })
  await emulator.post('/email/send', draft())
  expect(at((await emulator.control('GET', '/inbox/messages')).body, 'boxes')).toMatchObject([
    { channel: 'smtp', login: 'printer', count: 0, unseen: 0 },
    { channel: 'api', login: 'api-EmulatorMast', count: 1, unseen: 1 },
    { channel: 'ip', login: '198.51.100.4', count: 0, unseen: 0 },
  ])
})
