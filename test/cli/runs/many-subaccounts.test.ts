import { afterEach, describe, expect, test } from 'vitest'
import { closeHomes, codes, type Home, home, LINTS_OFF, STRONG, scopeOf, state, writes, written } from '../harness.ts'

afterEach(closeHomes)

const env = { PASSWORD: STRONG, NODE_OPTIONS: '--max-old-space-size=64' } // a plan that needs more would end here
const teams = (count: number) => Array.from({ length: count }, (_, at) => `Team ${String(at).padStart(4, '0')}`)

/** An emulator with so many subaccounts, a login in each, and a folder with a file for each. */
async function openTeams(count: number, file: (team: string, at: number) => string, user: object = {}): Promise<Home> {
  const names = teams(count)
  const at = await home({
    seed: {
      smtp2go: {
        scopes: Object.fromEntries([
          ['', {}],
          ...names.map((_, one) => [
            `sub${one}`,
            { smtpUsers: [{ username: `app-${one}`, description: 'Old', ...user }, { username: `loose-${one}` }] },
          ]),
        ]),
        subaccounts: names.map((name, one) => ({ id: `sub${one}`, name, email: `team${one}@example.com` })),
      },
    },
  })
  at.file(
    'spec/accounts.yaml',
    `version: 1\naccounts:\n  main: { api: smtp2go, url: ${at.emulator.smtp2go}, apiKey: "\${env:KEY}" }\nsubaccounts:\n${names.map((name) => `  - { name: ${name} }\n`).join('')}`,
  )
  names.forEach((name, one) => {
    at.file(`spec/team-${one}.yaml`, `version: 1\nsubaccount: ${name}\n${file(name, one)}`)
  })
  return at
}

function callsOf(at: Home): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { path } of at.emulator.requests()) counts[path] = (counts[path] ?? 0) + 1
  return counts
}

describe('a thousand files of a thousand subaccounts', () => {
  test('are one plan: each list once, one summary, a text that fits on a screen', { timeout: 120_000 }, async () => {
    const at = await openTeams(
      1000,
      (_, one) =>
        `smtpUsers:\n  - { username: app-${one}, description: ${one % 2 === 0 ? 'New' : 'Old'} }\nwebhooks: []\n`,
    )
    at.file('spec/lints.yaml', LINTS_OFF)
    const { code, stdout, stderr } = await at.spawn('plan -f spec', { env })
    expect(stderr).toBe('')
    expect(code).toBe(0)
    expect(callsOf(at)).toEqual({
      '/v3/subaccounts/search': 2, // two pages of 500
      '/v3/users/smtp/view': 1000,
      '/v3/webhook/view': 1000,
    })
    expect(writes(at.emulator)).toEqual([])
    expect(stdout.match(/^Plan: .*$/gm)).toEqual([
      expect.stringMatching(
        /^Plan: 0 to create, 500 to update, 0 to delete; 1500 unchanged, 1000 not managed\. 500 calls/,
      ),
    ])
    expect(stdout.split('\n').length).toBeLessThan(20)
    expect(stdout).toContain('500 scopes: 1 smtpUsers to update, 1 not managed in each')
    const one = await at.spawn('plan -f spec --only "main/Team 0002:*" --format json', { env })
    expect(JSON.parse(one.stdout)).toMatchObject({
      changes: [{ address: 'smtpUsers/app-2', subaccount: 'Team 0002', source: { file: 'spec/team-2.yaml', line: 4 } }],
      summary: { update: 1 },
    })
  })
})

describe('a plan of many subaccounts', () => {
  test('does not speak of those with nothing to do', async () => {
    const at = await openTeams(
      40,
      (_, one) => `smtpUsers:\n  - { username: app-${one} }\n  - { username: loose-${one} }\n`,
    )
    const { stdout } = await at.spawn('plan -f spec', { env })
    expect(stdout).toBe('Nothing to do. 120 objects are as the spec says.\n')
  })

  test('shows deletions and what is of high risk one by one, and all of it on request', async () => {
    const at = await openTeams(40, (_, one) => {
      const words = one === 7 ? 'state: absent' : one === 8 ? 'status: blocked' : 'description: New'
      return `smtpUsers:\n  - { username: app-${one}, ${words} }\n`
    })
    const { stdout } = await at.spawn('plan -f spec', { env })
    expect(stdout).toContain('- smtpUsers/app-7  delete  high risk')
    expect(stdout).toMatch(/~ smtpUsers\/app-8 {2}high risk.*\n +status {2}"allowed" → "blocked"/)
    expect(stdout).not.toContain('smtpUsers/app-9')
    expect(stdout).toContain('39 scopes: 1 smtpUsers to update, 1 not managed in each')
    const all = await at.spawn('plan -f spec --all', { env })
    expect(all.stdout).toContain('~ smtpUsers/app-9 ')
    expect(all.stdout).not.toContain('in each')
  })

  test('has one gate where the same would happen in all of them, with every address', async () => {
    const at = await openTeams(
      12,
      (_, one) => `allowedSenders: { mode: allow, entries: [a@example.com] }\nsmtpUsers: [{ username: app-${one} }]\n`,
    )
    const { stdout } = await at.spawn('plan -f spec --format json', { env })
    const { gates } = JSON.parse(stdout) as { gates: { code: string; reason: string; addresses: string[] }[] }
    expect(gates).toMatchObject([{ code: 'SENDER_DOMAINS_OFF', reason: expect.stringMatching(/; and 7 more$/) }])
    expect(gates[0]?.addresses).toHaveLength(12)
    expect(gates[0]?.addresses).toContain('main/Team 0011:allowedSenders')
  })

  test('makes new ones with what is in them, and has nothing to do then', async () => {
    const at = await home()
    const names = teams(25)
    at.file(
      'spec/accounts.yaml',
      `version: 1\naccounts:\n  main: { api: smtp2go, url: ${at.emulator.smtp2go}, apiKey: "\${env:KEY}" }\nsubaccounts:\n${names.map((name, one) => `  - { name: ${name}, email: team${one}@example.com }\n`).join('')}`,
    )
    names.forEach((name, one) => {
      at.file(
        `spec/${one}/team.yaml`,
        `version: 1\nsubaccount: ${name}\nsmtpUsers:\n  - { username: "app-${one}-\${var:stage}", password: "\${env:PASSWORD}" }\n`,
      )
    })
    at.file('stage.yaml', 'stage: live\n')
    const args = '-f spec --var-file stage.yaml'
    const applied = await at.spawn(`apply --auto-approve ${args}`, { env })
    expect(applied.stdout).toContain('Applied. 50 changes done and read back.')
    expect(written(at.emulator).filter((call) => call === 'POST /subaccount/add')).toHaveLength(25)
    expect((await at.spawn(`plan --detailed-exitcode ${args}`, { env })).code).toBe(0)
  })
})

