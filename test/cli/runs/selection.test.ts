import { afterEach, describe, expect, test } from 'vitest'
import { closeHomes, codes, type Home, home, lintsOff, STRONG, scopeOf, state, writes, written } from '../harness.ts'

afterEach(closeHomes)

const env = { PASSWORD: STRONG }
const users = (...names: string[]) => names.map((username) => ({ username }))
const json = async (at: Home, args: string) => {
  const { stdout, code } = await at.run(`plan --format json ${args}`, { env })
  const plan = JSON.parse(stdout) as {
    changes: { address: string; subaccount: string | null; action: string }[]
    warnings: { code: string; message: string; hint?: string; at?: { line: number } }[]
  }
  return {
    code,
    changes: plan.changes.map(({ action, address, subaccount }) => `${action} ${subaccount ?? ''}:${address}`),
    warnings: plan.warnings.map(({ code: word, message }) => `${word} ${message}`),
    hints: plan.warnings.map(({ hint }) => hint),
    lines: plan.warnings.map(({ at: place }) => place?.line),
  }
}

const webhook = (name: string, ...usernames: string[]) =>
  `  - { url: "https://${name}.example/hook", events: [bounce], usernames: [${usernames.join(', ')}] }\n`

describe('what is left out takes along what needs it', () => {
  const body = `smtpUsers:
  - { username: new-app, password: "\${env:PASSWORD}" }
  - { username: old-app, status: blocked }
webhooks:
${webhook('needs', 'new-app')}${webhook('free', 'old-app')}`
  const open = async () => {
    const at = await home({ seed: state({ smtpUsers: users('old-app', 'other-app') }) })
    at.spec(body)
    return at
  }

  test('a webhook that names a login which is not made', async () => {
    const at = await open()
    expect(await json(at, '--exclude smtpUsers/new-app')).toMatchObject({
      changes: ['update :smtpUsers/old-app', 'create :webhooks/https://free.example/hook'],
      warnings: [
        'EXCLUDED_TOO main:webhooks/https://needs.example/hook needs main:smtpUsers/new-app (new), which is left out, so nothing is done',
      ],
      hints: ['select both, or apply what it needs first'],
      lines: [11],
    })
  })

  test('and not a webhook whose login is there, though its change is left out', async () => {
    const at = await open()
    const { changes, warnings } = await json(at, '--exclude smtpUsers/old-app --exclude webhooks/*needs*')
    expect(changes).toEqual(['create :smtpUsers/new-app', 'create :webhooks/https://free.example/hook'])
    expect(warnings).toEqual([])
  })

  test('an apply does just what is left', async () => {
    const at = await open()
    const { code, stderr } = await at.run('apply --auto-approve --exclude smtpUsers/new-app', { env })
    expect(code).toBe(0)
    expect(stderr).toContain('EXCLUDED_TOO')
    expect(written(at.emulator).sort()).toEqual(['PATCH /users/smtp/edit', 'POST /webhook/add'])
    expect(scopeOf(at.emulator)['webhooks']?.map((one) => one['url'])).toEqual(['https://free.example/hook'])
  })

  test('--only takes nothing along: where nothing is left, it is refused', async () => {
    const at = await open()
    for (const command of ['plan', 'apply --auto-approve']) {
      const { code, stderr } = await at.run(`${command} ${lintsOff(at)} --only webhooks/https://needs*`, { env })
      expect(codes(stderr)).toEqual(['mailconfig.yaml:11:5 EXCLUDED_TOO'])
      expect(code).toBe(1)
    }
    expect(writes(at.emulator)).toEqual([])
  })

  test('--only skips one and does the other', async () => {
    const at = await open()
    const { changes, warnings } = await json(at, '--only webhooks/*')
    expect(changes).toEqual(['create :webhooks/https://free.example/hook'])
    expect(warnings).toEqual([expect.stringMatching(/^EXCLUDED_TOO main:webhooks\/https:\/\/needs/)])
  })
})

