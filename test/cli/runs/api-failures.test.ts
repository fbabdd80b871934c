import { afterEach, describe, expect, test } from 'vitest'
import type { Fault } from '../../../src/apis/emulator.ts'
import { closeHomes, codes, home, lintsOff, STRONG, scopeOf, state, writes, written } from '../harness.ts'

afterEach(closeHomes)

const USERS = `smtpUsers:
  - username: first-app
    password: \${env:PASSWORD}
  - username: second-app
    password: \${env:PASSWORD}
`
const PASSWORD = { PASSWORD: STRONG }

describe('access', () => {
  test('an account without a key is said before any call', async () => {
    const at = await home()
    at.file('mailconfig.yaml', `version: 1\naccounts:\n  main: { api: smtp2go, url: ${at.emulator.smtp2go} }\n${USERS}`)
    for (const command of ['plan', 'apply --auto-approve', 'export', 'check']) {
      const { code, stderr } = await at.run(command, { env: PASSWORD })
      expect(stderr).toContain('the account "main" has no apiKey')
      expect(stderr).toContain('apiKey: ${env:SMTP2GO_API_KEY}')
      expect(code).toBe(1)
    }
    expect(at.emulator.requests()).toEqual([])
  })

  test.each([
    ['is masked', `api-${'*'.repeat(32)}`, /a masked key is not a key/],
    ['has a line break', 'api-0000\n0000', /a space, a line break or a non-ASCII character/],
  ])('a key that %s is never sent', async (_, KEY, says) => {
    const at = await home()
    at.spec(USERS)
    const { code, stderr } = await at.run('plan', { env: { ...PASSWORD, KEY } })
    expect(stderr).toMatch(says)
    expect(code).toBe(1)
    expect(at.emulator.requests()).toEqual([])
  })

  test('a key that nobody has: account, endpoint and the hint of the region; nothing is written', async () => {
    const at = await home()
    at.spec(USERS)
    const env = { ...PASSWORD, KEY: `api-${'x'.repeat(32)}` }
    for (const command of ['plan', 'apply --auto-approve']) {
      const { code, stdout, stderr } = await at.run(`${command} ${lintsOff(at)}`, { env })
      expect(codes(stderr)).toEqual(['CANNOT_READ'])
      expect(stderr).toMatch(/main:smtpUsers is unknown, and nothing in it will be changed: \/users\/smtp\/view: /)
      expect(stderr).toMatch(/127\.0\.0\.1:\d+ was asked: a key belongs to one region/)
      expect(stdout + stderr).not.toContain('xxxx')
      expect(code).toBe(1)
    }
    expect(writes(at.emulator)).toEqual([])
  })

  test('a key without leave for one endpoint: which one, and what to do', async () => {
    const limited = `api-${'L'.repeat(32)}`
    const at = await home({ seed: state({}, { keys: [{ api_key: limited, endpoints: ['/users/smtp/view'] }] }) })
    at.spec(`${USERS}singleSenders: []\n`)
    const { code, stderr } = await at.run('apply --auto-approve', { env: { ...PASSWORD, KEY: limited } })
    expect(codes(stderr)).toEqual(['CANNOT_READ'])
    expect(stderr).toContain('main:singleSenders is unknown')
    expect(stderr).toContain('add "/single_sender_emails/view" to the endpoints of the API key')
    expect(code).toBe(1)
    expect(writes(at.emulator)).toEqual([])
  })

  test('a token that is wrong: account, endpoint and how to come by one', async () => {
    const at = await home()
    at.both('providers: []\n')
    const { code, stderr } = await at.run('plan', { env: { TOKEN: 'a-token-that-nobody-has' } })
    expect(codes(stderr)).toEqual(['CANNOT_READ'])
    expect(stderr).toMatch(/office:providers is unknown.*\/api\/v2\/mail\/providers/)
    expect(stderr).toContain('POST /api/v2/signin')
    expect(stderr).not.toContain('a-token-that-nobody-has')
    expect(code).toBe(1)
  })
})

