import { afterEach, describe, expect, test } from 'vitest'
import { type MailError, openSession } from '../../../../src/mail/session.ts'
import { Secret } from '../../../../src/model/secret.ts'
import { closeHomes, type Home } from '../../harness.ts'
import { traffic } from '../../traffic/traffic.ts'

afterEach(closeHomes)

const PASSWORD = 'a-long-Passw0rd'
const set = { env: { PASSWORD, WRONG: 'another-Passw0rd-that-is-wrong' } }

const provider = (name: string, port: string | number, encryption = 'tls', password = 'PASSWORD') => `
  - caption: ${name}
    host: localhost
    port: ${port}
    username: printer
    password: "\${env:${password}}"
    sendFrom: ann@shop.example
    sendFromName: Ann
    encryption: ${encryption}`

const providers = (...all: string[]) => `---\nversion: 1\naccount: office\nproviders:${all.join('')}\n`

async function open(): Promise<Home & { readonly port: string; readonly securePort: string }> {
  const at = await traffic([], {}, { smtpPort: 0, smtpsPort: 0 })
  const portOf = (address = '') => address.split(':').at(-1) ?? ''
  return { ...at, port: portOf(at.emulator.smtp), securePort: portOf(at.emulator.smtps) }
}

describe('check --direct', () => {
  test('connects, encrypts and signs in, and says what it saw', async () => {
    const at = await open()
    at.both(providers(provider('starttls', at.port), provider('ssl', at.securePort, 'ssl')))
    const { code, stdout } = await at.run('check --direct', set)
    for (const name of ['starttls', 'ssl'])
      expect(stdout).toMatch(
        new RegExp(
          `ok +office +providers/${name} at localhost:\\d+: TLSv1\\.3, certificate for .+ for \\d+ more days; AUTH PLAIN LOGIN, at most 50 MB; signed in as printer`,
        ),
      )
    expect(code).toBe(0)
    expect(stdout).not.toContain(PASSWORD)
    expect(at.emulator.messages()).toEqual([]) // nothing is sent
    expect((await at.run('check', set)).stdout).not.toContain('localhost:')
  })

  test('tells a wrong password, a wrong encryption and a server that is not there apart', async () => {
    const at = await open()
    const [drifted, plain] = [provider('drifted', at.port, 'tls', 'WRONG'), provider('plain', at.port, 'ssl')]
    at.both(providers(drifted, plain, provider('gone', 1)))
    const { code, stdout } = await at.run('check --direct', set)
    expect(code).toBe(1)
    expect(stdout).toMatch(/failed +office +providers\/drifted at .+: printer could not sign in: 535 Incorrect/)
    expect(stdout).toMatch(/failed +office +providers\/plain at .+does not speak TLS from the first byte/)
    expect(stdout).toContain('begins without encryption: set "encryption: tls"')
    expect(stdout).toMatch(/unknown +office +providers\/gone at localhost:1: no connection: .*ECONNREFUSED/)
  })
})

describe('check --passwords', () => {
  const users = (password: string) => `smtpUsers:
  - { username: printer, password: "\${env:${password}}" }
  - { username: somebody-else }
`
  test('signs in as each SMTP user, and so finds a password that drifted', async () => {
    const at = await open()
    at.spec(users('PASSWORD'))
    const right = await at.run(`check --passwords --smtp 127.0.0.1:${at.port}`, set)
    expect(right.stdout).toMatch(/ok +main +smtpUsers\/printer at 127\.0\.0\.1:\d+: .+signed in as printer/)
    expect(right.stdout).toMatch(/unknown +main +smtpUsers\/somebody-else: the spec does not have its password/)
    at.spec(users('WRONG'))
    const wrong = await at.run(`check --passwords --smtp 127.0.0.1:${at.port}`, set)
    expect(wrong).toMatchObject({ code: 1, stdout: expect.stringContaining('printer could not sign in: 535') })
    const lost = await at.run('check --passwords', set)
    expect(lost.stdout).toContain('its server is not known')
    expect((await at.run('check --passwords --smtp nowhere', set)).stderr).toContain('--smtp is not HOST:PORT')
  })
})

test('no password goes to a server whose certificate nobody trusts', async () => {
  const at = await open()
  // This machine, by an address that is not called loopback.
  const session = await openSession({ host: '0.0.0.0', port: Number(at.port), encryption: 'tls' })
  expect(session.certificate?.distrust).toMatch(/self.signed/i)
  const refused = await session.login('printer', new Secret(PASSWORD)).catch((error: MailError) => error)
  expect(refused).toMatchObject({ stage: 'tls', message: expect.stringContaining('not trusted') })
  expect(session.dialogue.join()).not.toContain('C: AUTH')
  session.close()
})
