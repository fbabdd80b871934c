import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { draft } from '../../apis/smtp2go/emulator/mail/mail.ts'
import { hasBrowser, launch, type Opened, open, violations } from '../../cli/report/browser.ts'

// The page comes with what is built.
const { startEmulator } = await import(new URL('../../../dist/emulator.js', import.meta.url).href)

/** Everything by which a message could call home, or leave its frame. */
const hostile = (url: string) => `<html><head>
<meta http-equiv="refresh" content="0;url=${url}/refresh"><base href="${url}/base/">
<link rel="stylesheet" href="${url}/style.css"><link rel="preload" href="${url}/preload.png" as="image"><link rel="dns-prefetch" href="${url}">
<style>@import url("${url}/import.css"); @font-face{font-family:x;src:url("${url}/font.woff2")} body{font-family:x;background:url("${url}/background.png")}</style>
</head><body background="${url}/old.png" onload="parent.document.title='taken'">
<script>top.location='${url}/script'; fetch('${url}/fetch')</script>
<img src="${url}/pixel.png"><img src=x onerror="top.location='${url}/onerror'"><picture><source srcset="${url}/srcset.png"><img></picture>
<video src="${url}/video.mp4" poster="${url}/poster.png" autoplay></video><audio src="${url}/audio.mp3" autoplay></audio>
<iframe src="${url}/frame"></iframe><object data="${url}/object"></object><embed src="${url}/embed">
<svg><image href="${url}/svg.png"/><use href="${url}/use.svg#a"/></svg>
<form id="f" action="${url}/form"><input name="a" autofocus onfocus="document.forms[0].submit()"></form>
<p id="seen">hostile</p></body></html>`