const BROKEN: readonly (readonly [about: string, fault: Fault, says: RegExp])[] = [
  ['answers HTML', { fault: 'html' }, /text\/html instead of JSON/],
  ['answers HTML with status 502', { fault: 'html', status: 502 }, /answered 502 with text\/html/],
  ['breaks off', { fault: 'truncated-body' }, /the connection to .* broke/],
  ['answers another type', { fault: 'wrong-type', part: 'data' }, /\/users\/smtp\/view/],
  ['answers text', { fault: 'wrong-type', part: 'header' }, /text\/plain instead of JSON/],
  [
    'leads elsewhere',
    { fault: 'redirect', location: 'https://elsewhere.example/login' },
    /redirect to https:\/\/elsewhere\.example,/,
  ],
  ['fails', { fault: 'status', status: 500, body: {} }, /answered 500/],
  ['is not there', { fault: 'status', status: 404, body: {} }, /answered 404/],
  ['forbids', { fault: 'status', status: 403, body: {} }, /answered 403/],
  ['hangs up', { fault: 'reset-before-commit' }, /the connection to .* broke/],
]

describe('an API that does not answer well', () => {
  const seed = state({ smtpUsers: [{ username: 'old-app' }, { username: 'other-app' }] })

  test.each(BROKEN)('%s: the collection is unknown, and nothing is changed', async (_, fault, says) => {
    const at = await home({ seed })
    at.spec(`manage: { smtpUsers: authoritative, allowEmpty: true }\nsmtpUsers: []\nsingleSenders: [ann@example.com]\n`)
    at.emulator.faults([{ ...fault, match: { path: '/v3/users/smtp/view' } }])
    const { code, stdout, stderr } = await at.run('apply --auto-approve')
    expect(codes(stderr)).toEqual(['CANNOT_READ'])
    expect(stderr).toContain('main:smtpUsers is unknown, and nothing in it will be changed')
    expect(stderr).toMatch(says)
    expect(stdout).toBe('')
    expect(code).toBe(1)
    expect(writes(at.emulator)).toEqual([])
  })

  test('a page that lacks a row: the collection is unknown, and nothing is changed', async () => {
    const template = { name: 'T', subject: 'S', html_body: 'h', text_body: 't' }
    const at = await home({
      seed: state({
        templates: [
          { id: 'aaaaa', ...template },
          { id: 'bbbbb', ...template },
        ],
      }),
    })
    at.spec('manage: { templates: authoritative, allowEmpty: true }\ntemplates: []\n')
    at.emulator.faults([{ match: { path: '/v3/template/search' }, fault: 'short-page' }])
    const { code, stderr } = await at.run('apply --auto-approve')
    expect(codes(stderr)).toEqual(['CANNOT_READ'])
    expect(stderr).toMatch(/1 rows where it counts 2/)
    expect(code).toBe(1)
    expect(writes(at.emulator)).toEqual([])
  })

  test('nobody listens: host and code, and nothing is changed', async () => {
    const at = await home()
    at.spec(USERS)
    await at.emulator.close()
    const { code, stderr } = await at.run('apply --auto-approve', { env: PASSWORD })
    expect(codes(stderr)).toEqual(['CANNOT_READ'])
    expect(stderr).toMatch(/cannot connect to 127\.0\.0\.1:\d+ \(ECONNREFUSED\)/)
    expect(code).toBe(1)
  })

  test('a slow one is waited for', async () => {
    const at = await home()
    at.spec('smtpUsers: []\n')
    at.emulator.faults([{ fault: 'latency', ms: 600 }])
    const { code, stdout } = await at.run('plan')
    expect(stdout).toMatch(/^Nothing to do\./)
    expect(code).toBe(0)
  })

  test('one that fails for a moment is asked again', async () => {
    const at = await home({ seed })
    at.spec('smtpUsers: []\n')
    at.emulator.faults([{ match: { path: '/v3/users/smtp/view', nth: 1 }, fault: 'status', status: 503 }])
    const { code, stdout } = await at.run('plan')
    expect(stdout).toContain('not managed, left alone: smtpUsers/old-app, smtpUsers/other-app')
    expect(code).toBe(0)
  })
})

