import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { closeHomes, home, lintsOff, state } from '../harness.ts'

afterEach(closeHomes)

/** The emulator, with a field in each row of webhooks that nobody knows yet. */
async function newerApi(upstream: string, more: Readonly<Record<string, unknown>>) {
  const server = createServer(async (request, answer) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { 'x-smtp2go-api-key': key = '' } = request.headers
    const given = await fetch(upstream + String(request.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-smtp2go-api-key': String(key) },
      body: Buffer.concat(chunks),
    })
    const body = (await given.json()) as { data: unknown }
    if (String(request.url).endsWith('/webhook/view') && Array.isArray(body.data))
      body.data = body.data.map((row: object) => ({ ...row, ...more }))
    answer.writeHead(given.status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v3`, close: () => server.close() }
}

const hooks = [7, 8].map((id) => ({ id, url: `https://${id}.example.com/x`, events: ['bounce'] }))

test('what an API shows and nobody knows is said once, stops nobody, and is said of nothing that is off', async () => {
  const at = await home({ seed: state({ webhooks: hooks }) })
  const api = await newerApi(at.emulator.smtp2go.replace(/\/v3$/, ''), {
    paused_until: '2027',
    retries: 0,
    flags: [],
    muted: false,
  })
  at.file(
    'mailconfig.yaml',
    `version: 1\naccounts:\n  main: { api: smtp2go, url: "${api.url}", apiKey: "\${env:KEY}" }\nwebhooks: [{ url: https://7.example.com/x, events: [bounce] }]\n`,
  )
  const { code, stderr } = await at.run(`plan --strict --detailed-exitcode ${lintsOff(at)}`, {
    env: { KEY: at.emulator.apiKey },
  })
  expect(stderr.match(/^note: .*/gm)).toEqual([
    'note: webhooks: the API shows "paused_until" on 2 objects, which this version does not know: it is neither compared nor written',
  ])
  expect(code).toBe(0)
  api.close()
})

test('the emulator shows nothing that is not known', async () => {
  const seed = state({
    webhooks: hooks,
    smtpUsers: [{ username: 'billing-app', status: 'sandbox', ippool: 3, open_tracking_enabled: true }],
    suppressions: [{ email_address: 'a@b.example', reason: 'bounce', timestamp: '2026-01-02 03:04:05', subject: 's' }],
    domains: [{ domain: { fulldomain: 'example.com', dkim_verified: true } }],
  })
  const at = await home({ seed })
  const env = { SMTP2GO_URL: at.emulator.smtp2go, SMTP2GO_API_KEY: at.emulator.apiKey }
  await at.run('init', { env })
  expect((await at.run('plan', { env })).stderr).not.toContain('note:')
})
