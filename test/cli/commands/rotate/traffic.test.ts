import { afterEach, expect, test } from 'vitest'
import { closeHomes, home, STRONG, scopeOf } from '../../harness.ts'

afterEach(closeHomes)

const env = { PW: STRONG }
const specWith = (username: string, password: string) => `smtpUsers:
  - username: ${username}
    password: \${${password}}
    saveTo: { file: secrets/billing.password }
`
const DOMAIN = { domain: { fulldomain: 'shop.example', dkim_verified: true, rpath_verified: true } }

test('a rotation goes from one user to the next with mail through both, and the numbers say who is in use', async () => {
  const at = await home({ smtpPort: 0, seed: { smtp2go: { scopes: { '': { domains: [DOMAIN] } } } } })
  const rotate = (args: string) => at.run(`rotate smtpUsers/billing-app ${args} --auto-approve`, { env })
  const send = (user: string) =>
    at.run(
      `send --from ann@shop.example --to bob@example.net --user ${user} --smtp ${at.emulator.smtp} --wait 10s --auto-approve`,
      { env },
    )
  at.spec(specWith('billing-app', 'env:PW'))
  expect((await at.run('apply --auto-approve', { env })).code).toBe(0)
  expect((await send('billing-app')).code).toBe(0)
  expect((await rotate('--overlap --twin twin-app')).code).toBe(0)

  at.spec(specWith('twin-app', 'file:secrets/billing.password.twin-app'))
  const unused = await rotate('--confirm --retire delete --no-input')
  expect(unused.stdout + unused.stderr).toContain(
    '"twin-app" sent nothing today, "billing-app" sent 1 message today: nobody seems to use it yet.',
  )
})

test('the twin sends with the password that was delivered, before the old one goes', async () => {
  const at = await home({ smtpPort: 0, seed: { smtp2go: { scopes: { '': { domains: [DOMAIN] } } } } })
  const rotate = (args: string) => at.run(`rotate smtpUsers/billing-app ${args} --auto-approve`, { env })
  at.spec(specWith('billing-app', 'env:PW'))
  expect((await at.run('apply --auto-approve', { env })).code).toBe(0)
  expect((await rotate('--overlap --twin twin-app')).code).toBe(0)
  at.spec(specWith('twin-app', 'file:secrets/billing.password.twin-app'))
  const sent = await at.run(
    `send --from ann@shop.example --to bob@example.net --user twin-app --smtp ${at.emulator.smtp} --wait 10s --auto-approve`,
    { env },
  )
  expect(sent).toMatchObject({ code: 0, stdout: expect.stringContaining('delivered') })
  const confirmed = await rotate('--confirm')
  expect(confirmed.stdout).toContain('"twin-app" sent 1 message today, "billing-app" sent nothing today.')
  expect((await rotate('--confirm --retire delete')).code).toBe(0)
  expect((scopeOf(at.emulator)['smtpUsers'] ?? []).map(({ username }) => username)).toEqual(['twin-app'])
})
