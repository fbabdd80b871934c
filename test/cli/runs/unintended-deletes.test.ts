import { afterEach, describe, expect, test } from 'vitest'
import { closeHomes, type Home, home, STRONG, state, writes } from '../harness.ts'

afterEach(closeHomes)

type State = {
  smtp2go: { scopes: Record<string, { smtpUsers: { username: string }[]; webhooks: { url: string }[] }> }
  backoffice: { providers: { caption: string; isEnabled: boolean }[] }
}
const live = ({ emulator }: Home, scope = '') =>
  ((emulator.state() as State).smtp2go.scopes[scope]?.smtpUsers ?? []).map(({ username }) => username)
const env = { PW: STRONG }
const users = (...names: readonly string[]) => names.map((username) => ({ username, status: 'allowed' }))

describe('two subaccounts of one name', () => {
  const nested = (first: string, second: string) => ({
    smtp2go: {
      scopes: { '': {}, AAA111: { smtpUsers: users('old-app') }, BBB222: { smtpUsers: users('old-app') } },
      subaccounts: [
        { id: 'AAA111', name: 'Acme', state: first },
        { id: 'BBB222', name: 'Acme', state: second },
      ],
    },
  })
  const SPEC =
    'subaccount: Acme\nsmtpUsers: [{ username: old-app, state: absent }, { username: new-app, password: "${env:PW}" }]\n'

  test.each([
    ['Closed', 'Active', 'BBB222', 'AAA111'],
    ['Active', 'Closed', 'AAA111', 'BBB222'],
  ])('%s and %s: the open one is read, written and read back', async (first, second, open, closed) => {
    const at = await home({ seed: nested(first, second) })
    at.spec(SPEC)
    expect((await at.run('apply --auto-approve', { env })).code).toBe(0)
    expect(live(at, open)).toEqual(['new-app'])
    expect(live(at, closed)).toEqual(['old-app'])
  })

  test('both open are a problem, and neither is touched', async () => {
    const at = await home({ seed: nested('Active', 'Active') })
    at.spec(SPEC)
    const { code, stderr } = await at.run('apply --auto-approve', { env })
    expect(stderr).toContain('2 subaccounts are called "Acme" (ids AAA111, BBB222)')
    expect(code).toBe(1)
    expect(writes(at.emulator)).toEqual([])
  })
})

describe('a rule protects', () => {
  test.each([
    ['the key that it is, although it could be read as a field', 'smtpUsers/legacy.status'],
    ['a field behind a hash', 'smtpUsers/legacy.*'],
    ['in another case', 'smtpUsers/LEGACY.Status'],
  ])('%s', async (_, rule) => {
    const at = await home({ seed: state({ smtpUsers: users('legacy.status', 'other-app') }) })
    at.spec(`manage: { default: authoritative }\nignore: ["${rule}"]\nsmtpUsers: [{ username: other-app }]\n`)
    expect((await at.run('apply --auto-approve')).code).toBe(0)
    expect(live(at)).toEqual(['legacy.status', 'other-app'])
  })

  test.each([
    [
      'a document without sections',
      'manage: { default: authoritative }\nsmtpUsers: [{ username: other-app }]\n---\nversion: 1\nignore: [smtpUsers/legacy-*]\n',
    ],
    [
      'an overlay',
      'manage: { default: authoritative }\nsmtpUsers: [{ username: other-app }]\n---\nversion: 1\noverlay: true\naccount: main\nignore: [smtpUsers/legacy-*]\n',
    ],
  ])('where it stands in %s', async (_, body) => {
    const at = await home({ seed: state({ smtpUsers: users('legacy-one', 'other-app') }) })
    at.spec(body)
    expect((await at.run('apply --auto-approve')).code).toBe(0)
    expect(live(at)).toEqual(['legacy-one', 'other-app'])
  })
})

