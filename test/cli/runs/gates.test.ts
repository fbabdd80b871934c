import { afterEach, describe, expect, test } from 'vitest'
import { closeHomes, codes, type Home, home, STRONG, scopeOf, state, writes, written } from '../harness.ts'

afterEach(closeHomes)

interface GateJson {
  readonly number: string
  readonly code: string
  readonly reason: string
  readonly addresses: readonly string[]
  readonly accept: string | null
}

interface PlanJson {
  readonly gates: readonly GateJson[]
  readonly changes: readonly {
    readonly address: string
    readonly risk: { readonly level: string; readonly why: string[] }
  }[]
  readonly warnings: readonly {
    readonly code: string
    readonly message: string
    readonly at?: { readonly line: number }
  }[]
}

const env = { PASSWORD: STRONG, RELAY: 'relay-secret' }

async function planOf(at: Home, args = ''): Promise<PlanJson> {
  const { stdout, stderr } = await at.run(`plan --format json ${args}`, { env })
  if (stdout === '') throw new Error(stderr)
  return JSON.parse(stdout) as PlanJson
}

const users = (...names: string[]) => names.map((username) => ({ username }))
const many = (count: number) => Array.from({ length: count }, (_, at) => `user-${String(at).padStart(2, '0')}`)
const domain = (name: string, verified: boolean) => ({ domain: { fulldomain: name, dkim_verified: verified } })
const provider = (caption: string, enabled: boolean, at: number) => ({
  id: at,
  caption,
  driver: 'smtp',
  host: `mail${at}.example.com`,
  port: 587,
  username: 'relay',
  password: 'stored',
  sendFrom: 'noreply@example.com',
  sendFromName: 'Example',
  encryption: 'tls',
  isEnabled: enabled,
})
const MASTER = 'apiKeys:\n  - { description: master key, key: "${env:KEY}", saveTo: { file: k }, '

const cases: [string, string, unknown, string, string[]][] = [
  [
    'more than half of a small collection is deleted',
    'MANY_DELETES',
    state({ smtpUsers: users(...many(7)) }),
    `smtpUsers:\n${many(4)
      .map((name) => `  - { username: ${name}, state: absent }\n`)
      .join('')}`,
    ['POST /users/smtp/remove', 'POST /users/smtp/remove', 'POST /users/smtp/remove', 'POST /users/smtp/remove'],
  ],
  [
    'more than half of a collection is updated',
    'MANY_UPDATES',
    state({ smtpUsers: users(...many(11)) }),
    `smtpUsers:\n${many(6)
      .map((name) => `  - { username: ${name}, description: New }\n`)
      .join('')}`,
    Array.from({ length: 6 }, () => 'PATCH /users/smtp/edit'),
  ],
  [
    'most entries of a list are removed',
    'MANY_DELETES',
    state({ allowedRecipients: { enabled: false, entries: many(6).map((name) => `${name}@example.org`) } }),
    'manage: { allowedRecipients: authoritative }\nallowedRecipients: { enabled: false, entries: [user-00@example.org] }\n',
    ['POST /allowed_recipients/update'],
  ],
  [
    'a verified domain is removed',
    'VERIFIED_DOMAIN',
    state({ domains: [domain('example.com', true)] }),
    'senderDomains:\n  - { domain: example.com, state: absent }\n',
    ['POST /domain/remove'],
  ],
  [
    'the last verified domain of several goes',
    'LAST_ONE',
    state({ domains: [domain('example.com', true), domain('example.net', false)] }),
    'senderDomains:\n  - { domain: example.com, state: absent }\n',
    ['POST /domain/remove'],
  ],
  [
    'the last allowed login of several is blocked',
    'LAST_ONE',
    state({ smtpUsers: [{ username: 'first-app' }, { username: 'other-app', status: 'blocked' }] }),
    'smtpUsers:\n  - { username: first-app, status: blocked }\n',
    ['PATCH /users/smtp/edit'],
  ],
  [
    'the last enabled provider is disabled',
    'LAST_ONE',
    { backoffice: { providers: [provider('Main', true, 1), provider('Spare', false, 2)] } },
    'providers:\n  - { caption: Main, host: mail1.example.com, port: 587, username: relay, sendFrom: noreply@example.com, sendFromName: Example, encryption: tls, enabled: false }\n',
    ['PATCH /api/v2/mail/providers/1'],
  ],
  [
    'the key in use may call less',
    'KEY_IN_USE',
    undefined,
    `${MASTER}endpoints: ["*", /email/send] }\n`,
    ['PATCH /api_keys/edit'],
  ],
  [
    'the whole internet is let in',
    'OPEN_TO_ALL',
    undefined,
    'ipAllowlist:\n  smtp: { enabled: false, entries: [{ address: 0.0.0.0/0 }] }\n',
    ['POST /ip_allow_list/add'],
  ],
  [
    'a network wider than /16 is let in',
    'OPEN_TO_ALL',
    undefined,
    'ipAllowlist:\n  smtp: { enabled: false, entries: [{ address: 10.0.0.0/15 }, { address: 10.9.0.0/16 }] }\n',
    ['POST /ip_allow_list/add', 'POST /ip_allow_list/add'],
  ],
  [
    'sender domains are turned off',
    'SENDER_DOMAINS_OFF',
    undefined,
    'allowedSenders: { mode: allow, entries: [example.com] }\n',
    ['POST /allowed_senders/update'],
  ],
  [
    'a suppression is removed',
    'SUPPRESSION_REMOVED',
    state({ suppressions: [{ email_address: 'gone@example.org', timestamp: '2026-01-31 12:00:00' }] }),
    'suppressions:\n  - { address: gone@example.org, state: absent }\n',
    ['POST /suppression/remove'],
  ],
  [
    'what the API cannot make again is deleted',
    'NOT_RECREATABLE',
    state({ ipAuth: [{ ip_address: '198.51.100.4' }, { ip_address: '198.51.100.5' }] }),
    'ipAuth:\n  - { address: 198.51.100.4, state: absent }\n',
    ['POST /ip_auth/remove'],
  ],
  [
    'a subaccount is closed',
    'SUBACCOUNT_CLOSED',
    state({}, { subaccounts: [{ id: 'sub001', name: 'Acme', email: 'it@acme.example' }] }),
    'subaccounts:\n  - { name: Acme, state: absent }\n',
    ['POST /subaccount/close'],
  ],
]

