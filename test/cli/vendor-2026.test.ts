import { afterEach, describe, expect, test } from 'vitest'
import { closeHomes, type Home, home, state } from './harness.ts'

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
    expect((await at.run('plan --detailed-exitcode --strict')).code).toBe(0) // old answers say nothing of it
    at.emulator.settings({ webhookNewFields: 'always' })
    for (const disabled of [true, false]) {
      at.spec(`webhooks: [{ url: ${URL}, events: [bounce], disabled: ${disabled} }]\n`)
      expect((await at.run('apply --auto-approve')).code).toBe(0)
      expect(hook(at)).toMatchObject({ disabled })
      expect((await at.run('plan --detailed-exitcode --strict')).code).toBe(0)
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
      expect((await at.run('plan --detailed-exitcode --strict', { env })).code).toBe(0)
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
    expect((await at.run('plan --detailed-exitcode --strict')).code).toBe(0)
  }
})
