import { afterEach, describe, expect, test } from 'vitest'
import { closeHomes, type Home, home, lintsOff, state } from '../harness.ts'

afterEach(closeHomes)

const URL = 'https://hooks.example.com/mail'
const hook = ({ emulator }: Home) =>
  (emulator.state() as { smtp2go: { scopes: { '': { webhooks: Record<string, unknown>[] } } } }).smtp2go.scopes['']
    .webhooks[0]
const env = { HOOK: 'tenant-secret-4711' }

describe('a webhook', () => {
  test('is switched off and on again', async () => {
    const at = await home({ seed: state({ webhooks: [{ id: 7, url: URL, events: ['bounce'] }] }) })
    at.spec(`webhooks: [{ url: ${URL}, events: [bounce] }]\n`)
    expect((await at.run(`plan --detailed-exitcode --strict ${lintsOff(at)}`)).code).toBe(0) // old answers say nothing of it
    at.emulator.settings({ webhookNewFields: 'always' })
    for (const disabled of [true, false]) {
      at.spec(`webhooks: [{ url: ${URL}, events: [bounce], disabled: ${disabled} }]\n`)
      expect((await at.run('apply --auto-approve')).code).toBe(0)
      expect(hook(at)).toMatchObject({ disabled })
      expect((await at.run(`plan --detailed-exitcode --strict ${lintsOff(at)}`)).code).toBe(0)
    }
  })

  test.each(['list', 'map'] as const)(
    'sends headers of its own, which nobody sees (%s)',
    async (webhookHeadersShape) => {
      const at = await home({ settings: { webhookHeadersShape, webhookAuthReadback: 'echo' } })
      at.spec(`webhooks: [{ url: ${URL}, events: [bounce], customHeaders: "X-Tenant: \${env:HOOK}\\nX-Other: a:b" }]\n`)
      const { code, stdout, stderr } = await at.run('apply --auto-approve --log-level debug --audit-log audit.jsonl', {
        env,
      })
      expect(code).toBe(0)
      expect(hook(at)?.['custom_headers']).toEqual([
        { header: 'X-Tenant', value: 'tenant-secret-4711' },
        { header: 'X-Other', value: 'a:b' },
      ])
      expect(stdout + stderr + at.everything()).not.toContain('tenant-secret-4711')
      expect((await at.run(`plan --detailed-exitcode --strict ${lintsOff(at)}`, { env })).code).toBe(0)
      at.spec(`webhooks: [{ url: ${URL}, events: [spam] }]\n`)
      expect((await at.run('plan')).stdout).toContain('WOULD_RESET')
    },
  )
})

test('a pool of addresses is given back', async () => {
  const at = await home({ seed: state({ smtpUsers: [{ username: 'billing-app', status: 'allowed', ippool: 3 }] }) })
  for (const word of ['off', 'null']) {
    at.spec(`smtpUsers: [{ username: billing-app, ipPool: 3 }]\n`)
    await at.run('apply --auto-approve')
    at.spec(`smtpUsers: [{ username: billing-app, ipPool: ${word} }]\n`)
    const { code, stdout } = await at.run('apply --auto-approve')
    expect(stdout).toMatch(/ipPool +3 → /)
    expect(code).toBe(0)
    const users = at.emulator.state() as { smtp2go: { scopes: { '': { smtpUsers: { ippool: unknown }[] } } } }
    expect(users.smtp2go.scopes[''].smtpUsers[0]?.ippool).toBe(null)
    expect((await at.run(`plan --detailed-exitcode --strict ${lintsOff(at)}`)).code).toBe(0)
  }
})

describe('a pool of addresses by its name', () => {
  const pools = [
    { id: 3, name: 'Newsletters', ip_addresses: ['203.0.113.7'] },
    { id: 5, name: 'Invoices', ip_addresses: [] },
    { id: 6, name: 'Twice', ip_addresses: [] },
    { id: 7, name: 'Twice', ip_addresses: [] },
  ]
  const user = (pool: string) => `smtpUsers: [{ username: billing-app, ipPool: ${pool} }]\n`
  const seed = () =>
    state({ dedicatedIps: pools, smtpUsers: [{ username: 'billing-app', status: 'allowed', ippool: null }] })

  test('is the number that the account has for it, and then there is nothing to do', async () => {
    const at = await home({ seed: seed() })
    at.spec(user('Newsletters'))
    const { code, stdout } = await at.run('apply --auto-approve')
    expect([code, stdout]).toEqual([0, expect.stringMatching(/ipPool +\(none\) → 3/)])
    for (const command of ['plan --detailed-exitcode', 'drift', "plan --detailed-exitcode --only 'smtpUsers/*'"])
      expect((await at.run(command)).code).toBe(0)
    at.spec(user('3'))
    expect((await at.run('plan --detailed-exitcode')).code).toBe(0)
  })

  test.each([
    ['Newsleters', 'UNKNOWN_REFERENCE', 'did you mean "Newsletters"?'],
    ['Nothing', 'UNKNOWN_REFERENCE', 'it has Newsletters (3), Invoices (5), Twice (6), Twice (7)'],
    ['Twice', 'UNKNOWN_REFERENCE', 'write the number: 6 or 7'],
    ['"3"', 'WRONG_TYPE', 'a whole number of at least 1, a name, or off'],
  ])('that is %s is %s', async (name, code, hint) => {
    const at = await home({ seed: seed() })
    at.spec(user(name))
    const { code: exit, stderr } = await at.run('plan')
    expect(exit).toBe(1)
    expect(stderr).toContain(code)
    expect(stderr).toContain(hint)
  })

  test('needs one more permission, and only then', async () => {
    const key = `api-${'L'.repeat(32)}`
    const keys = [{ api_key: key, endpoints: ['/users/smtp/*'] }]
    const at = await home({ seed: state({ dedicatedIps: pools, smtpUsers: [{ username: 'billing-app' }] }, { keys }) })
    const env = { KEY: key }
    at.spec(user('3'))
    expect((await at.run('plan', { env })).code).toBe(0)
    expect((await at.run('check', { env })).code).toBe(0)
    at.spec(user('Newsletters'))
    expect((await at.run('plan', { env })).stderr).toContain('/dedicated_ips/view')
    expect((await at.run('check', { env })).stdout).toContain('/dedicated_ips/view')
  })

  test('stays where live state is merged into the file, and is listed by check', async () => {
    const at = await home({ seed: seed() })
    at.spec(user('Newsletters'))
    await at.run('apply --auto-approve')
    const before = at.text('mailconfig.yaml')
    expect((await at.run('export --into mailconfig.yaml')).code).toBe(0)
    expect(at.text('mailconfig.yaml')).toBe(before)
    expect((await at.run('check')).stdout).toContain('ipPools/Newsletters: number 3, 203.0.113.7')
  })

  test('in a subaccount is one of the account', async () => {
    const at = await home({
      seed: state(
        {},
        {
          subaccounts: [{ id: 'sub001', name: 'Acme', email: 'it@acme.example' }],
          scopes: { '': { dedicatedIps: pools }, sub001: { smtpUsers: [{ username: 'acme-app' }] } },
        },
      ),
    })
    at.spec(
      'smtpUsers: []\n---\naccount: main\nsubaccount: Acme\nsmtpUsers: [{ username: acme-app, ipPool: Invoices }]\n',
    )
    const { stdout, stderr } = await at.run('apply --auto-approve')
    expect(stderr).not.toContain('UNKNOWN')
    expect(stdout).toMatch(/ipPool +\(none\) → 5/)
  })
})
