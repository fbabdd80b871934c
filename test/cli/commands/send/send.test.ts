import { afterEach, describe, expect, test } from 'vitest'
import { closeHomes, type Home } from '../../harness.ts'
import { traffic } from '../../traffic/traffic.ts'

afterEach(closeHomes)

const PASSWORD = 'a-long-Passw0rd'
const SPEC = `smtpUsers: [{ username: printer, password: "\${env:PASSWORD}" }]
senderDomains: [{ domain: shop.example }]
`
const set = { env: { PASSWORD } }

async function sender(own: object = {}): Promise<Home & { readonly send: (args: string) => ReturnType<Home['run']> }> {
  const at = await traffic([], own, { smtpPort: 0 })
  at.spec(SPEC)
  const smtp = `--smtp ${at.emulator.smtp}`
  return { ...at, send: (args) => at.run(`send --auto-approve ${smtp} ${args}`, set) }
}

describe('send', () => {
  test('goes over SMTP with the password of the spec, and follows the message', async () => {
    const at = await sender()
    const { code, stdout, stderr } = await at.send(
      '--from ann@shop.example --to bob@example.net --user printer --wait 10s',
    )
    expect(code).toBe(0)
    expect(stderr).toContain('expected taken  and delivered to its recipient')
    expect(stdout).toContain('C: AUTH PLAIN (secret)\n')
    expect(stdout).toMatch(/taken {2}250 OK\n {2}processed {5}bob@example\.net\n {2}delivered {5}bob@example\.net/)
    for (const secret of [PASSWORD, Buffer.from(`\0printer\0${PASSWORD}`).toString('base64')])
      expect(stdout + stderr).not.toContain(secret)
    expect(at.emulator.messages()).toMatchObject([{ username: 'printer', subject: 'A test of mailconfig' }])
  })

  test('goes by the API, with HTML or a template', async () => {
    const at = await sender({
      templates: [
        { id: 'hello', name: 'Hello', subject: 'Hello {{name}}', html_body: '<p>{{name}}</p>', text_body: 'x' },
      ],
    })
    at.file('page.html', '<h1>Hi</h1>')
    at.file('data.json', '{"name":"Ann"}')
    const to = '--from ann@shop.example --to bob@example.net'
    expect((await at.send(`${to} --html page.html --subject News`)).code).toBe(0)
    expect((await at.send(`${to} --template hello --data data.json`)).code).toBe(0)
    const [html, template] = at.emulator.messages()
    expect(html?.raw).toContain('<h1>Hi</h1>')
    expect(template?.subject).toBe('Hello Ann')
    expect(
      at.emulator
        .requests()
        .map(({ body }) => JSON.stringify(body))
        .join(),
    ).not.toContain('fastaccept')
  })

  test('exits with 1 where it is refused, in the words of the service, and with 2 where it does not arrive', async () => {
    const at = await sender()
    const refused = await at.send('--from ann@evil.example --to bob@example.net --user printer')
    expect(refused).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('refused  550-From header sender domain'),
    })
    expect(refused.stderr).toContain('SENDER_UNVERIFIED')
    const byApi = await at.send('--from ann@evil.example --to bob@example.net')
    expect(byApi).toMatchObject({ code: 1, stdout: expect.stringContaining('From header sender domain not verified') })
    const bounced = await at.send('--from ann@shop.example --to bob+hardbounce@example.net --wait 10s')
    expect(bounced).toMatchObject({ code: 2, stdout: expect.stringContaining('hard-bounced') })
    const late = await at.send('--from ann@shop.example --to bob+delay@example.net --wait 1s --user printer')
    expect(late).toMatchObject({ code: 2, stdout: expect.stringContaining('processed') })
  })

  test('sends a whole message, and reads its people', async () => {
    const at = await sender()
    at.file(
      'mail.eml',
      'From: Ann <ann@shop.example>\r\nTo: bob@example.net,\r\n eve@example.net\r\nSubject: raw\r\n\r\nhi\r\n',
    )
    expect((await at.send('--eml mail.eml --user printer')).code).toBe(0)
    expect((await at.send('--eml mail.eml')).code).toBe(0)
    for (const message of at.emulator.messages())
      expect(message.recipients.map(({ address }) => address)).toEqual(['bob@example.net', 'eve@example.net'])
  })

  test('sends through a provider', async () => {
    const at = await sender()
    const [host, port] = (at.emulator.smtp ?? '').split(':')
    at.both(
      `${SPEC}---
version: 1
account: office
providers:
  - caption: relay
    host: localhost
    port: ${port}
    username: printer
    password: "\${env:PASSWORD}"
    sendFrom: ann@shop.example
    sendFromName: Ann
    encryption: tls
`,
    )
    expect(host).toBe('127.0.0.1')
    const args = 'send --auto-approve --from ann@shop.example --to bob@example.net --provider relay'
    const sent = await at.run(args, set)
    expect(sent).toMatchObject({ code: 0, stderr: expect.stringContaining(`providers/relay at localhost:${port}`) })
    expect(at.emulator.messages()).toHaveLength(1)
    expect(await at.run(`${args} --wait 5s`, set)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('--wait needs'),
    })
  })

  test('speaks JSON', async () => {
    const at = await sender()
    const { stdout } = await at.send(
      '--from ann@shop.example --to bob@example.net --to eve@example.net --format json --wait 5s',
    )
    expect(JSON.parse(stdout)).toMatchObject({
      via: 'api',
      expected: { outcome: 'taken' },
      outcome: 'taken',
      isDelivered: true,
      events: { length: 4 },
    })
  })

  test('says what it needs, asks first, and is refused where nobody reviewed', async () => {
    const at = await sender()
    const said = async (args: string) => (await at.send(args)).stderr
    expect(await said('--to bob@example.net')).toContain('--from')
    expect(await said('--from ann@shop.example')).toContain('--to')
    expect(await said('--from a@b.example --to c@d.example --user x')).toContain('no SMTP user "x"')
    expect(await said('--from a@b.example --to c@d.example --user x --key y')).toContain('do not go together')
    expect(await said('--from a@b.example --to c@d.example --via smtp')).toContain('--via smtp needs')
    expect(await said('--from a@b.example --to c@d.example --template t --text x')).toContain('--text does not go with')
    expect(await said('--from a@b.example --to c@d.example --data x.json')).toContain('--data needs --template')
    expect(await said('--eml none.eml')).toContain('cannot read "none.eml" (ENOENT)')
    const asked = await at.run('send --from ann@shop.example --to bob@example.net', set)
    expect(asked).toMatchObject({ code: 1, stderr: expect.stringContaining('no terminal to ask on') })
    const env = {
      ...set.env,
      GITHUB_ACTIONS: 'true',
      GITHUB_EVENT_NAME: 'pull_request',
      GITHUB_REF: 'refs/pull/1/merge',
    }
    const ci = await at.run('send --auto-approve --from ann@shop.example --to bob@example.net', { env })
    expect(ci.code).toBe(3)
    expect(at.emulator.messages()).toEqual([])
  })
})