describe.skipIf(!hasBrowser())('the inbox', { timeout: 60_000 }, () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launch()
  })
  afterAll(async () => {
    await browser?.close()
  })

  const scope = {
    smtpUsers: [{ username: 'printer', email_password: 'a-long-Passw0rd' }],
    domains: [{ domain: { fulldomain: 'shop.example', dkim_verified: true, rpath_verified: true } }],
  }

  async function inbox(mails: readonly object[], look: Parameters<typeof open>[2] = {}, login: object = {}) {
    const keys = [{ api_key: `api-${'EmulatorMaster'.padEnd(32, '0')}`, endpoints: ['*'], ...login }]
    const emulator = await startEmulator({ seed: { smtp2go: { keys, scopes: { '': scope } } } })
    const post = (mail: object) =>
      fetch(`${emulator.smtp2go}/email/send`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-smtp2go-api-key': emulator.apiKey },
        body: JSON.stringify(mail),
      })
    for (const mail of mails) await post(mail)
    const origin = new URL(emulator.backoffice).origin
    const opened = await open(browser, `${origin}/`, look)
    await opened.page.waitForSelector('.status:not(:empty)')
    const finished: string[] = []
    opened.page.on('requestfinished', (request) => finished.push(request.url()))
    const outside = () => finished.filter((one) => !one.startsWith(`${origin}/`) && !one.startsWith('data:'))
    const rows = (count: number) =>
      expect.poll(() => opened.page.locator('.row').count(), { timeout: 5000 }).toBe(count)
    return {
      ...opened,
      emulator,
      post,
      outside,
      rows,
      [Symbol.asyncDispose]: async () => {
        await opened[Symbol.asyncDispose]()
        await emulator.close()
      },
    }
  }

  const several = [
    draft({ subject: 'First', html_body: '<h1>One</h1><img src="https://shop.example/p.png">' }),
    draft({ subject: 'Refused', sender: 'eve@evil.example' }),
    draft({ subject: 'Third', to: ['cy+hardbounce@example.net'] }),
  ]
  const subjects = ({ page }: Opened) => page.locator('.row .subject').allTextContents()

  test.each(['light', 'dark'] as const)('has no fault that axe finds, in %s colours', async (scheme) => {
    await using at = await inbox(several, { scheme })
    expect(await violations(at)).toEqual([])
    await at.page.locator('.row', { hasText: 'First' }).click()
    await at.page.waitForSelector('iframe')
    await at.picture(`inbox-${scheme}`)
    for (const tab of ['Text', 'Headers', 'Source', 'Parts', 'Events', 'Webhooks', 'HTML']) {
      await at.page.getByRole('tab', { name: new RegExp(`^${tab}`) }).click()
      expect([tab, ...(await violations(at))]).toEqual([tab])
    }
    await at.page.locator('.row', { hasText: 'Refused' }).click()
    await at.page.waitForSelector('.verdict')
    await at.page.getByRole('button', { name: 'Keys' }).click()
    expect(await violations(at)).toEqual([])
    expect(at.outside()).toEqual([])
  })

  test('shows mail as it comes, refused mail too, and a mailbox for each login', async () => {
    await using at = await inbox(several)
    expect(await subjects(at)).toEqual(['Third', 'Refused', 'First'])
    await at.page.locator('.row', { hasText: 'Refused' }).click()
    await at.page.waitForSelector('.verdict')
    expect(await at.page.locator('.verdict').textContent()).toContain('Refused by SENDER_UNVERIFIED')
    await at.post(draft({ subject: 'Fourth' }))
    await at.page.locator('.row', { hasText: 'Fourth' }).waitFor()
    expect(await at.page.locator('.status').textContent()).toBe('4 messages, new mail')
    await at.page.getByRole('button', { name: /api-EmulatorMast/ }).click()
    await at.rows(4)
    await at.page.getByRole('searchbox').fill('is:refused')
    await at.rows(1)
    expect(await subjects(at)).toEqual(['Refused'])
  })

  test('goes by keys', async () => {
    await using at = await inbox(several)
    for (const key of ['j', 'j', 'k']) await at.page.keyboard.press(key)
    await at.page.waitForSelector('.message h2')
    await expect.poll(() => at.page.locator('.message h2').textContent()).toBe('Third')
    await at.page.keyboard.press('d')
    await at.rows(2)
    await at.page.keyboard.press('/')
    await at.page.keyboard.type('first')
    await at.rows(1)
    await at.page.keyboard.press('Escape')
    await at.page.keyboard.press('?')
    expect(await at.page.locator('dialog').isVisible()).toBe(true)
  })

  test('lets a recipient complain, bounce and unsubscribe', async () => {
    await using at = await inbox([several[0] ?? {}])
    await at.page.locator('.row').click()
    for (const name of ['Complain', 'Bounce', 'Unsubscribe'])
      await at.page.getByRole('button', { name, exact: true }).click()
    await at.page.getByRole('tab', { name: /Events 5/ }).click()
    const events = await at.page.locator('tbody td:nth-child(2)').allTextContents()
    expect(events.slice(2).sort()).toEqual(['hard-bounced', 'spam', 'unsubscribed'])
  })

  test('fits a phone', async () => {
    await using at = await inbox(several, { width: 390, height: 800 })
    await at.page.locator('.row', { hasText: 'First' }).click()
    await at.page.waitForSelector('.message iframe')
    await at.picture('inbox-phone')
    expect(await at.page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    expect(await violations(at)).toEqual([])
    await at.page.getByRole('button', { name: 'Back to the list' }).click()
    expect(await at.page.locator('.row').first().isVisible()).toBe(true)
  })

  test('a hostile message asks nobody for anything and does not leave its frame', async () => {
    await using listening = await listen()
    const { asked, url } = listening
    const svg = `<svg xmlns="http://www.w3.org/2000/svg"><script>location='${url}/svg-script'</script><image href="${url}/in-svg.png"/></svg>`
    const attachments = [
      { filename: 'x.svg', mimetype: 'image/svg+xml', fileblob: Buffer.from(svg).toString('base64') },
    ]
    await using at = await inbox([draft({ subject: 'Hostile', html_body: hostile(url), attachments })])
    await at.page.locator('.row').click()
    const frame = at.page.frameLocator('iframe')
    await frame.locator('#seen').waitFor()
    await at.page.waitForTimeout(1500)
    expect(asked).toEqual([])
    expect(new URL(at.page.url()).pathname).toBe('/')
    expect(await at.page.title()).toBe('Inbox of the emulator')
    const alone = (await at.page.locator('iframe').getAttribute('src')) ?? ''
    // The same without the frame, as Mailpit's view, and a file that would be a page.
    for (const path of [alone, '/view/latest.html', '/api/v1/message/latest/part/0']) {
      await at.page.goto(new URL(path, at.emulator.inbox).href)
      await at.page.waitForTimeout(1000)
      expect([path, ...asked]).toEqual([path])
      expect(new URL(at.page.url()).pathname).toBe(new URL(path, at.emulator.inbox).pathname)
    }
    // Pictures, and nothing else, where somebody asks for them.
    await at.page.goto(new URL(`${alone}&pictures=1`, at.emulator.inbox).href)
    await at.page.waitForTimeout(1000)
    expect(asked).toContain('/pixel.png')
    expect(asked.filter((one) => !/\.png$/.test(one))).toEqual([])
  })

  test('a link opens beside the inbox, counts as a click, and tells nobody where it stood', async () => {
    await using listening = await listen()
    await using at = await inbox(
      [draft({ subject: 'Link', html_body: `<a href="${listening.url}/landing?a=1&amp;b=2">there</a>` })],
      {},
      { click_tracking_enabled: true },
    )
    await at.page.locator('.row').click()
    const opening = at.page.context().waitForEvent('page')
    await at.page.frameLocator('iframe').getByText('there').click()
    const landed = await opening
    await landed.waitForLoadState()
    expect(landed.url()).toBe(`${listening.url}/landing?a=1&b=2`)
    expect(listening.asked.filter((one) => !one.includes('favicon'))).toEqual(['/landing?a=1&b=2'])
    expect(listening.referrers).toEqual([])
    expect(await landed.evaluate('window.opener === null')).toBe(true)
    await at.page.getByRole('tab', { name: /Events 3/ }).click()
    expect(await at.page.locator('tbody tr').last().textContent()).toContain('clicked')
  })

  test('Enter presses the button that has the focus, and goes into the message from its row', async () => {
    await using at = await inbox(several)
    await at.page.getByRole('button', { name: /^api-EmulatorMast/ }).focus()
    await at.page.keyboard.press('Enter')
    await expect
      .poll(() => at.page.getByRole('button', { name: /^api-EmulatorMast/ }).getAttribute('aria-pressed'))
      .toBe('true')
    await at.page.keyboard.press('j')
    await at.page.waitForSelector('.message h2')
    await at.page.keyboard.press('Enter')
    expect(await at.page.evaluate('document.activeElement.className')).toBe('message')
    await at.page.locator('.row', { hasText: 'First' }).focus()
    await at.page.keyboard.press('Enter')
    await expect.poll(() => at.page.locator('.message h2').textContent()).toBe('First')
  })

  test('a message sees the colours that were chosen for it', async () => {
    const style = '.night{display:none} @media (prefers-color-scheme: dark){.night{display:block}.day{display:none}}'
    const html = `<style>${style}</style><p class="day">It is day</p><p class="night">It is night</p>`
    await using at = await inbox([draft({ subject: 'Colours', html_body: html })])
    const frame = at.page.frameLocator('iframe')
    await at.page.emulateMedia({ colorScheme: null }) // which would hold in the frame, too
    await at.page.locator('.row').click()
    await frame.getByText('It is day').waitFor()
    expect(await frame.getByText('It is night').isVisible()).toBe(false)
    await at.page.getByRole('button', { name: 'Dark' }).click()
    await frame.getByText('It is night').waitFor({ timeout: 5000 })
    expect(await frame.getByText('It is day').isVisible()).toBe(false)
  })

  test('a message is marked unread and removed', async () => {
    await using at = await inbox(several)
    await at.page.locator('.row', { hasText: 'Third' }).click()
    await expect.poll(() => at.page.locator('.row.unread').count()).toBe(2)
    await at.page.getByRole('button', { name: 'Mark unread' }).click()
    await expect.poll(() => at.page.locator('.row.unread').count()).toBe(3)
    await at.page.getByRole('button', { name: 'Remove', exact: true }).click()
    await at.rows(2)
    await expect.poll(() => at.page.locator('.message h2').textContent()).toBe('Refused')
    expect(at.emulator.messages()).toHaveLength(2)
  })
})

