import { afterEach, describe, expect, test } from 'vitest'
import { closeHomes, type Home, home } from '../harness.ts'

afterEach(closeHomes)

const PW = { PW: 'emulator-password' }
const provider = {
  id: 1,
  caption: 'Primary',
  driver: 'smtp',
  host: 'a.example',
  port: 25,
  username: 'relay',
  encryption: 'tls',
}
const seed = {
  backoffice: { providers: [{ ...provider, sendFrom: 'a@example.com', sendFromName: 'A', isEnabled: true }] },
}
const spec = (at: Home, access: string) =>
  at.file(
    'mailconfig.yaml',
    `version: 1\naccounts:\n  office: { api: backoffice, url: "${at.emulator.backoffice}", ${access} }\nproviders: [{ caption: Primary, host: b.example, port: 25, username: relay, password: "\${env:PW}", sendFrom: a@example.com, sendFromName: A, encryption: tls }]\n`,
  )
const LOGIN = 'email: admin@example.com, password: "${env:PW}"'
const calls = ({ emulator }: Home) =>
  emulator.requests().map(({ method, path, status }) => `${method} ${path} ${status}`)

describe('a Back Office without a token', () => {
  test('is signed in to once, and nothing of it is shown', async () => {
    const at = await home({ seed })
    spec(at, LOGIN)
    const { code, stdout, stderr } = await at.run('apply --auto-approve --log-level debug', { env: PW })
    expect(code).toBe(0)
    expect(calls(at).filter((call) => call.includes('signin'))).toEqual(['POST /api/v2/signin 200'])
    const state = at.emulator.state() as { backoffice: { tokens: { token: string }[] } }
    for (const { token } of state.backoffice.tokens)
      if (token !== at.emulator.token) expect(stdout + stderr + at.everything()).not.toContain(token)
    expect(stdout + stderr + at.everything()).not.toContain('emulator-password')
  })

  test('gets a new token when the old one has ended in the middle of a run', async () => {
    const at = await home({ seed })
    spec(at, LOGIN)
    at.emulator.faults([
      {
        match: { path: '/api/v2/mail/providers/1', nth: 1 },
        fault: 'status',
        status: 401,
        body: { message: 'Unauthenticated.' },
      },
    ])
    expect((await at.run('apply --auto-approve', { env: PW })).code).toBe(0)
    expect(calls(at).filter((call) => /signin|refresh/.test(call))).toEqual([
      'POST /api/v2/signin 200',
      'POST /api/v2/refresh 200',
    ])
    expect(at.emulator.state()).toMatchObject({ backoffice: { providers: [{ host: 'b.example' }] } })
  })

  test('is asked for one more token, and not for a third', async () => {
    const at = await home({ seed })
    spec(at, LOGIN)
    at.emulator.faults([
      {
        match: { path: '/api/v2/mail/providers' },
        fault: 'status',
        status: 401,
        body: { message: 'Unauthenticated.' },
      },
    ])
    const { code, stderr } = await at.run('plan', { env: PW })
    expect(code).toBe(1)
    expect(stderr).toContain('Unauthenticated')
    expect(calls(at).filter((call) => /signin|refresh/.test(call)).length).toBeLessThanOrEqual(2)
  })

  test('is not signed in to where a person has to bring a second factor, or with a wrong password', async () => {
    const at = await home({ seed, settings: { twoFactor: true } })
    spec(at, LOGIN)
    expect((await at.run('plan', { env: PW })).stderr).toContain('needs a second factor')
    at.emulator.settings({ twoFactor: false })
    const wrong = await at.run('plan', { env: { PW: 'another-password' } })
    expect(wrong.code).toBe(1)
    expect(calls(at).filter((call) => call.includes('signin'))).toHaveLength(2)
    expect(wrong.stdout + wrong.stderr).not.toContain('another-password')
  })

  test('is opened with a refresh token', async () => {
    const at = await home({
      seed: {
        backoffice: {
          ...seed.backoffice,
          tokens: [{ token: 'refresh-token-of-the-run', kind: 'refresh', email: 'admin@example.com' }],
        },
      },
    })
    spec(at, 'refreshToken: "${env:REFRESH}"')
    const { code } = await at.run('apply --auto-approve', { env: { ...PW, REFRESH: 'refresh-token-of-the-run' } })
    expect(code).toBe(0)
  })

  test.each([
    ['email: admin@example.com', 'MISSING_FIELD the field "password" is missing'],
    [`token: "\${env:PW}", ${LOGIN}`, 'WRONG_FIELD "token" and "email" are mutually exclusive'],
    ['email: admin@example.com, password: written-out', 'LITERAL_SECRET'],
  ])('says what is wrong with %s', async (access, message) => {
    const at = await home({ seed })
    spec(at, access)
    expect((await at.run('validate --strict', { env: PW })).stderr).toContain(message)
  })
})