test('with --strict no warning of a plan lets a write through', async () => {
  const at = await home({ seed: state({ smtpUsers: users('old-app', 'other-app') }) })
  for (const body of [
    'ignore: [smtpUsers/nothing-*]\nsmtpUsers: [{ username: old-app, state: absent }]\n',
    'smtpUsers: [{ username: old-app, state: absent }]\n',
  ]) {
    at.spec(body)
    const only = body.startsWith('ignore') ? '' : ' --only smtpUsers/old-app --only smtpUsers/none'
    const { code, stderr } = await at.run(`apply --auto-approve --strict${only}`)
    expect(stderr).toContain('with --strict a warning is an error')
    expect(code).toBe(1)
  }
  expect(writes(at.emulator)).toEqual([])
})

test('the order of files says nothing about what is deleted, and modes that disagree are a problem in both', async () => {
  const at = await home({ seed: state({ smtpUsers: users('gone-app', 'keep-app', 'also-app') }) })
  const head = `version: 1\naccounts: { main: { api: smtp2go, url: "${at.emulator.smtp2go}", apiKey: "\${env:KEY}" } }\n`
  at.file('x.yaml', `${head}manage: { default: authoritative }\nsmtpUsers: [{ username: keep-app }]\n`)
  at.file('y.yaml', 'version: 1\nsmtpUsers: [{ username: also-app }]\n')
  const [one, two] = [
    await at.run('plan -f x.yaml -f y.yaml --format json'),
    await at.run('plan -f y.yaml -f x.yaml --format json'),
  ]
  const deleted = ({ stdout }: { stdout: string }) =>
    JSON.parse(stdout).changes.map(({ action, address }: Record<string, string>) => `${action} ${address}`)
  expect(deleted(two)).toEqual(deleted(one))
  at.file('y.yaml', 'version: 1\nmanage: { smtpUsers: additive }\nsmtpUsers: [{ username: also-app }]\n')
  at.file('x.yaml', `${head}manage: { smtpUsers: authoritative }\nsmtpUsers: [{ username: keep-app }]\n`)
  for (const files of ['-f x.yaml -f y.yaml', '-f y.yaml -f x.yaml']) {
    const { code, stderr } = await at.run(`plan ${files}`)
    expect(stderr).toContain('CONFLICTING_MODE')
    expect(code).toBe(1)
  }
})

test('what is switched off waits for what takes over, and is not tried when that failed', async () => {
  const provider = (id: number, caption: string, isEnabled: boolean) => ({
    id,
    caption,
    driver: 'smtp',
    host: 'a.example',
    port: 25,
    username: 'r',
    encryption: 'tls',
    sendFrom: 'a@example.com',
    sendFromName: 'A',
    isEnabled,
  })
  const at = await home({ seed: { backoffice: { providers: [provider(1, 'A', true), provider(2, 'B', false)] } } })
  const entry = (caption: string, enabled: boolean) =>
    `  - { caption: ${caption}, host: a.example, port: 25, username: r, sendFrom: a@example.com, sendFromName: A, encryption: tls, enabled: ${enabled} }\n`
  at.file(
    'mailconfig.yaml',
    `version: 1\naccounts: { office: { api: backoffice, url: "${at.emulator.backoffice}", token: "\${env:TOKEN}" } }\nproviders:\n${entry('A', false)}${entry('B', true)}`,
  )
  at.emulator.faults([
    {
      match: { path: '/api/v2/mail/providers/2', method: 'PATCH' },
      fault: 'status',
      status: 422,
      body: { message: 'no' },
    },
  ])
  const { code, stderr } = await at.run('apply --auto-approve', { env: { TOKEN: at.emulator.token } })
  expect(stderr).toContain('not switched off, because office:providers/B did not succeed')
  expect(code).toBe(4)
  expect((at.emulator.state() as State).backoffice.providers.map(({ isEnabled }) => isEnabled)).toEqual([true, false])
})

describe('a rename that cannot be meant is a problem', () => {
  test.each([
    ['of what is to be gone', '{ username: bbbbb, moved: aaaaa, state: absent }'],
    ['onto what is declared', '{ username: bbbbb, moved: aaaaa }, { username: aaaaa }'],
    ['of one to two', '{ username: bbbbb, moved: aaaaa }, { username: ccccc, moved: aaaaa }'],
    ['in a chain', '{ username: bbbbb, moved: aaaaa }, { username: ccccc, moved: bbbbb }'],
    ['to itself', '{ username: aaaaa, moved: aaaaa }'],
  ])('%s', async (_, entries) => {
    const at = await home()
    at.spec(`smtpUsers: [${entries}]\n`)
    const { code, stderr } = await at.run('validate')
    expect(stderr).toContain('BAD_MOVE')
    expect(code).toBe(1)
  })
})

