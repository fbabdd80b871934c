import { createServer } from 'node:net'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PlanDocument } from '../../../src/model/run/plan-document.ts'
import { hasBrowser, type Look, launch, type Opened, open, violations } from './browser.ts'
import { type PageHome, pageHome } from './pages.ts'
import { change, planOf } from './plans.ts'
import { showcase } from './showcase.ts'

describe.skipIf(!hasBrowser())('the page of a plan', { timeout: 60_000 }, () => {
  let browser: Browser
  let folder: PageHome
  let ordinary = ''
  beforeAll(async () => {
    browser = await launch()
    folder = await pageHome()
    ordinary = await folder.page(showcase())
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    await folder?.at[Symbol.asyncDispose]()
  })

  const show = async (plan?: PlanDocument, look?: Look): Promise<Opened> =>
    await open(browser, plan === undefined ? ordinary : await folder.page(plan), look)
  /** The names of the changes that are there. */
  const names = ({ page }: Opened) => page.locator('.row .name b').allTextContents()
  const head = ({ page }: Opened, name: string) => page.locator('.head', { hasText: name })
  const many = (number: number) =>
    planOf(
      Array.from({ length: number }, (_, at) =>
        change({ kind: 'suppressions', key: `person-${at}@example.org`, action: at % 2 === 0 ? 'create' : 'update' }),
      ),
    )

  test('says the verdict, the gate and what accepts it, and asks nobody for anything', async () => {
    await using opened = await show()
    await opened.picture('light')
    expect(await opened.page.title()).toBe('mailconfig show: 2 to create, 4 to update, 2 to delete')
    expect(await opened.page.locator('h1').textContent()).toBe('2 to create, 4 to update, 2 to delete')
    expect(await opened.page.locator('.token').textContent()).toBe('--accept G1:3f9c')
    expect(await names(opened)).toEqual([
      'billing-app',
      'reports-app',
      'old-shop',
      'receipt',
      'https://hooks.example.com/mail',
      'former-customer@example.org',
      'example.com',
      'shop',
    ])
    expect({ requests: opened.requests, errors: opened.errors }).toEqual({ requests: [], errors: [] })
  })

  test('is chosen from by action, kind, account, risk and reason, and by words', async () => {
    await using opened = await show()
    const { page } = opened
    await page.getByRole('button', { name: '2 to delete' }).click()
    expect(await names(opened)).toEqual(['old-shop', 'former-customer@example.org'])
    await page.getByRole('button', { name: '2 to delete' }).click()
    for (const [label, value, found] of [
      ['Kind', 'templates', ['receipt']],
      ['Account', 'main/Acme', ['example.com', 'shop']],
      ['Risk', 'high', ['old-shop', 'former-customer@example.org']],
      ['Reason', 'drift', ['https://hooks.example.com/mail']],
    ] as const) {
      await page.getByLabel(label).selectOption(value)
      expect(await names(opened)).toEqual(found)
      await page.getByLabel(label).selectOption('')
    }
    await page.getByRole('searchbox').fill('sans-serif RECEIPT')
    expect(await names(opened)).toEqual(['receipt'])
    expect(await page.getByRole('status').textContent()).toBe('1 of 8 changes')
    await page.getByRole('searchbox').fill('nobody has this')
    expect(await names(opened)).toEqual([])
    await page.getByRole('button', { name: 'Show all' }).click()
    expect(await names(opened)).toHaveLength(8)
  })

  test('goes by keys', async () => {
    await using opened = await show()
    const { page } = opened
    const focused = () => page.evaluate<string>('document.activeElement.querySelector(".name b").textContent')
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    expect(await focused()).toBe('reports-app')
    await page.keyboard.press('k')
    expect(await focused()).toBe('billing-app')
    await page.keyboard.press('Enter')
    expect(await head(opened, 'billing-app').getAttribute('aria-expanded')).toBe('true')
    await page.keyboard.press('Enter')
    expect(await head(opened, 'billing-app').getAttribute('aria-expanded')).toBe('false')
    await page.keyboard.press('/')
    await page.keyboard.type('jke?')
    expect(await page.getByRole('searchbox').inputValue()).toBe('jke?')
    await page.keyboard.press('Escape')
    await page.keyboard.press('?')
    expect(await page.getByRole('dialog').isVisible()).toBe(true)
    await opened.picture('keys')
    await page.keyboard.press('Escape')
    expect(await page.getByRole('dialog').isVisible()).toBe(false)
  })

  test('opens and closes all, and remembers what was opened while it is chosen from', async () => {
    await using opened = await show()
    const { page } = opened
    const isOpen = () => page.locator('.head[aria-expanded=true]').count()
    await page.keyboard.press('e')
    expect(await isOpen()).toBe(8)
    await page.keyboard.press('c')
    expect(await isOpen()).toBe(0)
    await head(opened, 'receipt').click()
    await page.getByRole('searchbox').fill('receipt')
    expect(await isOpen()).toBe(1)
  })

  test('shows fields before and after, without secrets', async () => {
    await using opened = await show(
      planOf([
        change({
          fields: [
            { path: 'description', before: 'Invoices', after: 'More', sensitive: false },
            { path: 'events', before: ['a', 'b'], after: ['b', 'c'], sensitive: false },
            { path: 'password', before: 'canary', after: 'canary', sensitive: true },
          ],
        }),
      ]),
    )
    await head(opened, 'billing-app').click()
    const cells = await opened.page
      .locator('.fields tbody tr')
      .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)))
    expect(cells).toEqual([
      ['description', 'Invoices', 'More'],
      ['events', 'a', 'c1 stays'],
      ['password', '(sensitive), sent again'],
    ])
    await using created = await show(
      planOf([
        change({
          action: 'create',
          fields: [
            { path: 'username', before: null, after: 'billing-app', sensitive: false },
            { path: 'status', before: null, after: 'sandbox', sensitive: false },
          ],
        }),
      ]),
    )
    await head(created, 'billing-app').click()
    expect(await created.page.locator('.fields tbody th').allTextContents()).toEqual(['status']) // its key stands in its name
  })

  test('shows long texts side by side, what is the same folded', async () => {
    const lines = Array.from({ length: 60 }, (_, at) => `line ${at}`)
    const after = lines.with(30, 'line 30 is new').toSpliced(40, 1)
    await using opened = await show(
      planOf([
        change({
          kind: 'templates',
          key: 'long',
          fields: [{ path: 'text', before: lines.join('\n'), after: after.join('\n'), sensitive: false }],
        }),
      ]),
    )
    const { page } = opened
    await head(opened, 'long').click()
    const changed = await page
      .locator('.diff tr.changed')
      .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)))
    expect(changed).toEqual([
      ['31', 'line 30', '31', 'line 30 is new'],
      ['41', 'line 40', '', ''],
    ])
    expect(await page.locator('.diff ins').allTextContents()).toEqual([' is new'])
    expect(await page.locator('.diff .line').count()).toBeLessThan(60)
    const folds = page.locator('.fold')
    expect(await folds.count()).toBe(3)
    await folds.first().click()
    expect(await page.locator('.diff').textContent()).toContain('line 0')
    await opened.picture('text')
  })

  test('5,000 changes are there as they are looked at', async () => {
    await using opened = await show(many(5000))
    const { page } = opened
    expect(await page.locator('.row').count()).toBeLessThan(500)
    expect(await page.getByRole('status').textContent()).toBe('5,000 changes')
    await page.getByRole('searchbox').fill('person-4999@')
    expect(await names(opened)).toEqual(['person-4999@example.org'])
    await page.getByRole('searchbox').fill('')
    const before = await page.locator('.row').count()
    await page.locator('.end').scrollIntoViewIfNeeded()
    await expect.poll(() => page.locator('.row').count()).toBeGreaterThan(before)
    await page.evaluate('void window.dispatchEvent(new Event("beforeprint"))')
    expect(await page.locator('.row').count()).toBe(5000)
  })

  test.each(['light', 'dark'] as const)('has no fault that axe finds, in %s colours', async (scheme) => {
    await using opened = await show(undefined, { scheme })
    const { page } = opened
    await page.keyboard.press('e')
    await opened.picture(`open-${scheme}`)
    expect(await violations(opened)).toEqual([])
  })

  test('follows the system, and a switch that stays', async () => {
    const background = ({ page }: Opened) => page.evaluate<string>('getComputedStyle(document.body).backgroundColor')
    await using dark = await show(undefined, { scheme: 'dark' })
    await using light = await show(undefined, { scheme: 'light' })
    const [black, white] = [await background(dark), await background(light)]
    expect(black).not.toBe(white)
    await dark.page.getByRole('button', { name: 'Colours: auto' }).click()
    expect(await background(dark)).toBe(white)
    await dark.page.getByRole('button', { name: 'Colours: light' }).click()
    expect(await background(dark)).toBe(black)
    await dark.page.reload()
    const stays = dark.page.getByRole('button', { name: 'Colours: dark' })
    await stays.waitFor() // `isVisible` looks once, and the page is being loaded
    expect(await stays.isVisible()).toBe(true)
  })

  test('fits a narrow screen', async () => {
    await using opened = await show(undefined, { width: 380, height: 800 })
    const { page } = opened
    await page.keyboard.press('e')
    await opened.picture('narrow')
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(380)
  })

  test('tells what became of an apply, and of a run that found problems', async () => {
    const { at } = folder
    at.spec('smtpUsers:\n  - { username: billing-app, password: "${env:PASSWORD}" }\n')
    const applied = await at.run('apply --auto-approve --report html=applied.html', {
      env: { PASSWORD: 'correct-horse-battery-staple-7' },
    })
    expect(applied.code).toBe(0)
    await using after = await open(browser, `file://${at.dir}/applied.html`)
    expect(await after.page.locator('h1').textContent()).toBe('1 of 1 change done')
    expect(await after.page.locator('.badge.done').textContent()).toBe('done')
    at.spec('smtpUsers:\n  - { username: billing-app, statuss: on }\n')
    expect((await at.run('plan --report html=broken.html')).code).toBe(1)
    await using broken = await open(browser, `file://${at.dir}/broken.html`)
    expect(await broken.page.locator('h1').textContent()).toBe('1 problem')
    expect(await broken.page.locator('#problems + ul').textContent()).toContain('UNKNOWN_FIELD')
    expect([...after.errors, ...broken.errors]).toEqual([])
  })

  describe('hostile contents', () => {
    const HOSTILE = [
      '<script>window.hit = 1</script>',
      '"><img src=x onerror="window.hit = 1">',
      '</script><script>window.hit = 1</script>',
      '<!--<script>',
      "'-alert(1)-'",
      '</style><style>*{display:none}',
      '${1}',
      '\u202egnp\u0000',
    ]

    test('names and values stay texts, wherever they stand', async () => {
      const all = HOSTILE.join(' ')
      const field = (before: unknown, after: unknown) => ({ path: all, before, after, sensitive: false })
      const parts = {
        key: all,
        renamedFrom: all,
        verb: all,
        risk: { level: 'high' as const, why: [all] },
        source: { file: all, line: 1, column: 1 },
        fields: [field(all, `${all}!`), field(`${all}\n1`, `${all}\n2`), field([all], [`${all}2`])],
      }
      const problem = {
        code: 'BAD_VALUE',
        severity: 'warning' as const,
        message: all,
        hint: all,
        at: { file: all, line: 1, column: 1 },
      }
      await using opened = await show(
        planOf([change(parts), change({ ...parts, action: 'delete' }), change({ ...parts, action: 'create' })], {
          accounts: [{ name: 'main', api: 'smtp2go', url: all }],
          gates: [{ number: 'G1', code: 'MANY_DELETES', reason: all, addresses: [all], accept: all, accepted: false }],
          unmanaged: [{ address: all, account: 'main', subaccount: null }],
          warnings: [problem],
        }),
      )
      const { page } = opened
      await page.keyboard.press('e')
      await page.locator('.unmanaged summary').click()
      expect(
        await page.evaluate(
          '({ hit: "hit" in window, images: document.images.length, scripts: document.scripts.length })',
        ),
      ).toEqual({ hit: false, images: 0, scripts: 2 })
      expect(await page.locator('main').textContent()).toContain('<img src=x onerror="window.hit = 1">')
      expect(await page.locator('main').textContent()).toContain('\\u202egnp\\u0000')
      expect({ requests: opened.requests, errors: opened.errors }).toEqual({ requests: [], errors: [] })
    })

    test('a template is shown as it looks, runs no script and loads nothing', async () => {
      let connections = 0
      let requests = 0
      const server = createServer((socket) => {
        connections += 1
        socket.on('error', () => undefined)
        socket.on('data', () => {
          requests += 1
          socket.destroy()
        })
      })
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
      const address = server.address()
      const away = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
      const markup = `<html><head><style>h1 { color: rgb(1, 2, 3) } body { background: url(${away}/style) } @import '${away}/import';</style>
        <link rel="stylesheet" href="${away}/link"><link rel="preconnect" href="${away}"><link rel="dns-prefetch" href="${away}"><link rel="prefetch" href="${away}/prefetch">
        <meta http-equiv="refresh" content="0;url=${away}/refresh"><base href="${away}/"></head>
        <body background="${away}/background" onload="parent.hit = 1"><h1 style="font-size: 41px">Hello</h1><script>parent.hit = 1; document.title = 'hit'</script>
        <img src="${away}/image" srcset="${away}/set 2x" onerror="parent.hit = 1"><svg onload="parent.hit = 1"><image href="${away}/svg" /></svg><iframe src="${away}/frame"></iframe>
        <video src="${away}/video" poster="${away}/poster"></video><object data="${away}/object"></object><form action="${away}/form"><button>Go</button></form>
        <a href="${away}/click" ping="${away}/ping">Away</a><div style="background: url(${away}/inline)">x</div></body></html>\n`
      try {
        await using opened = await show(
          planOf([
            change({
              kind: 'templates',
              key: 'hostile',
              fields: [{ path: 'html', before: '<p>old</p>\n', after: markup, sensitive: false }],
            }),
          ]),
        )
        const { page } = opened
        await head(opened, 'hostile').click()
        await page.getByRole('button', { name: 'Preview after' }).click()
        const title = page.frameLocator('iframe').locator('h1')
        expect(
          await title.evaluate((node) => {
            const style = node.ownerDocument.defaultView?.getComputedStyle(node)
            return [style?.color, style?.fontSize]
          }),
        ).toEqual(['rgb(1, 2, 3)', '41px'])
        await page.frameLocator('iframe').getByText('Away').click()
        expect(await page.locator('iframe').getAttribute('sandbox')).toBe('')
        await page.waitForTimeout(500)
        expect(connections).toBe(0)
        // The box and the policy hold where nothing was taken out, too; connections in advance are beyond them.
        const frame = page.locator('iframe')
        await frame.evaluate((node, text) => node.setAttribute('srcdoc', text), markup)
        await page.frameLocator('iframe').locator('h1').waitFor()
        await page.frameLocator('iframe').getByText('Go').click()
        await page.frameLocator('iframe').getByText('Away').click()
        await page.waitForTimeout(500)
        await opened.picture('hostile')
        expect(await page.evaluate('"hit" in window')).toBe(false)
        expect(requests).toBe(0)
        await page.evaluate(`void fetch("${away}").catch(() => undefined)`)
        await page.waitForTimeout(200)
        expect(requests).toBe(0) // the page itself may not ask for anything either
      } finally {
        server.close()
      }
    })
  })
})
