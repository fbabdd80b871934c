import { afterEach, describe, expect, test } from 'vitest'
import { closeHomes, home, lintsOff, STRONG, state } from '../harness.ts'

afterEach(closeHomes)

describe('a password', () => {
  const spec = 'smtpUsers: [{ username: billing-app, password: "${env:PW}" }]\n'
  test.each(['hunter2', 'Password1', 'x'])('that the API refuses is said offline, and not shown: %s', async (PW) => {
    const at = await home()
    at.spec(spec)
    const weak = await at.run('validate --with-secrets', { env: { PW } })
    expect(weak).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('WEAK_SECRET warning: this secret is too weak'),
    })
    const { code, stderr, stdout } = await at.run('apply --auto-approve --strict', { env: { PW } })
    expect(stderr).toContain('the API wants 64 bits of entropy')
    expect(stdout + stderr).not.toContain(`"${PW}"`)
    expect(code).toBe(1)
    expect(at.emulator.requests()).toEqual([])
  })

  test('that may be refused is a warning, and a strong one is fine', async () => {
    const at = await home()
    at.spec(spec)
    const weak = await at.run('validate --with-secrets', { env: { PW: 'onlyletters' } })
    expect(weak).toMatchObject({ code: 0, stderr: expect.stringContaining('WEAK_SECRET warning') })
    expect((await at.run(`validate --strict --with-secrets ${lintsOff(at)}`, { env: { PW: STRONG } })).code).toBe(0)
    expect((await at.run(`validate --strict ${lintsOff(at)}`, { env: {} })).code).toBe(0) // nobody looked it up
  })
})

describe('check', () => {
  const key = `api-${'k'.repeat(32)}`
  const checked = async (endpoints: readonly string[]) => {
    const at = await home({ seed: state({}, { keys: [{ api_key: key, description: 'CI', endpoints }] }) })
    at.spec('smtpUsers: []\nwebhooks: []\n')
    return await at.run('check', { env: { KEY: key } })
  }

  test('names the endpoints that the key lacks, and the section that needs them', async () => {
    const { code, stdout } = await checked(['/users/smtp/*', '/api_keys/permissions'])
    expect(stdout).toMatch(/failed +main +webhooks: the key may not call \/webhook\/view, .*so it cannot be planned/)
    expect(stdout).not.toContain('smtpUsers')
    expect(code).toBe(1)
  })

  test('names what is missing to apply', async () => {
    const { code, stdout } = await checked(['/users/smtp/*', '/webhook/view', '/webhook/add'])
    expect(stdout).toContain('the key may not call /webhook/edit, /webhook/remove, so it cannot be applied as a whole')
    expect(code).toBe(1)
  })

  test('is content with a key that only reads', async () => {
    const { code, stdout } = await checked(['/users/smtp/view', '/webhook/view'])
    expect(stdout).toContain('webhooks: the key can read it but not change it')
    expect(code).toBe(0)
  })
})

describe('--only', () => {
  const key = `api-${'k'.repeat(32)}`
  const limited = async (endpoints: readonly string[]) => {
    const at = await home({
      seed: state(
        { smtpUsers: [{ username: 'billing-app', status: 'allowed', description: 'Old' }] },
        { keys: [{ api_key: key, description: 'CI', endpoints }] },
      ),
    })
    at.spec(
      'smtpUsers: [{ username: billing-app, description: New }]\nwebhooks: [{ url: https://a.example/x, events: [bounce], usernames: [billing-app] }]\nsuppressions: []\n',
    )
    return at
  }

  test('needs no permission for what it is not about, and does not read it', async () => {
    const at = await limited(['/users/smtp/*', '/api_keys/*'])
    const { code } = await at.run('apply --auto-approve --only smtpUsers/*', { env: { KEY: key } })
    expect(code).toBe(0)
    const paths = new Set(at.emulator.requests().map(({ path }) => path))
    expect(paths).not.toContain('/v3/suppression/view')
    const whole = await at.run('plan', { env: { KEY: key } })
    expect(whole.stderr).toContain('main:webhooks are unknown')
    expect(whole.code).toBe(1)
  })

  test('still needs what its objects name', async () => {
    const at = await limited(['/webhook/*'])
    const { code, stderr } = await at.run('plan --only webhooks/*', { env: { KEY: key } })
    expect(stderr).toContain('smtpUsers is unknown')
    expect(code).toBe(1)
  })
})