describe('a gate', () => {
  test.each(cases)('where %s: %s stops, and its own number opens it', async (_, code, seed, body, calls) => {
    const at = await home(seed === undefined ? {} : { seed })
    at.both(body)
    const { gates } = await planOf(at)
    expect(gates.map((gate) => gate.code)).toContain(code)
    const wrong = gates.map((gate) => `--accept ${gate.number}:zzzz --accept ${gate.number}`).join(' ')
    for (const accept of ['', wrong]) {
      const refused = await at.run(`apply --auto-approve ${accept}`, { env })
      expect(refused.stderr).toContain('refused, nothing was written')
      expect(refused.code).toBe(3)
    }
    expect(writes(at.emulator)).toEqual([])
    const tokens = gates.map((gate) => `--accept ${gate.accept}`).join(' ')
    expect((await at.run(`apply --auto-approve ${tokens}`, { env })).code).toBe(0)
    expect(written(at.emulator)).toEqual(calls)
  })

  test.each([
    ['block', `${MASTER}status: blocked }\n`],
    ['throw away the mail of', `${MASTER}status: sandbox }\n`],
    ['remove', `${MASTER}state: absent }\n`],
  ])('nobody may %s the key that the run uses', async (_, body) => {
    const at = await home()
    at.spec(body)
    const [gate] = (await planOf(at)).gates
    expect(gate).toMatchObject({ code: 'KEY_IN_USE', accept: null })
    expect((await at.run('apply --auto-approve', { env })).code).toBe(3)
    expect(writes(at.emulator)).toEqual([])
  })

  test('the API allow list is not turned on without an address of this machine', async () => {
    const at = await home()
    const spec = (address: string) =>
      at.spec(`ipAllowlist:\n  api: { enabled: true, entries: [{ address: ${address} }] }\n`)
    spec('203.0.113.7')
    expect((await planOf(at)).gates).toMatchObject([{ code: 'RUNNER_LOCKED_OUT', accept: expect.any(String) }])
    expect((await planOf(at, '--runner-ip 203.0.113.7')).gates).toEqual([])
    spec('127.0.0.1')
    expect((await planOf(at)).gates).toEqual([])
  })

  test('two gates need two numbers', async () => {
    const at = await home({
      seed: state({
        domains: [domain('example.com', true)],
        suppressions: [{ email_address: 'gone@example.org', timestamp: '2026-01-31 12:00:00' }],
      }),
    })
    at.spec(
      'senderDomains:\n  - { domain: example.com, state: absent }\nsuppressions:\n  - { address: gone@example.org, state: absent }\n',
    )
    const [first, second] = (await planOf(at)).gates
    for (const accept of [first?.accept, second?.accept])
      expect((await at.run(`apply --auto-approve --accept ${accept}`)).code).toBe(3)
    expect(writes(at.emulator)).toEqual([])
    const both = await at.run(`apply --auto-approve --accept ${first?.accept} --accept ${second?.accept}`)
    expect(both.code).toBe(0)
  })

  test('names the objects, five of them in words and all of them as data', async () => {
    const at = await home({ seed: state({ smtpUsers: users(...many(10)) }) })
    at.spec(`manage: { smtpUsers: authoritative }\nsmtpUsers: [{ username: user-00 }]\n`)
    const [gate] = (await planOf(at)).gates
    expect(gate?.reason).toBe(
      '9 of 10 smtpUsers in "main" would be deleted, and at most 5 may be: smtpUsers/user-01, smtpUsers/user-02, smtpUsers/user-03, smtpUsers/user-04, smtpUsers/user-05, and 4 more',
    )
    expect(gate?.addresses).toHaveLength(9)
  })

  test('an emptied list of entries is refused, unless that is said', async () => {
    const at = await home({ seed: state({ allowedRecipients: { enabled: false, entries: ['a@example.org'] } }) })
    const spec = (more: string) =>
      at.spec(
        `manage: { allowedRecipients: authoritative${more} }\nallowedRecipients: { enabled: false, entries: [] }\n`,
      )
    spec('')
    expect((await planOf(at)).gates).toMatchObject([{ code: 'EMPTY_COLLECTION', accept: null }])
    spec(', allowEmpty: [allowedRecipients]')
    expect((await planOf(at)).gates).toEqual([])
  })
})