describe('subaccounts', () => {
  const body = `subaccounts:
  - { name: Acme, email: it@acme.example }
  - { name: Beta, email: it@beta.example }
---
version: 1
subaccount: Acme
smtpUsers:
  - { username: acme-app, password: "\${env:PASSWORD}" }
webhooks:
${webhook('acme', 'acme-app')}---
version: 1
subaccount: Beta
smtpUsers:
  - { username: beta-app, password: "\${env:PASSWORD}" }
`
  const open = async (subaccounts: readonly unknown[] = []) => {
    const at = await home({ seed: state({}, { subaccounts }) })
    at.spec(body)
    return at
  }

  test('everything in a new subaccount that is left out is left out, with the chain', async () => {
    const at = await open()
    expect(await json(at, '--exclude subaccounts/Acme')).toMatchObject({
      changes: ['create :subaccounts/Beta', 'create Beta:smtpUsers/beta-app'],
      warnings: [
        'EXCLUDED_TOO main/Acme:smtpUsers/acme-app, main/Acme:webhooks/https://acme.example/hook needs main:subaccounts/Acme (new), which is left out, so nothing is done',
      ],
    })
  })

  test('what is in a subaccount that is there stays', async () => {
    const at = await open([{ id: 'sub001', name: 'Acme', email: 'it@acme.example' }])
    const { changes } = await json(at, '--exclude subaccounts/*')
    expect(changes).toEqual(['create Acme:smtpUsers/acme-app', 'create Acme:webhooks/https://acme.example/hook'])
  })

  test.each([
    ['smtpUsers/*', ['create Acme:smtpUsers/acme-app', 'create Beta:smtpUsers/beta-app']],
    ['main/Acme:*', ['create Acme:smtpUsers/acme-app', 'create Acme:webhooks/https://acme.example/hook']],
    ['main/Acme:smtpUsers/acme-app', ['create Acme:smtpUsers/acme-app']],
    ['*:smtpUsers/beta-*', ['create Beta:smtpUsers/beta-app']],
  ])('--only %s meets addresses with their scope and without', async (glob, expected) => {
    const at = await open([
      { id: 'sub001', name: 'Acme', email: 'it@acme.example' },
      { id: 'sub002', name: 'Beta', email: 'it@beta.example' },
    ])
    expect((await json(at, `--only ${glob}`)).changes).toEqual(expected)
  })
})

describe('a deletion waits for who still names the object', () => {
  test('a login is not deleted while the webhook that lets go of it is left out', async () => {
    const hook = { id: 7, url: 'https://a.example/hook', events: ['bounce'], usernames: ['first-app', 'second-app'] }
    const at = await home({
      seed: state({ smtpUsers: users('first-app', 'second-app', 'third-app'), webhooks: [hook] }),
    })
    at.spec(
      `smtpUsers:\n  - { username: second-app, state: absent }\n  - { username: third-app, state: absent }\nwebhooks:\n${webhook('a', 'first-app')}`,
    )
    expect(await json(at, '--exclude webhooks/*')).toMatchObject({
      changes: ['delete :smtpUsers/third-app'],
      warnings: [
        'EXCLUDED_TOO main:smtpUsers/second-app is still referenced by main:webhooks/https://a.example/hook, which is left out, so nothing is done',
      ],
    })
    expect((await json(at, '')).changes).toHaveLength(3)
  })
})

