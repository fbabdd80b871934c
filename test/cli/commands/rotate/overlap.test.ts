import { afterEach, describe, expect, test } from 'vitest'
import { closeHomes, codes, type Home, home, STRONG, scopeOf, written } from '../../harness.ts'

afterEach(closeHomes)

const env = { PW: STRONG }
const SPEC = `manage: { smtpUsers: authoritative }
smtpUsers:
  - username: billing-app
    password: \${env:PW}
    saveTo: { file: secrets/billing.password }
    rateLimit: { messages: 500, per: 1 hour }
`
const TWINNED = SPEC.replace('username: billing-app', 'username: twin-app').replace(
  '${env:PW}',
  '${file:secrets/billing.password.twin-app}',
)

const users = (one: Home) => scopeOf(one.emulator)['smtpUsers'] ?? []
const names = (one: Home) => users(one).map(({ username, status }) => `${String(username)} ${String(status)}`)
const rotate = (one: Home, args: string) => one.run(`rotate smtpUsers/billing-app ${args} --auto-approve`, { env })

async function empty(one: Home): Promise<void> {
  const plan = await one.run('plan --format json', { env })
  expect(JSON.parse(plan.stdout)).toMatchObject({ changes: [], unmanaged: [] })
}

async function overlapping(): Promise<Home> {
  const one = await home()
  one.spec(SPEC)
  expect((await one.run('apply --auto-approve', { env })).code).toBe(0)
  const ran = await rotate(one, '--overlap --twin twin-app')
  expect(ran.stdout).toContain('username: twin-app')
  expect(ran.code).toBe(0)
  return one
}

describe('rotate --overlap', () => {
  test('goes from user to twin with an empty plan at each step, under an authoritative section', async () => {
    const one = await overlapping()
    const [first, twin] = users(one)
    expect({ ...twin, username: '', email_password: '' }).toEqual({ ...first, username: '', email_password: '' })
    expect(first?.['email_password']).toBe(STRONG)
    expect(one.text('secrets/billing.password.twin-app').trim()).toBe(twin?.['email_password'])
    expect(one.text('.mailconfig/ledger.json')).not.toContain(String(twin?.['email_password']))
    await empty(one)
    expect(codes((await one.run('plan', { env })).stderr)).toEqual(['mailconfig.yaml:7:11 ROTATION_OPEN'])
    const early = await rotate(one, '--confirm')
    expect(early.stderr).toContain('still declares')
    one.spec(TWINNED)
    await empty(one)
    expect((await rotate(one, '--confirm')).code).toBe(0)
    expect(names(one)).toEqual(['billing-app blocked', 'twin-app allowed'])
    await empty(one)
    expect(JSON.parse((await one.run('rotate --list --format json')).stdout).rotations).toMatchObject([
      { address: 'smtpUsers/billing-app', account: 'main', twin: 'smtpUsers/twin-app' },
    ])
    expect((await rotate(one, '--confirm --retire delete')).code).toBe(0)
    expect(names(one)).toEqual(['twin-app allowed'])
    await empty(one)
    expect((await one.run('rotate --list')).stdout).toContain('No rotation is open.')
    expect((await rotate(one, '--confirm')).stderr).toContain('no rotation of "smtpUsers/billing-app" is open')
  })

  test('is taken back by --abort, which allows the old one again', async () => {
    const one = await overlapping()
    one.spec(TWINNED)
    expect((await rotate(one, '--confirm')).code).toBe(0)
    expect((await rotate(one, '--abort')).stderr).toContain('the spec declares the twin')
    one.spec(SPEC)
    expect((await rotate(one, '--abort')).code).toBe(0)
    expect(names(one)).toEqual(['billing-app allowed'])
    await empty(one)
  })

  test('makes no second twin, and no old user again that somebody deleted meanwhile', async () => {
    const one = await overlapping()
    one.emulator.clearRequests()
    expect((await rotate(one, '--overlap')).stderr).toContain('is open already')
    const state = structuredClone(one.emulator.state()) as { smtp2go: { scopes: { '': { smtpUsers: unknown[] } } } }
    state.smtp2go.scopes[''].smtpUsers.shift()
    one.emulator.setState(state)
    const ran = await one.run('apply --auto-approve', { env })
    expect(codes(ran.stderr)).toContain('mailconfig.yaml:9:5 CANNOT_RENAME')
    expect(written(one.emulator)).toEqual([])
  })

  test('needs a ledger, and a kind that can have a twin', async () => {
    const one = await home()
    one.spec(`${SPEC}webhooks:\n  - { url: "https://h.example.com/", events: [bounce] }\n`)
    expect((await rotate(one, '--overlap --ledger none')).stderr).toContain('there is no ledger')
    const other = await one.run('rotate webhooks/https://h.example.com/ --overlap --auto-approve', { env })
    expect(other.stderr).toContain('cannot have a twin')
    expect((await rotate(one, '--confirm --abort')).stderr).toContain('cannot be combined')
  })
})

