import { afterEach, describe, expect, test } from 'vitest'
import { closeHomes, home } from '../../harness.ts'
import { mailDay, traffic } from '../../traffic/traffic.ts'

afterEach(closeHomes)

const own = {
  smtpUsers: [
    { username: 'printer', email_password: 'a-long-Passw0rd' },
    { username: 'billing', email_password: 'a-long-Passw0rd' },
    { username: 'silent', email_password: 'a-long-Passw0rd' },
  ],
}
const days = [mailDay(1, 'printer', 1234), mailDay(3, 'billing', 50), mailDay(20, 'silent', 9)]
const account = () => traffic(days, own)

describe('plan --traffic', () => {
  test('says how much mail goes with a change, and stops before what is in use goes', async () => {
    const at = await account()
    at.spec(`smtpUsers:
  - { username: billing, state: absent }
  - { username: silent, state: absent }
  - { username: printer, description: The printer }
`)
    const plain = await at.run('plan')
    expect(plain.stdout).not.toContain('IN_USE')
    const { stdout } = await at.run('plan --traffic')
    expect(stdout).toMatch(/- smtpUsers\/billing.* 50 sent in 7 days/)
    expect(stdout).toMatch(/- smtpUsers\/silent.* 0 sent in 7 days/)
    expect(stdout).toMatch(/~ smtpUsers\/printer.* 1,234 sent in 7 days/)
    expect(stdout).toContain('main:smtpUsers/billing would be deleted, and 50 messages went with it in the last 7 days')
    expect(stdout).not.toContain('smtpUsers/silent would')
    const token = /--accept (G\d+:\w+)/.exec(stdout.slice(stdout.indexOf('IN_USE')))?.[1] ?? ''
    expect((await at.run('apply --traffic --auto-approve')).code).toBe(3)
    const all = [...stdout.matchAll(/--accept (G\d+:\w+)/g)].map(([, one]) => `--accept ${one}`).join(' ')
    expect(all).toContain(token)
    expect((await at.run(`apply --traffic --auto-approve ${all}`)).code).toBe(0)
  })

  test('knows what shuts off and what renames', async () => {
    const at = await account()
    at.spec('smtpUsers: [{ username: billing, status: blocked }]\n')
    expect((await at.run('plan --traffic')).stdout).toContain('smtpUsers/billing would be shut off, and 50 messages')
    const key = `api-Newsletter${'0'.repeat(22)}`
    const keys = [
      { api_key: `api-${'M'.repeat(32)}`, endpoints: ['*'], description: 'master' },
      { api_key: key, endpoints: ['/email/send'], description: 'Old' },
    ]
    const scopes = { '': { mail: { days: [mailDay(1, key.slice(0, 16), 77)] } } }
    const other = await home({ seed: { smtp2go: { keys, scopes } } })
    other.spec('apiKeys: [{ description: New, moved: Old, endpoints: [/email/send], saveTo: { file: k } }]\n')
    const renamed = await other.run('plan --traffic')
    expect(renamed.stdout).toContain('apiKeys/Old would be renamed to "New", and 77 messages')
  })

  test('stops before a login, a network or a sender that sent can no longer', async () => {
    const at = await account()
    at.spec('ipAllowlist:\n  smtp: { enabled: true, entries: [{ address: 198.51.100.0/24 }] }\n')
    const list = await at.run('plan --traffic')
    expect(list.stdout).toContain('SENDING_STOPS')
    expect(list.stdout).toContain('main: printer could no longer send from 203.0.113.9, its last address')
    at.spec('senderDomains: [{ domain: shop.example, state: absent }]\n')
    const domain = await at.run('plan --traffic')
    expect(domain.stdout).toContain('printer could no longer send, and sent 1234 messages in the last 7 days')
    expect(domain.stdout).toContain('main:senderDomains/shop.example would be deleted, and 1,284 messages')
    at.spec('allowedSenders: { mode: block, entries: [billing@shop.example] }\n')
    const sender = await at.run('plan --traffic')
    expect(sender.stdout).toContain('nobody could send as billing@shop.example any more')
    at.spec('smtpUsers: [{ username: printer, description: The printer }]\n')
    expect((await at.run('plan --traffic')).stdout).not.toContain('SENDING_STOPS')
  })

  test('is asked again when a saved plan is applied', async () => {
    const at = await account()
    at.spec('smtpUsers: [{ username: silent, state: absent }, { username: printer, description: The printer }]\n')
    const planned = await at.run('plan --traffic --out plan.json')
    expect(planned.stdout).not.toContain('IN_USE')
    const state = at.emulator.state() as { smtp2go: { scopes: { '': { mail: { days: object[] } } } } }
    state.smtp2go.scopes[''].mail.days.push(mailDay(0, 'silent', 7))
    at.emulator.setState(state)
    const applied = await at.run('apply plan.json')
    expect(applied.code).not.toBe(0)
    expect(applied.stdout + applied.stderr).toContain('IN_USE')
  })
})
