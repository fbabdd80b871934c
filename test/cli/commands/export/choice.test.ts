import { afterEach, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { closeHomes, type Home, home, lintsOff, state, writes } from '../../harness.ts'

afterEach(closeHomes)

const TWO = state({
  smtpUsers: [
    { username: 'billing-app', description: 'Bills', status: 'allowed' },
    { username: 'shop-app', description: 'Shop', status: 'sandbox' },
  ],
  singleSenders: [{ email_address: 'ceo@example.net', verified: true }],
})

/** An account with two subaccounts, one of which is closed. */
const NESTED = {
  smtp2go: {
    scopes: {
      '': { smtpUsers: [{ username: 'top-user', status: 'allowed' }] },
      ABC123: { smtpUsers: [{ username: 'inner-user', status: 'allowed' }] },
      ABC124: {},
    },
    subaccounts: [
      { id: 'ABC123', name: 'Acme', state: 'Active' },
      { id: 'ABC124', name: 'Old', state: 'Closed' },
    ],
  },
}

const variables = ({ emulator }: Home) => ({ SMTP2GO_URL: emulator.smtp2go, SMTP2GO_API_KEY: emulator.apiKey })

describe.each(['export -o out.yaml', 'init -f out.yaml'])('%s', (command) => {
  test('takes what --only and --exclude choose, and nothing else', async () => {
    const at = await home({ seed: TWO })
    const { code } = await at.run(`${command} --only smtpUsers/* --exclude smtpUsers/shop-*`, { env: variables(at) })
    expect(code).toBe(0)
    const spec = parse(at.text('out.yaml'))
    expect(spec.smtpUsers.map(({ username }: { username: string }) => username)).toEqual(['billing-app'])
    expect(Object.keys(spec)).toEqual(['version', 'accounts', 'smtpUsers'])
    expect(writes(at.emulator)).toEqual([])
  })

  test('reads only the sections that --only can mean', async () => {
    const at = await home({ seed: TWO })
    await at.run(`${command} --only main:smtpUsers/billing-app`, { env: variables(at) })
    expect(at.emulator.requests().map(({ path }) => path)).toEqual(['/v3/users/smtp/view'])
  })

  test('stops at a glob that chooses nothing, and at an account that is not there', async () => {
    const at = await home({ seed: TWO })
    const glob = await at.run(`${command} --only smtpUsers/biling-*`, { env: variables(at) })
    expect(glob).toMatchObject({ code: 1, stdout: '' })
    expect(glob.stderr).toMatch(/^error: no object matches "smtpUsers\/biling-\*"$/m)
    const account = await at.run(`${command} --account other`, { env: variables(at) })
    expect(account).toMatchObject({ code: 1, stdout: '' })
    expect(account.stderr).toMatch(/^error: there is no account "other"$/m)
    expect(at.has('out.yaml')).toBe(false)
  })

  test('says that the contents of subaccounts are left out, and takes them with --subaccounts', async () => {
    const at = await home({ seed: NESTED })
    const without = await at.run(command, { env: variables(at) })
    expect(without.stderr).toContain('note: main: the contents of 1 subaccount are left out; --subaccounts adds them\n')
    expect(at.text('out.yaml')).not.toContain('inner-user')
    const { stderr, code } = await at.run(`${command} --subaccounts --force`, { env: variables(at) })
    expect(code).toBe(0)
    expect(stderr).not.toContain('are left out')
    expect(at.text('out.yaml')).toContain('inner-user')
    expect((await at.run('plan -f out.yaml --detailed-exitcode', { env: variables(at) })).code).toBe(0)
  })
})

describe('what init writes at its default', () => {
  test('is what keeps mail flowing, so that a click in the console is drift', async () => {
    const at = await home({ seed: TWO })
    await at.run('init', { env: variables(at) })
    expect(parse(at.text('mailconfig.yaml'))).toMatchObject({
      allowedSenders: { mode: 'disabled' },
      allowedRecipients: { enabled: false },
      ipAllowlist: { smtp: { enabled: false }, api: { enabled: false } },
      smtpUsers: [
        { username: 'billing-app', status: 'allowed' },
        { username: 'shop-app', status: 'sandbox' },
      ],
    })
    const user = at.emulator.state() as { smtp2go: { scopes: { '': { smtpUsers: { status: string }[] } } } }
    const [first] = user.smtp2go.scopes[''].smtpUsers
    if (first !== undefined) first.status = 'blocked'
    at.emulator.setState(user)
    const { code, stdout } = await at.run('drift', { env: variables(at) })
    expect(stdout).toContain('smtpUsers/billing-app')
    expect(stdout).toMatch(/status.*blocked/)
    expect(code).toBe(2)
  })

  test('is everything with --all-fields', async () => {
    const at = await home({ seed: TWO })
    await at.run('init --all-fields', { env: variables(at) })
    const [user] = parse(at.text('mailconfig.yaml')).smtpUsers
    expect(user).toMatchObject({ openTracking: false, archive: false, rateLimit: 'off', bounceNotifications: 'from' })
    expect((await at.run(`plan --detailed-exitcode --strict ${lintsOff(at)}`, { env: variables(at) })).code).toBe(0)
  })
})

test('init without credentials has nothing to choose from, and says so', async () => {
  const at = await home()
  const { code, stderr } = await at.run('init --only smtpUsers/*')
  expect(code).toBe(1)
  expect(stderr).toContain('"--only" selects what is read from a live account, but no credentials are set')
  expect(at.has('mailconfig.yaml')).toBe(false)
})

test('a recording holds whole collections', async () => {
  const at = await home({ seed: TWO })
  at.spec('')
  const { code, stderr } = await at.run('export --format emulator -o account.json --only smtpUsers/*')
  expect(code).toBe(1)
  expect(stderr).toContain('"--format emulator" cannot be combined with "--only" or "--exclude"')
})

test('the command that a saved plan prints can be pasted', async () => {
  const at = await home()
  at.spec('smtpUsers:\n  - username: billing-app\n    password: ${var:pw}\n')
  const { stderr } = await at.run('plan --out "my plan" --var pw=correct-horse-battery-staple-7')
  expect(stderr).toContain("To do exactly this: mailconfig apply 'my plan' --var pw=…")
})