test('the script of the page is small, and nobody but this machine may ask for anything of the inbox', async () => {
  const emulator = await startEmulator()
  try {
    const script = await (await fetch(new URL('/__emulator/inbox/script.js', emulator.inbox))).text()
    expect(script.length).toBeGreaterThan(1000)
    expect(script.length).toBeLessThan(60_000)
    for (const path of ['/', '/__emulator/inbox/messages', '/api/v1/messages', '/view/latest.html'])
      for (const headers of [{ host: 'evil.example' }, { origin: 'https://evil.example' }, { origin: 'null' }])
        expect([path, headers, await statusOf(new URL(path, emulator.inbox), headers)]).toEqual([path, headers, 403])
  } finally {
    await emulator.close()
  }
})

function statusOf(url: URL, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, { headers }, (answer) => {
      answer.resume()
      resolve(answer.statusCode)
    })
      .on('error', reject)
      .end()
  })
}

/** A server that nobody should ask for anything. */
async function listen() {
  const [asked, referrers]: [string[], string[]] = [[], []]
  const server = createServer((incoming, response) => {
    asked.push(String(incoming.url))
    if (incoming.headers.referer !== undefined && !String(incoming.url).includes('favicon'))
      referrers.push(incoming.headers.referer)
    response.end()
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return {
    asked,
    referrers,
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}