describe('limits add up', () => {
  test('over the subaccounts of an account: a few of each are many together', async () => {
    const ids = Array.from({ length: 12 }, (_, at) => `SUB${100 + at}`)
    const hooks = (at: number) =>
      Array.from({ length: 4 }, (_, n) => ({
        id: at * 10 + n + 1,
        url: `https://h${at}.example/${n}`,
        events: ['bounce'],
      }))
    const seed = {
      smtp2go: {
        scopes: Object.fromEntries([['', {}], ...ids.map((id, at) => [id, { webhooks: hooks(at) }])]),
        subaccounts: ids.map((id, at) => ({ id, name: `Sub${at}`, state: 'Active' })),
      },
    }
    const at = await home({ seed })
    at.spec(
      ids
        .map(
          (_, n) =>
            `account: main\nsubaccount: Sub${n}\nmanage: { default: authoritative }\nwebhooks: [{ url: https://h${n}.example/0, events: [bounce] }]\n`,
        )
        .join('---\nversion: 1\n'),
    )
    const { code, stdout, stderr } = await at.run('apply --auto-approve')
    expect(stdout + stderr).toContain('MANY_DELETES')
    expect(code).toBe(3)
    expect(writes(at.emulator)).toEqual([])
  })

  test('two accounts of the spec that show the same objects are one, and nothing is deleted', async () => {
    const [first, second] = [`api-${'f'.repeat(32)}`, `api-${'s'.repeat(32)}`]
    const at = await home({
      seed: state(
        { smtpUsers: users('aaaaa', 'bbbbb', 'ccccc', 'ddddd', 'eeeee', 'fffff') },
        { keys: [first, second].map((api_key) => ({ api_key, description: api_key.slice(4, 8), endpoints: ['*'] })) },
      ),
    })
    const account = (name: string, key: string) =>
      `  ${name}: { api: smtp2go, url: "${at.emulator.smtp2go}", apiKey: "\${env:${key}}" }\n`
    at.file(
      'mailconfig.yaml',
      `version: 1\naccounts:\n${account('one', 'KEY')}${account('two', 'SECOND')}account: one\nmanage: { default: authoritative }\nsmtpUsers: [{ username: aaaaa }, { username: bbbbb }, { username: ccccc }]\n---\nversion: 1\naccount: two\nmanage: { default: authoritative }\nsmtpUsers: [{ username: ddddd }, { username: eeeee }, { username: fffff }]\n`,
    )
    const { code, stderr } = await at.run('apply --auto-approve', { env: { KEY: first, SECOND: second } })
    expect(stderr).toContain('SAME_ACCOUNT')
    expect(code).toBe(1)
    expect(live(at)).toHaveLength(6)
  })

  test.each(['::ffff:0.0.0.0/96', '::/0', '0.0.0.0/0'])(
    'an allow list that lets everybody in is a gate in every spelling: %s',
    async (address) => {
      const at = await home()
      at.spec(`ipAllowlist:\n  smtp: { enabled: true, entries: [{ address: "${address}" }] }\n`)
      expect((await at.run('plan --runner-ip 127.0.0.1')).stdout).toContain('OPEN_TO_ALL')
    },
  )
})

