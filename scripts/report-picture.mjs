// Draws docs/images/report.png: the page that the built command makes of a plan of examples/quickstart after a few edits.
// It needs a Chromium: CHROMIUM names one. With --dark the colours are those of the night; --out FILE draws elsewhere.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { chromium } from 'playwright-core'
import { exampleEnv, openExample, runCommand } from './example.mjs'

const { values } = parseArgs({ options: { dark: { type: 'boolean' }, out: { type: 'string' } } })
const target = resolve(values.out ?? 'docs/images/report.png')

const TEMPLATES = `
templates:
  - id: receipt
    name: Receipt
    subject: Your receipt
    html: |
      <h1>Your receipt</h1>
      <p>Hello {{name}},</p>
      <p>thank you for your order {{order}}.</p>
      <p>Total: {{total}}</p>
    text: Your receipt
`
const EDITS = [
  ['messages: 500', 'messages: 250'],
  ['events: [bounce, spam, unsubscribe]', 'events: [bounce, spam, reject]'],
  ['  - former-customer@example.org', '  - { address: former-customer@example.org, state: absent }'],
  ['    description: Invoices\n', '    description: Invoices and reminders\n'],
  [
    '\nsuppressions:',
    '\n  - username: reports-app\n    password: ${env:BILLING_PASSWORD}\n    rateLimit: { messages: 100, per: 1 hour }\n\nsuppressions:',
  ],
  ['thank you for your order {{order}}.', 'thank you very much for your order {{order}} of {{date}}.'],
]

const { folder, remove } = await openExample('quickstart')
try {
  const env = await exampleEnv(folder)
  const spec = join(folder, 'mailconfig.yaml')
  let text = (await readFile(spec, 'utf8')) + TEMPLATES
  await writeFile(spec, text)
  const run = async (args) => {
    const ended = await runCommand([...args, '--emulator=emulator.json'], { folder, env })
    if (ended.code !== 0) throw new Error(ended.stderr)
  }
  await run(['apply', '--auto-approve'])
  for (const [from, to] of EDITS) {
    if (!text.includes(from)) throw new Error(`examples/quickstart no longer has: ${from}`)
    text = text.replace(from, () => to)
  }
  await writeFile(spec, text)
  await run(['plan', '--report', 'html=plan.html', '--report-target', 'prod'])
  const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  try {
    const colorScheme = values.dark === true ? 'dark' : 'light'
    const page = await browser.newPage({ viewport: { width: 1100, height: 1010 }, colorScheme })
    await page.goto(pathToFileURL(join(folder, 'plan.html')).href)
    await page.locator('.head', { hasText: 'billing-app' }).click()
    await page.locator('.head', { hasText: 'receipt' }).click()
    await page.locator('h1').click()
    await mkdir(dirname(target), { recursive: true })
    await page.screenshot({ path: target })
  } finally {
    await browser.close()
  }
  process.stdout.write(`Wrote ${target}.\n`)
} finally {
  await remove()
}
