// Draws docs/images/inbox.png: the inbox of the built emulator with mail of three logins. It needs a Chromium: CHROMIUM names one.
// With --dark the colours are those of the night, with --phone it is as narrow as a phone; --out FILE draws elsewhere.
import { mkdir } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { chromium } from 'playwright-core'
import { startEmulator } from '../dist/emulator.js'

const { values } = parseArgs({
  options: { dark: { type: 'boolean' }, phone: { type: 'boolean' }, out: { type: 'string' } },
})
const target = resolve(values.out ?? 'docs/images/inbox.png')
const password = 'a-long-Passw0rd'
const counted = { open_tracking_enabled: true, click_tracking_enabled: true }
const scope = {
  smtpUsers: [
    { username: 'billing-app', email_password: password, audit_email: 'audit@shop.example', ...counted },
    { username: 'newsletter', email_password: password, feedback_enabled: true, ...counted },
    { username: 'scanner', email_password: password },
  ],
  domains: [{ domain: { fulldomain: 'shop.example', dkim_verified: true, rpath_verified: true } }],
}
const INVOICE = `<html><body style="font-family:sans-serif;margin:0;background:#f4f5f7">
<table width="100%" cellpadding="24"><tr><td align="center"><table width="520" style="background:#fff;border-radius:8px;max-width:100%" cellpadding="24"><tr><td>
<h2 style="margin:0 0 12px">Invoice 2026-117</h2><p>Dear Eve,</p><p>thank you for your order. Please pay <b>119.00&nbsp;€</b> by 14 December.</p>
<p><a href="https://pay.shop.example/117" style="display:inline-block;background:#0550ae;color:#fff;padding:10px 18px;border-radius:6px;text-decoration:none">Pay now</a></p>
<p style="color:#59636e;font-size:13px">Shop Ltd, 1 Market Street</p></td></tr></table></td></tr></table></body></html>`
const NEWS = `<div style="max-width:600px;margin:auto"><h1 style="color:#6639ba">New colours</h1>
<p>Autumn is here, and so are <a href="https://shop.example/wool">ochre and slate</a>.</p></div>`

const emulator = await startEmulator({ smtpPort: 0, seed: { smtp2go: { scopes: { '': scope } } } })
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
})
try {
  await byApi({
    sender: 'Shop <orders@shop.example>',
    to: ['ann@example.net'],
    subject: 'Your order 4711 is on its way',
  })
  await bySmtp('newsletter', 'Shop News <news@shop.example>', {
    to: ['ann@example.net', 'bob+hardbounce@example.net', 'cy+unsubscribe@example.net'],
    subject: 'New colours for November',
    html: NEWS,
  })
  await byApi({ sender: 'ceo@other.example', to: ['cy@example.org'], subject: 'Please wire the money' })
  await bySmtp('scanner', 'Scanner <scanner@shop.example>', {
    to: ['dee@example.org'],
    subject: 'Scan from the second floor',
    html: '<p>Two pages.</p>',
  })
  await bySmtp('billing-app', 'Billing <invoices@shop.example>', {
    to: ['eve@example.net'],
    subject: 'Invoice 2026-117',
    html: INVOICE,
  })
  await emulator.settled()
  const page = await browser.newPage({
    viewport: values.phone ? { width: 390, height: 800 } : { width: 1280, height: 760 },
    colorScheme: values.dark ? 'dark' : 'light',
  })
  await page.goto(emulator.inbox)
  await page.locator('.row', { hasText: 'to eve@example.net' }).click()
  await page.frameLocator('iframe').getByText('Pay now').waitFor()
  await page.locator('.row .marks', { hasText: 'opened' }).waitFor({ state: 'attached' })
  await page.locator('.message').focus()
  await mkdir(dirname(target), { recursive: true })
  await page.screenshot({ path: target })
} finally {
  await browser.close()
  await emulator.close()
}
process.stdout.write(`Wrote ${target}.\n`)

async function byApi(mail) {
  await fetch(`${emulator.smtp2go}/email/send`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-smtp2go-api-key': emulator.apiKey },
    body: JSON.stringify({ text_body: 'Your parcel left our house today.', ...mail }),
  })
}

async function bySmtp(user, from, { to, subject, html }) {
  const [host, port] = emulator.smtp.split(':')
  const connection = new SMTPConnection({ host, port: Number(port), tls: { rejectUnauthorized: false } })
  const head = [
    `From: ${from}`,
    `To: ${to.join(', ')}`,
    `Subject: ${subject}`,
    'Content-Type: text/html; charset=utf-8',
  ]
  const raw = [...head, '', html, ''].join('\n').replaceAll('\n', '\r\n')
  await new Promise((done) => connection.connect(done))
  await new Promise((done) => connection.login({ user, pass: password }, done))
  await new Promise((done) => connection.send({ from: /<(.*)>/.exec(from)[1], to }, raw, done))
  connection.quit()
}