describe('several accounts', () => {
  const two = (at: Home, other: Home, name = 'main') =>
    `version: 1\naccounts:\n  ${name}: { api: smtp2go, url: ${at.emulator.smtp2go}, apiKey: "\${env:KEY}" }\n  other: { api: smtp2go, url: ${other.emulator.smtp2go}, apiKey: "\${env:KEY}" }\n`
  const users = (...names: string[]) => names.map((username) => ({ username }))

  test('are one plan, in their order, and addresses say which', async () => {
    const at = await home({ seed: state({ smtpUsers: users('first-app') }) })
    const other = await home({ seed: state({ smtpUsers: users('first-app') }) })
    at.file('mailconfig.yaml', two(at, other))
    at.file('a.yaml', 'version: 1\naccount: main\nsmtpUsers:\n  - { username: first-app, description: New }\n')
    at.file('b.yaml', 'version: 1\naccount: other\nsmtpUsers:\n  - { username: first-app, description: New }\n')
    const files = '-f mailconfig.yaml -f a.yaml -f b.yaml'
    expect((await at.spawn(`plan ${files}`)).stdout).toMatch(/^main smtp2go[\s\S]*^other smtp2go[\s\S]*2 to update/m)
    const { code } = await at.spawn(`apply --auto-approve ${files} --only other:*`)
    expect(code).toBe(0)
    expect(writes(at.emulator)).toEqual([])
    expect(written(other.emulator)).toEqual(['PATCH /users/smtp/edit'])
    expect((await at.spawn(`apply --auto-approve ${files} --account main`)).code).toBe(0)
    expect(written(at.emulator)).toEqual(['PATCH /users/smtp/edit'])
    expect(written(other.emulator)).toHaveLength(1)
  })

  test('one that cannot be read stops the plan of all, by its name', async () => {
    const at = await home()
    const other = await home()
    at.file('mailconfig.yaml', `${two(at, other)}account: main\nsmtpUsers: []\n`)
    at.file(
      'b.yaml',
      'version: 1\naccount: other\nsmtpUsers:\n  - { username: new-app, password: "${env:PASSWORD}" }\n',
    )
    other.emulator.faults([{ match: { path: '/v3/users/smtp/view' }, fault: 'status', status: 403 }])
    const { code, stderr } = await at.spawn('apply --auto-approve -f mailconfig.yaml -f b.yaml', { env })
    expect(codes(stderr)).toEqual(['CANNOT_READ'])
    expect(stderr).toContain('other:smtpUsers is unknown')
    expect(code).toBe(1)
    expect([...writes(at.emulator), ...writes(other.emulator)]).toEqual([])
  })

  test.each(['additive', 'owned', 'authoritative'])(
    'an account with another name deletes nothing (%s)',
    async (mode) => {
      const at = await home()
      const other = await home({ seed: state({ smtpUsers: users('other-app') }) })
      const body = (name: string) =>
        `${two(at, other, name)}account: ${name}\nmanage: { smtpUsers: ${mode} }\nsmtpUsers:\n  - { username: first-app, password: "\${env:PASSWORD}" }\n---\nversion: 1\naccount: other\nsmtpUsers:\n  - { username: other-app }\n`
      at.file('mailconfig.yaml', body('main'))
      expect((await at.spawn('apply --auto-approve', { env })).code).toBe(0)
      at.file('mailconfig.yaml', body('production'))
      const { code, stdout } = await at.spawn('plan --detailed-exitcode', { env })
      expect(stdout).toMatch(/^Nothing to do\. 2 objects are as the spec says\.$/m)
      expect(code).toBe(0)
      expect(scopeOf(at.emulator)['smtpUsers']).toHaveLength(1)
    },
  )

  test('a document of an account that is no longer declared is an error, not a deletion', async () => {
    const at = await home({ seed: state({ smtpUsers: users('first-app') }) })
    const other = await home()
    at.file('mailconfig.yaml', `${two(at, other, 'production')}account: main\nsmtpUsers: []\n`)
    const { code, stderr } = await at.spawn('apply --auto-approve')
    expect(codes(stderr)).toEqual(['mailconfig.yaml:5:1 NO_ACCOUNT'])
    expect(code).toBe(1)
    expect(writes(at.emulator)).toEqual([])
  })
})