describe('a change that the API refuses', () => {
  const refuses: Fault = {
    match: { path: '/v3/users/smtp/add', nth: 1 },
    fault: 'status',
    status: 422,
    body: { request_id: 'r-1', data: { error: 'The plan is full', error_code: 'E_ApiResponseCodes.API_EXCEPTION' } },
  }

  test('the independent ones go on, what stands on it is not tried, and the report says so', async () => {
    const at = await home()
    at.spec(
      `${USERS}webhooks:\n  - url: https://a.example.com/\n    events: [bounce]\n    usernames: [first-app]\n  - url: https://b.example.com/\n    events: [bounce]\n    usernames: [second-app]\n`,
    )
    at.emulator.faults([refuses])
    const { code, stdout, stderr } = await at.run('apply --auto-approve --parallelism 1', { env: PASSWORD })
    expect(code).toBe(4)
    expect(stderr.split('\n').filter((line) => /^\S/.test(line))).toEqual([
      'failed    + main:smtpUsers/first-app',
      'done      + main:smtpUsers/second-app',
      'not tried + main:webhooks/https://a.example.com/',
      'done      + main:webhooks/https://b.example.com/',
    ])
    expect(stderr).toContain('The plan is full (/users/smtp/add, request r-1)')
    expect(stderr).toContain('it refers to main:smtpUsers/first-app, which did not succeed')
    expect(stdout).toMatch(
      /Applied in part\. 2 done, 1 failed, 1 not tried, 0 unknown\. Run plan to see what is left\.\n$/,
    )
    expect(scopeOf(at.emulator)['smtpUsers']?.map((user) => user['username'])).toEqual(['second-app'])
  })

  test('a second apply finishes what the first could not', async () => {
    const at = await home()
    at.spec(USERS)
    at.emulator.faults([refuses])
    expect((await at.run('apply --auto-approve', { env: PASSWORD })).code).toBe(4)
    const again = await at.run('apply --auto-approve', { env: PASSWORD })
    expect(again.stdout).toMatch(/Applied\. 1 change done and read back\.\n$/)
    expect(again.code).toBe(0)
    expect((await at.run('plan --detailed-exitcode', { env: PASSWORD })).code).toBe(0)
  })

  test('the limit of the plan is reported in the words of the API', async () => {
    const at = await home({ settings: { maxWebhooks: 1 } })
    at.spec(
      'webhooks:\n  - { url: https://a.example.com/, events: [bounce] }\n  - { url: https://b.example.com/, events: [bounce] }\n',
    )
    const { code, stdout, stderr } = await at.run('apply --auto-approve --parallelism 1')
    expect(stderr).toMatch(/failed {4}\+ main:webhooks\/https:\/\/b\.example\.com\/\n {12}\S/)
    expect(stdout).toContain('1 done, 1 failed, 0 not tried, 0 unknown')
    expect(code).toBe(4)
  })

  test('an object that somebody made in between is a refusal, and not made twice', async () => {
    const at = await home({ seed: state({ smtpUsers: [{ username: 'first-app' }] }) })
    at.spec(USERS)
    at.emulator.faults([{ match: { path: '/v3/users/smtp/view', nth: 1 }, fault: 'empty-list' }])
    const { code, stderr } = await at.run('apply --auto-approve', { env: PASSWORD })
    expect(stderr).toMatch(/failed {4}\+ main:smtpUsers\/first-app/)
    expect(stderr).toMatch(/done {6}\+ main:smtpUsers\/second-app/)
    expect(code).toBe(4)
  })

  test('everything refused is "not applied"', async () => {
    const at = await home()
    at.spec(USERS)
    at.emulator.faults([{ ...refuses, match: { path: '/v3/users/smtp/add' } }])
    const { code, stdout } = await at.run('apply --auto-approve', { env: PASSWORD })
    expect(stdout).toMatch(/Not applied\. 0 done, 2 failed/)
    expect(code).toBe(4)
  })
})