describe('no gate', () => {
  test.each([
    ['of several logins one stays allowed', users('first-app', 'other-app'), 'first-app, status: blocked'],
    ['the only login is blocked by its own line', users('first-app'), 'first-app, status: blocked'],
    ['the last one was blocked before', [{ username: 'first-app', status: 'blocked' }], 'first-app, description: New'],
  ])('where %s', async (_, smtpUsers, entry) => {
    const at = await home({ seed: state({ smtpUsers }) })
    at.spec(`smtpUsers:\n  - { username: ${entry} }\n`)
    expect((await planOf(at)).gates).toEqual([])
  })

  test('where a new one takes the place of the last', async () => {
    const at = await home({ seed: state({ smtpUsers: users('first-app', 'other-app') }) })
    at.spec(
      'manage: { smtpUsers: authoritative }\nsmtpUsers:\n  - { username: fresh-app, password: "${env:PASSWORD}" }\n',
    )
    expect((await planOf(at)).gates).toEqual([])
  })
})

describe('safety:', () => {
  const seed = () => home({ seed: state({ smtpUsers: users(...many(10)) }) })
  const gone = (count: number) =>
    `smtpUsers:\n${many(count)
      .map((name) => `  - { username: ${name}, state: absent }\n`)
      .join('')}`

  test('a stricter limit counts without a word', async () => {
    const at = await seed()
    at.spec(`safety:\n  deletes: { count: 2 }\n${gone(3)}`)
    const plan = await planOf(at)
    expect(plan.gates).toMatchObject([{ code: 'MANY_DELETES', reason: expect.stringContaining('3 of 10') }])
    expect(plan.warnings).toEqual([])
    expect((await at.run('apply --auto-approve')).code).toBe(3)
  })

  test('a looser one is listed with its place, plan after plan', async () => {
    const at = await seed()
    at.spec(`safety:\n  deletes: { percent: 80 }\n${gone(8)}`)
    const plan = await planOf(at)
    expect(plan.gates).toEqual([])
    expect(plan.warnings).toMatchObject([
      {
        code: 'LOOSER_LIMIT',
        message: 'safety.deletes is looser than the default: it allows 8 of 10 smtpUsers in "main" be deleted, not 5',
        at: { line: 8 },
      },
    ])
    const { stderr } = await at.run('plan')
    expect(codes(stderr)).toEqual(['mailconfig.yaml:8:3 LOOSER_LIMIT'])
  })

  test.each([
    ['deletes: { percent: 100 }', 'WRONG_TYPE'],
    ['deletes: { percent: -1 }', 'WRONG_TYPE'],
    ['deletes: { count: 1.5 }', 'WRONG_TYPE'],
    ['deletes: { percents: 5 }', 'UNKNOWN_FIELD'],
    ['deletes: off', 'WRONG_TYPE'],
    ['creates: { count: 1 }', 'UNKNOWN_FIELD'],
  ])('%s is refused', async (words, code) => {
    const at = await seed()
    at.spec(`safety:\n  ${words}\nsmtpUsers: []\n`)
    const { code: exit, stderr } = await at.run('validate')
    expect(codes(stderr)).toEqual([expect.stringMatching(new RegExp(`^mailconfig.yaml:8:\\d+ ${code}$`))])
    expect(exit).toBe(1)
  })

  test('an account speaks for its subaccounts, an overlay can only be stricter, a file of its own speaks for all', async () => {
    const at = await home({
      seed: {
        smtp2go: {
          scopes: { '': {}, sub001: { smtpUsers: users(...many(10)) } },
          subaccounts: [{ id: 'sub001', name: 'Acme', email: 'it@acme.example' }],
        },
      },
    })
    const spec = (safety: string) => at.spec(`${safety}smtpUsers: []\n---\nversion: 1\nsubaccount: Acme\n${gone(3)}`)
    spec('')
    expect((await planOf(at)).gates).toEqual([])
    spec('safety: { deletes: { percent: 20 } }\n')
    expect((await planOf(at)).gates).toMatchObject([{ code: 'MANY_DELETES' }])
    at.file('over.yaml', 'version: 1\noverlay: true\nsafety: { deletes: { percent: 90 } }\n')
    expect((await planOf(at, '-f mailconfig.yaml -f over.yaml')).gates).toHaveLength(1)
    spec('')
    at.file('safety.yaml', 'version: 1\nsafety: { deletes: { count: 0 } }\n')
    expect((await planOf(at, '-f mailconfig.yaml -f safety.yaml')).gates).toMatchObject([{ code: 'MANY_DELETES' }])
  })

  test('a limit may come from a variable', async () => {
    const at = await seed()
    at.spec(`safety: { deletes: { count: "\${var:most}" } }\n${gone(3)}`)
    expect((await planOf(at, '--var most=3')).gates).toEqual([])
    expect((await planOf(at, '--var most=2')).gates).toHaveLength(1)
  })
})

