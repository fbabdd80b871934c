import { createServer, type IncomingMessage, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { closeHomes, home, STRONG, state } from '../harness.ts'

afterEach(closeHomes)

const listen = async (server: Server): Promise<string> => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A proxy that opens tunnels, and notes to where. */
async function startProxy() {
  const tunnels: string[] = []
  const server = createServer((_, answer) => answer.writeHead(405).end())
  server.on('connect', (request: IncomingMessage, client: Socket, head: Buffer) => {
    tunnels.push(String(request.url))
    const [host, port] = String(request.url).split(':')
    const upstream = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      upstream.write(head)
      upstream.pipe(client).pipe(upstream)
    })
    upstream.on('error', () => client.destroy())
    client.on('error', () => upstream.destroy())
  })
  return { url: await listen(server), tunnels, close: () => server.closeAllConnections() }
}

describe('a proxy of the environment', () => {
  test.each(['HTTP_PROXY', 'http_proxy', 'ALL_PROXY'])('is used by every call: %s', async (name) => {
    const proxy = await startProxy()
    const at = await home()
    at.spec('smtpUsers: [{ username: billing-app, password: "${env:PW}" }]\n')
    const { code, stderr } = await at.run('apply --auto-approve', { env: { PW: STRONG, [name]: proxy.url } })
    expect(stderr).not.toContain('error')
    expect(code).toBe(0)
    expect(new Set(proxy.tunnels)).toEqual(new Set([`127.0.0.1:${at.emulator.port}`]))
    proxy.close()
  })

  test.each(['127.0.0.1', '*'])('is left out for what NO_PROXY names: %s', async (NO_PROXY) => {
    const proxy = await startProxy()
    const at = await home()
    at.spec('smtpUsers: []\n')
    expect((await at.run('plan', { env: { HTTP_PROXY: proxy.url, NO_PROXY } })).code).toBe(0)
    expect(proxy.tunnels).toEqual([])
    proxy.close()
  })

  test('that cannot be reached is named, without its password', async () => {
    const at = await home()
    at.spec('smtpUsers: []\n')
    const { code, stdout, stderr } = await at.run('plan', {
      env: { HTTP_PROXY: 'http://me:proxy-password@127.0.0.1:9' },
    })
    expect(code).toBe(1)
    expect(stdout + stderr).not.toContain('proxy-password')
  })

  test('is used by notifications, too', async () => {
    const proxy = await startProxy()
    const told: string[] = []
    const hook = createServer((request, answer) => {
      request.on('data', (chunk) => told.push(String(chunk)))
      request.on('end', () => answer.writeHead(200).end('ok'))
    })
    const url = await listen(hook)
    const at = await home()
    at.spec('smtpUsers: [{ username: billing-app, password: "${env:PW}" }]\n')
    await at.run(`apply --auto-approve --notify ${url}/hook --notify-on always`, {
      env: { PW: STRONG, HTTP_PROXY: proxy.url },
    })
    expect(told.join('')).not.toBe('')
    expect(proxy.tunnels).toContain(new URL(url).host)
    proxy.close()
    hook.closeAllConnections()
    hook.close()
  })
})

describe('a saved plan that somebody else wrote', () => {
  const seed = state({
    suppressions: [{ email_address: 'a@example.org', reason: 'manual', timestamp: '2026-01-02 03:04:05' }],
  })
  const removal = 'suppressions: [{ address: a@example.org, state: absent }]\n'

  test('opens no gate, whatever it says of who is bound to it', async () => {
    const at = await home({ seed })
    at.spec(removal)
    const { stdout } = await at.run('plan --format json')
    const accept = JSON.parse(stdout).gates[0].accept
    expect((await at.run(`plan --out saved.plan --accept ${accept}`)).code).toBe(0)
    const plan = JSON.parse(at.text('saved.plan'))
    const forged = [
      { bound: [] },
      { bound: undefined },
      { bound: [], seal: '' },
      { bound: [{ ...plan.saved.bound[0], mark: '0'.repeat(32) }] },
      { accept: [accept, 'G2:0000'] },
    ].map((more) => ({ ...plan, saved: { ...plan.saved, ...more } }))
    for (const one of forged) {
      at.file('forged.plan', JSON.stringify(one))
      const { code } = await at.run('apply forged.plan --auto-approve')
      expect(code).not.toBe(0)
    }
    expect(at.emulator.requests().filter(({ writes }) => writes)).toEqual([])
    expect((await at.run('apply saved.plan --auto-approve')).code).toBe(0)
  })

  test('and the number of a gate is another one for whoever has another key', async () => {
    const at = await home({ seed })
    at.spec(removal)
    const numbers = await Promise.all(
      ['a', 'b'].map(
        async (key) =>
          JSON.parse((await at.run('plan --format json', { env: { MAILCONFIG_PLAN_KEY: key.repeat(32) } })).stdout)
            .gates[0].accept,
      ),
    )
    expect(numbers[0]).not.toBe(numbers[1])
  })
})

describe('a change of several calls', () => {
  const domain = 'senderDomains: [{ domain: example.com, returnPath: bounce2, tracking: track2 }]\n'

  test('of which one is refused is not drift for the next plan', async () => {
    const at = await home()
    at.spec('senderDomains: [{ domain: example.com, returnPath: bounce, tracking: track }]\n')
    expect((await at.run('apply --auto-approve')).code).toBe(0)
    at.spec(domain)
    at.emulator.faults([
      {
        match: { path: '/v3/domain/tracking' },
        fault: 'status',
        status: 422,
        body: { data: { error: 'no', error_code: 'X' } },
      },
    ])
    const { code, stdout } = await at.run('apply --auto-approve')
    expect(stdout).toContain('Applied in part. 0 done, 1 failed (1 of them in part)')
    expect(code).toBe(4)
    at.emulator.clearFaults()
    const [change] = JSON.parse((await at.run('plan --format json')).stdout).changes
    expect(change.fields.map(({ path }: { path: string }) => path)).toEqual(['tracking'])
    expect(change.reason).toBe('spec')
    expect((await at.run('drift')).stdout).toContain('No drift')
    expect((await at.run('apply --auto-approve')).code).toBe(0)
  })

  test('of which one loses its answer goes on with the next', async () => {
    const at = await home()
    at.spec('senderDomains: [{ domain: example.com, returnPath: bounce, tracking: track }]\n')
    await at.run('apply --auto-approve')
    at.spec(domain)
    at.emulator.faults([{ match: { path: '/v3/domain/returnpath', nth: 1 }, fault: 'reset-after-commit' }])
    const { code } = await at.run('apply --auto-approve')
    expect(code).toBe(0)
    expect((await at.run('plan --detailed-exitcode')).code).toBe(0)
  })
})