describe('an answer that gets lost', () => {
  test('of a change that was made: it is looked up, and not sent twice', async () => {
    const at = await home()
    at.spec(USERS)
    at.emulator.faults([{ match: { path: '/v3/users/smtp/add', nth: 1 }, fault: 'reset-after-commit' }])
    const { code, stdout, stderr } = await at.run('apply --auto-approve --parallelism 1', { env: PASSWORD })
    expect(stderr).toContain('done      + main:smtpUsers/first-app  the answer was lost; it was looked up')
    expect(stdout).toMatch(/Applied\. 2 changes done and read back/)
    expect(code).toBe(0)
    expect(written(at.emulator)).toEqual(['POST /users/smtp/add', 'POST /users/smtp/add'])
  })

  test('of a change that was not made: it is unknown, and not sent twice', async () => {
    const at = await home()
    at.spec(USERS)
    at.emulator.faults([{ match: { path: '/v3/users/smtp/add', nth: 1 }, fault: 'reset-before-commit' }])
    const { code, stdout } = await at.run('apply --auto-approve --parallelism 1', { env: PASSWORD })
    expect(stdout).toContain('1 done, 0 failed, 0 not tried, 1 unknown')
    expect(code).toBe(4)
    expect(written(at.emulator)).toHaveLength(2)
  })

  test('of a deletion that was made: it is gone', async () => {
    const at = await home({ seed: state({ smtpUsers: [{ username: 'first-app' }] }) })
    at.spec('smtpUsers:\n  - { username: first-app, state: absent }\n')
    at.emulator.faults([{ match: { path: '/v3/users/smtp/remove', nth: 1 }, fault: 'reset-after-commit' }])
    const { code, stderr } = await at.run('apply --auto-approve')
    expect(stderr).toContain('the answer was lost; it is gone')
    expect(code).toBe(0)
  })

  test('with an API key in it: the key is lost, and that is said', async () => {
    const at = await home()
    at.spec(
      'apiKeys:\n  - description: Billing\n    endpoints: [/email/send]\n    saveTo: { file: secrets/billing.key }\n',
    )
    at.emulator.faults([{ match: { path: '/v3/api_keys/add', nth: 1 }, fault: 'reset-after-commit' }])
    const { code, stderr } = await at.run('apply --auto-approve')
    expect(stderr).toContain('apiKeys/Billing was created, but its secret is lost')
    expect(stderr).toContain('remove "Billing" in the console, then apply again')
    expect(at.has('secrets/billing.key')).toBe(false)
    expect(code).toBe(4)
    expect(written(at.emulator)).toEqual(['POST /api_keys/add'])
  })

  test('a change that the API accepts and does not keep is not "done"', async () => {
    const at = await home({ seed: state({ smtpUsers: [{ username: 'first-app', description: 'old' }] }) })
    at.spec('smtpUsers:\n  - { username: first-app, description: new }\n')
    at.emulator.faults([
      { match: { path: '/v3/users/smtp/edit' }, fault: 'status', status: 200, body: { data: { results: [] } } },
    ])
    const { code, stdout } = await at.run('apply --auto-approve')
    expect(stdout).toContain('the API accepted the update but does not show it: description')
    expect(stdout).toContain('Not applied. 0 done, 1 failed')
    expect(code).toBe(4)
  })
})