describe('the ledger remembers', () => {
  const spec =
    'smtpUsers:\n  - { username: first-app, password: "${env:PASSWORD}" }\n  - { username: other-app, password: "${env:PASSWORD}" }\n'
  const open = async () => {
    const at = await home()
    at.spec(spec)
    expect((await at.run('apply --auto-approve', { env })).code).toBe(0)
    at.emulator.clearRequests()
    return at
  }

  test('what an API suddenly shows no more is not recreated without a word', async () => {
    const at = await open()
    at.emulator.faults([{ match: { path: '/v3/users/smtp/view' }, fault: 'empty-list' }])
    const [gate] = (await planOf(at)).gates
    expect(gate).toMatchObject({
      code: 'EMPTY_LIVE',
      reason: expect.stringContaining('the API shows no smtpUsers in "main", where the ledger remembers 2'),
      addresses: ['main:smtpUsers/first-app', 'main:smtpUsers/other-app'],
    })
    expect((await at.run('apply --auto-approve', { env })).code).toBe(3)
    expect(writes(at.emulator)).toEqual([])
    at.emulator.clearFaults()
    expect((await planOf(at)).gates).toEqual([])
  })

  test('a section that is emptied deletes nothing of ours, unless that is said', async () => {
    const at = await open()
    at.spec('manage: { smtpUsers: owned }\nsmtpUsers: []\n')
    expect((await planOf(at)).gates).toMatchObject([{ code: 'EMPTY_COLLECTION', accept: null }])
    expect((await at.run('apply --auto-approve', { env })).code).toBe(3)
    expect(writes(at.emulator)).toEqual([])
    at.spec('manage: { smtpUsers: owned, allowEmpty: [smtpUsers] }\nsmtpUsers: []\n')
    expect((await planOf(at)).gates).toEqual([])
  })
})

test('a plan says how risky each change is, and why', async () => {
  const at = await home({ seed: state({ smtpUsers: users('first-app', 'other-app') }) })
  at.spec('smtpUsers:\n  - { username: first-app, status: blocked }\n  - { username: other-app, description: New }\n')
  const { changes } = await planOf(at)
  expect(changes.map(({ address, risk }) => [address, risk])).toEqual([
    ['smtpUsers/first-app', { level: 'high', why: ['status becomes "blocked": mail sent with it is refused'] }],
    ['smtpUsers/other-app', { level: 'low', why: [] }],
  ])
  const { stdout } = await at.run('plan')
  expect(stdout).toMatch(
    /~ smtpUsers\/first-app {2}high risk.*\n.*"allowed" → "blocked"\n {6}! status becomes "blocked": mail sent with it is refused\n/,
  )
  expect(scopeOf(at.emulator)['smtpUsers']).toHaveLength(2)
})