describe('a row that cannot be told apart makes its collection unknown', () => {
  const provider = {
    caption: 'A',
    driver: 'smtp',
    host: 'a.example',
    port: 25,
    username: 'r',
    encryption: 'tls',
    sendFrom: 'a@example.com',
    sendFromName: 'A',
    isEnabled: true,
  }
  test.each<readonly [string, unknown]>([
    ['without an id', [{ ...provider, id: null }]],
    [
      'with the id of another',
      [
        { ...provider, id: 1 },
        { ...provider, id: 1, caption: 'B' },
      ],
    ],
  ])('%s', async (_, body) => {
    const at = await home()
    at.file(
      'mailconfig.yaml',
      `version: 1\naccounts: { office: { api: backoffice, url: "${at.emulator.backoffice}", token: "\${env:TOKEN}" } }\nmanage: { default: authoritative }\nproviders: [{ caption: Z, host: a.example, port: 25, username: r, password: "\${env:PW}", sendFrom: a@example.com, sendFromName: A, encryption: tls }]\n`,
    )
    at.emulator.faults([
      {
        match: { path: '/api/v2/mail/providers', method: 'GET', nth: 1 },
        fault: 'status',
        status: 200,
        body: body as never,
      },
      { match: { path: '/api/v2/mail/providers', method: 'GET', nth: 2 }, fault: 'status', status: 200, body: [] },
    ])
    const { code, stderr } = await at.run('apply --auto-approve', { env: { ...env, TOKEN: at.emulator.token } })
    expect(stderr).toContain('office:providers is unknown')
    expect(code).toBe(1)
    expect(writes(at.emulator)).toEqual([])
  })

  test('an id with more digits than a number has is kept digit by digit', async () => {
    const at = await home()
    at.file(
      'mailconfig.yaml',
      `version: 1\naccounts: { office: { api: backoffice, url: "${at.emulator.backoffice}", token: "\${env:TOKEN}" } }\nproviders: [{ caption: A, state: absent }, { caption: B, state: absent }]\n`,
    )
    const rows = JSON.stringify([
      { ...provider, id: 0, caption: 'A', isEnabled: false },
      { ...provider, id: 2, caption: 'C' },
    ]).replace('"id":0', '"id":9007199254740993')
    const list = { match: { path: '/api/v2/mail/providers', method: 'GET' }, fault: 'status' as const, status: 200 }
    at.emulator.faults([
      { ...list, match: { ...list.match, nth: 1 }, headers: { 'content-type': 'application/json' }, body: rows },
      { ...list, match: { ...list.match, nth: 2 }, body: [] },
    ])
    await at.run('apply --auto-approve', { env: { TOKEN: at.emulator.token } })
    expect(writes(at.emulator).map(({ method, path }) => `${method} ${path}`)).toEqual([
      'DELETE /api/v2/mail/providers/9007199254740993',
    ])
  })

  test('and a total that does not match does so, as a number or as text', async () => {
    const at = await home({
      seed: state({
        suppressions: [{ email_address: 'a@example.org', reason: 'manual', timestamp: '2026-01-02 03:04:05' }],
      }),
    })
    at.spec('suppressions: [b@example.org]\n')
    const row = {
      email_address: 'a@example.org',
      reason: 'manual',
      block_description: '',
      timestamp: '2026-01-02 03:04:05',
    }
    at.emulator.faults([
      {
        match: { path: '/v3/suppression/view' },
        fault: 'status',
        status: 200,
        body: { request_id: 'x', data: { results: [row], continue_token: null, total_results: '7' } },
      },
    ])
    const { code, stderr } = await at.run('plan')
    expect(stderr).toContain('1 rows where it counts 7')
    expect(code).toBe(1)
  })
})

test('an account that answers every call with 429 is left in peace, and the rest is not tried', async () => {
  const at = await home()
  at.spec(
    `smtpUsers: [${Array.from({ length: 24 }, (_, n) => `{ username: user-${n}, password: "\${env:PW}" }`).join(', ')}]\n`,
  )
  at.emulator.faults([
    {
      match: { path: '/v3/users/smtp/add' },
      fault: 'status',
      status: 429,
      headers: { 'retry-after': '0' },
      body: { data: { error: 'slow down', error_code: 'E_ApiResponseCodes.REQ_LIMIT_EXCEEDED' } },
    },
  ])
  const startedAt = performance.now()
  const { code, stdout } = await at.run('apply --auto-approve', { env })
  expect(code).toBe(4)
  expect(stdout).toMatch(/\b[1-9]\d* not tried/)
  expect(performance.now() - startedAt).toBeLessThan(60_000)
}, 90_000)