describe('what matches nothing', () => {
  const open = async () => {
    const at = await home({ seed: state({ smtpUsers: users('first-app', 'second-app') }) })
    at.spec('smtpUsers:\n  - { username: first-app, status: sandbox }\n')
    return at
  }

  test.each([
    ['--only smtpUser/first-app', 'smtpUsers/first-app'],
    ['--only smtpUsers/first-ap', 'smtpUsers/first-app'],
    ['--only smtpUser/*', 'smtpUsers/*'],
    ['--exclude main:smtpUser/first-app', 'main:smtpUsers/first-app'],
  ])('%s is said, with what was probably meant', async (args, meant) => {
    const at = await open()
    const { warnings, hints, code } = await json(at, args)
    expect(warnings).toEqual([`NOTHING_MATCHED no object matches "${args.split(' ')[1]}"`])
    expect(hints).toEqual([`did you mean "${meant}"?`])
    expect(code).toBe(0)
  })

  test('an apply that had nothing to do for it fails, one that had something does it', async () => {
    const at = await open()
    const none = await at.run('apply --auto-approve --only smtpUser/first-app')
    expect(none.stderr).toContain('NOTHING_MATCHED warning: no object matches "smtpUser/first-app"')
    expect(none.code).toBe(1)
    expect(writes(at.emulator)).toEqual([])
    const some = await at.run('apply --auto-approve --only smtpUser/first-app --only smtpUsers/first-app')
    expect(some.code).toBe(0)
    expect(written(at.emulator)).toEqual(['PATCH /users/smtp/edit'])
  })

  test('an unmanaged object matches, too', async () => {
    const at = await open()
    const { warnings } = await json(at, '--only smtpUsers/second-app')
    expect(warnings).toEqual([])
  })

  test('an account that is not declared is an error with a guess', async () => {
    const at = await open()
    const { code, stderr } = await at.run('plan --account mian')
    expect(stderr).toContain('the spec declares no account "mian"')
    expect(stderr).toContain('did you mean "main"? declared: main')
    expect(code).toBe(1)
  })
})

describe('what looks like a rename', () => {
  test('is said where the API can rename, with the words to write', async () => {
    const at = await home({
      seed: state({
        templates: [{ id: 'old-01', name: 'Welcome', subject: 'Hello', html_body: '<p>h</p>', text_body: 't' }],
      }),
    })
    at.spec(
      'manage: { templates: authoritative }\ntemplates:\n  - { id: new-01, name: Welcome, subject: Hello, html: "<p>h</p>", text: t }\n',
    )
    expect(await json(at, '')).toMatchObject({
      warnings: [
        'LOOKS_RENAMED main:templates/old-01 is deleted and templates/new-01 made with the same fields: this looks like a rename',
      ],
      hints: ['moved: old-01'],
      lines: [9],
    })
    at.spec(
      'manage: { templates: authoritative }\ntemplates:\n  - { id: new-01, moved: old-01, name: Welcome, subject: Hello, html: "<p>h</p>", text: t }\n',
    )
    expect(await json(at, '')).toMatchObject({ changes: ['update :templates/new-01'], warnings: [] })
  })

  test('is a replacement with a gap where it cannot', async () => {
    const at = await home({ seed: state({ smtpUsers: [{ username: 'old-app', description: 'Invoices' }] }) })
    at.spec(
      'manage: { smtpUsers: authoritative }\nsmtpUsers:\n  - { username: new-app, description: Invoices, password: "${env:PASSWORD}" }\n',
    )
    const { warnings, hints } = await json(at, '')
    expect(warnings).toEqual([
      'LOOKS_RENAMED REPLACE (gap): main:smtpUsers/old-app is deleted and smtpUsers/new-app made with the same fields',
    ])
    expect(hints[0]).toContain('the API cannot rename this SMTP user')
  })

  test('is not said where the fields differ, or where two would fit', async () => {
    const at = await home({
      seed: state({
        smtpUsers: ['old-1', 'old-2'].map((username) => ({ username: `${username}-app`, description: 'Same' })),
      }),
    })
    const spec = (description: string) =>
      at.spec(
        `manage: { smtpUsers: authoritative }\nsmtpUsers:\n  - { username: new-app, description: ${description}, password: "\${env:PASSWORD}" }\n`,
      )
    spec('Same')
    expect((await json(at, '')).warnings).toEqual([])
    spec('Other')
    expect((await json(at, '')).warnings).toEqual([])
  })
})