describe('an API key', () => {
  const KEYS = `apiKeys:
  - { description: Billing service, endpoints: [/email/send], saveTo: { file: secrets/billing.key } }
`
  const keys = (one: Home) =>
    (one.emulator.state() as { smtp2go: { keys: Record<string, unknown>[] } }).smtp2go.keys
      .filter(({ description }) => String(description).startsWith('Billing'))
      .map(({ api_key, description }) => `${String(description)} ${String(api_key)}`)
  const turn = (one: Home, args: string) => one.run(`rotate "apiKeys/Billing service" ${args} --auto-approve`)

  async function turned(): Promise<{ one: Home; old: string; fresh: string }> {
    const one = await home()
    one.spec(KEYS)
    expect((await one.run('apply --auto-approve')).code).toBe(0)
    const old = one.text('secrets/billing.key').trim()
    expect((await turn(one, '--overlap --twin Billing-2')).code).toBe(0)
    return { one, old, fresh: one.text('secrets/billing.key').trim() }
  }

  test('gets a second one, and when that is in use the old one goes and its name is taken', async () => {
    const { one, old, fresh } = await turned()
    expect(keys(one)).toEqual([`Billing service ${old}`, `Billing-2 ${fresh}`])
    expect(one.text('secrets/billing.key.previous').trim()).toBe(old)
    expect((await one.run('plan')).stdout).toContain('Nothing to do.')
    const ended = await turn(one, '--confirm')
    expect(ended.code).toBe(0)
    expect(keys(one)).toEqual([`Billing service ${fresh}`])
    expect(one.has('secrets/billing.key.previous')).toBe(false)
    expect((await one.run('plan')).stdout).toContain('Nothing to do.')
    expect((await one.run('rotate --list')).stdout).toContain('No rotation is open.')
    expect(ended.stdout + ended.stderr + one.text('.mailconfig/ledger.json')).not.toMatch(new RegExp(`${old}|${fresh}`))
  })

  test('is changed with its own key while both are there, and comes back with --abort', async () => {
    const { one, old, fresh } = await turned()
    one.spec(KEYS.replace('[/email/send]', '[/email/send, /stats/*]'))
    expect((await one.run('apply --auto-approve')).code).toBe(0)
    expect((await turn(one, '--abort')).code).toBe(0)
    expect(keys(one)).toEqual([`Billing service ${old}`])
    expect(one.text('secrets/billing.key').trim()).toBe(old)
    expect(old).not.toBe(fresh)
    expect((await one.run('plan')).stdout).toContain('Nothing to do.')
  })

  test('whose rename was cut off gets its name with the next apply', async () => {
    const { one, fresh } = await turned()
    one.emulator.faults([{ match: { path: '/v3/api_keys/edit' }, fault: 'status', status: 400 }])
    expect((await turn(one, '--confirm')).code).toBe(4)
    one.emulator.clearFaults()
    expect(keys(one)).toEqual([`Billing-2 ${fresh}`])
    expect((await one.run('apply --auto-approve')).code).toBe(0)
    expect(keys(one)).toEqual([`Billing service ${fresh}`])
  })
})
