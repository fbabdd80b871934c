import { afterEach, describe, expect, test } from 'vitest'
import { closeHomes, type Home, home, state, writes } from '../harness.ts'

afterEach(closeHomes)

const URL = 'https://hooks.example.com/mail'
const row = {
  id: 7,
  url: URL,
  events: ['bounce'],
  usernames: ['billing-app'],
  headers: ['X-Customer'],
  output_format: 'json',
}
const users = [{ username: 'billing-app', status: 'allowed' }]
const bearer = { auth_header_type: 'bearer', auth_header_value: 'hook-token-of-somebody' }
const hook = ({ emulator }: Home) =>
  (emulator.state() as { smtp2go: { scopes: { '': { webhooks: Record<string, unknown>[] } } } }).smtp2go.scopes['']
    .webhooks[0]

describe.each(['keep', 'reset'] as const)('where an edit may reset what it leaves out (%s)', (webhookEditOmitted) => {
  const settings = { webhookEditOmitted }

  test('what nobody manages goes along', async () => {
    const at = await home({ seed: state({ smtpUsers: users, webhooks: [row] }), settings })
    at.spec(`webhooks: [{ url: ${URL}, events: [bounce, spam] }]\n`)
    const { code, stdout } = await at.run('apply --auto-approve')
    expect(stdout).toContain('Applied. 1 change done and read back.')
    expect(code).toBe(0)
    expect(hook(at)).toMatchObject({ ...row, events: ['bounce', 'spam'] })
  })

  test('a secret that nobody can read stops the plan, and goes along where the spec has it', async () => {
    const at = await home({ seed: state({ smtpUsers: users, webhooks: [{ ...row, ...bearer }] }), settings })
    at.spec(`webhooks: [{ url: ${URL}, events: [spam] }]\n`)
    const refused = await at.run('apply --auto-approve')
    expect(refused.stdout + refused.stderr).toContain(`WOULD_RESET`)
    expect(refused.stdout).toContain(`the API may reset auth.value of main:webhooks/${URL} with this change`)
    expect(refused.code).toBe(3)
    expect(writes(at.emulator)).toEqual([])
    at.spec(`webhooks: [{ url: ${URL}, events: [spam], auth: { type: bearer, value: "\${env:HOOK}" } }]\n`)
    const done = await at.run('apply --auto-approve', { env: { HOOK: 'hook-token-of-somebody' } })
    expect(done.code).toBe(0)
    expect(hook(at)).toMatchObject({ ...row, ...bearer, events: ['spam'] })
  })
})

test('what changed along with an update is said, and the run is not green', async () => {
  const at = await home({
    seed: state({ smtpUsers: users, webhooks: [{ ...row, ...bearer }] }),
    settings: { webhookEditOmitted: 'reset' },
  })
  at.spec(`webhooks: [{ url: ${URL}, events: [spam] }]\n`)
  const plan = JSON.parse((await at.run('plan --format json')).stdout)
  const { code, stdout, stderr } = await at.run(`apply --auto-approve --accept ${plan.gates[0].accept}`)
  expect(stdout).toContain('the change was made, and auth also changed, although the spec does not mention it')
  expect(stdout).toContain('Applied in part. 0 done, 1 failed')
  expect(stderr).not.toContain('hook-token')
  expect(code).toBe(4)
})