describe('reading back', () => {
  const breaks = (...nth: number[]): Fault[] =>
    nth.map((one) => ({ match: { path: '/v3/users/smtp/view', nth: one }, fault: 'html' }))

  test('that fails once is tried again', async () => {
    const at = await home()
    at.spec(USERS)
    at.emulator.faults(breaks(2))
    const { code, stdout } = await at.run('apply --auto-approve', { env: PASSWORD })
    expect(stdout).toMatch(/Applied\. 2 changes done and read back\.\n$/)
    expect(code).toBe(0)
  })

  test('that fails for good leaves the changes unknown, and that is said', async () => {
    const at = await home()
    at.spec(USERS)
    at.emulator.faults(breaks(2, 3, 4))
    const { code, stdout } = await at.run('apply --auto-approve', { env: PASSWORD })
    expect(stdout).toMatch(
      /unknown {3}\+ main:smtpUsers\/first-app\n +the API accepted the create, but it could not be read back: /,
    )
    expect(stdout).toContain('Not certain. 0 done, 0 failed, 0 not tried, 2 unknown.')
    expect(code).toBe(4)
  })
})

describe('Ctrl-C', () => {
  const many = Array.from(
    { length: 8 },
    (_, at) => `  - { username: user-${at}, password: "\${env:PASSWORD}" }\n`,
  ).join('')

  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s in apply: calls in flight are finished and reported',
    async (signal) => {
      const at = await home()
      at.spec(`smtpUsers:\n${many}`)
      at.emulator.faults([{ match: { path: '/v3/users/smtp/add' }, fault: 'latency', ms: 400 }])
      const running = at.start('apply --auto-approve --parallelism 2', { env: PASSWORD })
      await running.says(/done {6}\+/)
      running.child.kill(signal)
      const { code, stdout, stderr } = await running.ended
      expect(code).toBe(130)
      expect(stderr).toContain('Stopping: calls in flight are finished first')
      const done = stderr.match(/^done/gm)?.length ?? 0
      expect(done).toBeLessThan(8)
      expect(stderr.match(/^not tried.*/gm)).toEqual([
        `not tried: ${8 - done} changes, because the run was interrupted`,
      ])
      expect(stdout).toContain(`Applied in part. ${done} done, 0 failed, ${8 - done} not tried, 0 unknown.`)
      expect(writes(at.emulator).filter((call) => call.committed)).toHaveLength(done)
      expect(writes(at.emulator)).toHaveLength(done)
    },
  )

  test.each(['plan', 'export', 'check'])('in %s: it ends at once', async (command) => {
    const at = await home()
    at.spec('smtpUsers: []\n')
    at.emulator.faults([{ fault: 'latency', ms: 10_000 }])
    const running = at.start(command)
    while (at.emulator.requests().length === 0) await new Promise((soon) => setTimeout(soon, 20))
    const started = Date.now()
    running.child.kill('SIGINT')
    expect((await running.ended).code).toBe(130)
    expect(Date.now() - started).toBeLessThan(3000)
  })
})

test('an export with a key that may not read everything says what it leaves out', async () => {
  const key = `api-${'L'.repeat(32)}`
  const at = await home({
    seed: {
      smtp2go: {
        keys: [{ api_key: key, description: 'Reader', endpoints: ['/users/smtp/*'] }],
        scopes: { '': { smtpUsers: [{ username: 'legacy-app' }] } },
      },
    },
  })
  const env = { SMTP2GO_API_KEY: key, SMTP2GO_URL: at.emulator.smtp2go }
  const { code, stdout, stderr } = await at.run('export', { env })
  expect(stdout).toContain('legacy-app')
  expect(stderr).toContain('main:templates: left out, for the key may not call /template/search')
  expect(code).toBe(0)
})

test('a sender domain is planned without a look at the subaccounts, unless it shares with them', async () => {
  const key = `api-${'L'.repeat(32)}`
  const at = await home({
    seed: { smtp2go: { keys: [{ api_key: key, description: 'Reader', endpoints: ['/domain/*'] }] } },
  })
  at.spec('senderDomains:\n  - domain: example.com\n')
  const { code } = await at.run('plan', { env: { KEY: key } })
  expect(code).toBe(0)
})
