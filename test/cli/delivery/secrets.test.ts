import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { Fault } from '../../../src/apis/emulator.ts'
import { closeHomes, type Home, home } from '../harness.ts'

afterEach(closeHomes)

/** Secrets of the awkward sorts; each is searched for in every output. */
const CANARIES: Readonly<Record<string, string>> = {
  ONE: '¤',
  DIGITS: '48151623421',
  REGEX: 'k.*7+(c)[d]$^|?\\w{2}',
  JSON_SIGNS: 'k"7\\z{}:,[]',
  SHELL: "k7'$(id)`id`;&%20",
  SPACES: ' k7 two  words ',
  HOOK: 'kHook-Bearer/+=',
  KEY: `api-${'KeyCanary'.padEnd(32, '7')}`,
  TOKEN: 'token-canary.7/with=signs',
}
const PASSWORDS = ['ONE', 'DIGITS', 'REGEX', 'JSON_SIGNS', 'SHELL', 'SPACES']

/** The forms in which a value may turn up. */
const formsOf = (value: string) => [
  value,
  JSON.stringify(value).slice(1, -1),
  JSON.stringify(JSON.stringify(value).slice(1, -1)).slice(1, -1),
  encodeURIComponent(value),
  Buffer.from(value).toString('base64'),
]

function leaks(text: string): string[] {
  return Object.entries(CANARIES)
    .filter(([, value]) => formsOf(value).some((form) => text.includes(form)))
    .map(([name]) => name)
}

const SEED = {
  smtp2go: {
    keys: [{ api_key: CANARIES['KEY'], endpoints: ['*'] }],
    scopes: {
      '': {
        smtpUsers: [{ username: 'live-app', email_password: CANARIES['DIGITS'] }],
        webhooks: [
          {
            id: 4001,
            url: 'https://live.example.com/',
            events: ['bounce'],
            auth_header_type: 'bearer',
            auth_header_value: CANARIES['HOOK'],
          },
        ],
      },
    },
  },
  backoffice: {
    tokens: [{ token: CANARIES['TOKEN'] }],
    providers: PASSWORDS.map((name, at) => ({
      id: at + 1,
      caption: `Live ${name}`,
      host: 'old.example.com',
      port: 587,
      username: 'relay',
      password: CANARIES[name],
      sendFrom: 'a@example.com',
      sendFromName: 'A',
      encryption: 'tls',
      isEnabled: true,
    })),
  },
}
const ECHO = {
  minPasswordEntropy: null,
  smtpPasswordReadback: 'echo',
  webhookAuthReadback: 'echo',
  passwordReadback: 'echo',
} as const
const SPEC = [
  'smtpUsers:',
  ...PASSWORDS.map((name) => `  - { username: user-${name.toLowerCase()}, password: "\${env:${name}}" }`),
  '  - { username: live-app, description: changed }',
  'webhooks:',
  '  - { url: https://hooks.example.com/, events: [bounce], auth: { type: bearer, value: "${env:HOOK}" } }',
  '  - { url: https://live.example.com/, events: [bounce], auth: { type: basic, value: "${env:HOOK}" } }',
  'apiKeys:',
  '  - { description: Billing, endpoints: [/email/send], saveTo: { file: secrets/billing.key } }',
  'providers:',
  ...PASSWORDS.map(
    (name) =>
      `  - { caption: Live ${name}, host: new.example.com, port: 587, username: relay, password: "\${env:${name}}", sendFrom: a@example.com, sendFromName: A, encryption: tls }`,
  ),
  '',
].join('\n')

async function planted(): Promise<Home> {
  const at = await home({ seed: SEED, settings: ECHO })
  at.both(SPEC)
  return at
}

async function outputs(at: Home, commands: readonly string[]): Promise<string> {
  let all = ''
  for (const command of commands) {
    const { code, stdout, stderr } = await at.run(command, { env: CANARIES })
    expect([0, 1, 2, 3, 4]).toContain(code)
    all += `$ ${command}\n${stdout}\n${stderr}\n`
  }
  return all
}

const LOUD = '--log-level debug'

describe('no secret is in any output', () => {
  test('of the commands that read, although the APIs show passwords', async () => {
    const at = await planted()
    const all = await outputs(at, [
      `validate ${LOUD}`,
      'validate --format json',
      `plan ${LOUD} --log-format json`,
      'plan --all --format json',
      `check ${LOUD}`,
      'check --format json',
      `export --subaccounts ${LOUD}`,
      'export -o exported.yaml',
    ])
    expect(all).toContain('(sensitive)')
    expect(leaks(all)).toEqual([])
    expect(leaks(at.everything())).toEqual([])
  })

  test('of an apply that succeeds, nor in a file beside the one that was asked for', async () => {
    const at = await planted()
    const all = await outputs(at, [
      `apply --auto-approve ${LOUD} --log-format json`,
      'plan',
      'apply --auto-approve --format json',
    ])
    const key = at.text('secrets/billing.key').trim()
    expect(all).toContain('Applied.')
    expect(all).not.toContain(key)
    expect(leaks(all)).toEqual([])
    rmSync(join(at.dir, 'secrets'), { recursive: true })
    expect(at.everything()).not.toContain(key)
    expect(leaks(at.everything())).toEqual([])
  })

  const echoes = (body: (said: string) => unknown): Fault[] => [
    {
      match: { path: '/v3/users/smtp/add' },
      fault: 'status',
      status: 400,
      body: body(PASSWORDS.map((name) => `'${CANARIES[name]}'`).join(' ')) as never,
    },
    {
      match: { path: '/v3/webhook/*', method: 'POST', nth: 2 },
      fault: 'status',
      status: 400,
      body: body(`you sent ${CANARIES['HOOK']}`) as never,
    },
    {
      match: { path: '/v3/webhook/edit' },
      fault: 'status',
      status: 400,
      body: body(`you sent ${CANARIES['HOOK']}`) as never,
    },
    {
      match: { path: '/api/v2/mail/providers/*', method: 'PATCH' },
      fault: 'status',
      status: 422,
      body: body(`by ${CANARIES['TOKEN']}`) as never,
    },
    {
      match: { path: '/v3/api_keys/add' },
      fault: 'status',
      status: 401,
      body: body(`bad key ${CANARIES['KEY']}`) as never,
    },
  ]

  test.each([
    [
      'in the error of SMTP2GO',
      (said: string) => ({ request_id: 'r', data: { error: said, error_code: 'E_ApiResponseCodes.API_EXCEPTION' } }),
    ],
    [
      'in the errors of fields',
      (said: string) => ({
        data: { error: 'no', error_code: 'X', field_validation_errors: { fieldname: 'email_password', message: said } },
        errors: { password: [said] },
        message: 'no',
      }),
    ],
    ['in the message of a framework', (said: string) => ({ message: said, errors: { host: [said] } })],
    ['in HTML', (said: string) => `<html>${said}</html>`],
  ])('of an apply that fails where the API repeats the value %s', async (_, body) => {
    const at = await planted()
    at.emulator.faults(echoes(body))
    const all = await outputs(at, [`apply --auto-approve ${LOUD}`, 'apply --auto-approve --format json'])
    expect(all).toMatch(/failed/)
    // a value of a user's own request is what the API repeats; one of another request cannot be known
    expect(leaks(all).filter((name) => !PASSWORDS.includes(name))).toEqual([])
  })

  test.each(PASSWORDS)('where the API repeats the password %s of the very call', async (name) => {
    const at = await home({ settings: ECHO })
    at.spec(`smtpUsers:\n  - { username: first-app, password: "\${env:${name}}" }\n`)
    at.emulator.faults([
      {
        match: { path: '/v3/users/smtp/add' },
        fault: 'status',
        status: 400,
        body: { data: { error: `the password '${CANARIES[name]}' is weak`, error_code: 'X' } },
      },
    ])
    const env = { [name]: CANARIES[name] ?? '' }
    const { stdout, stderr } = await at.run('apply --auto-approve --log-level debug', { env })
    expect(stderr).toContain(
      name === 'ONE' ? 'its text may quote a short secret and is not shown' : "the password '(sensitive)' is weak",
    )
    expect(leaks(stdout + stderr)).toEqual([])
  })

  test.each([
    ['a slip in the name', '  - { username: first-app, pasword: "k7hunter2" }\n'],
    ['a wrong type', '  - username: first-app\n    password: [k7hunter2]\n'],
    ['a map', '  - username: first-app\n    password: { value: k7hunter2 }\n'],
    ['a text of several lines', '  - username: first-app\n    password: |\n      k7hunter2\n     k7hunter2: [\n'],
    ['an open quote', '  - username: first-app\n    password: "k7hunter2\n'],
    ['an alias', '  - username: first-app\n    password: *k7hunter2\n'],
    ['a tag', '  - username: first-app\n    password: !k7hunter2 x\n'],
    ['a percent sign', '  - username: first-app\n    password: %k7hunter2\n'],
    ['a colon', '  - username: first-app\n    password: k7hunter2: x: y\n'],
    ['a reference that does not end', '  - username: first-app\n    password: "k7hunter2${env:X"\n'],
    ['a reference of no sort', '  - username: first-app\n    password: ${k7hunter2}\n'],
    ['a text in place of a map', 'webhooks:\n  - { url: https://h.example.com/, events: [bounce], auth: k7hunter2 }\n'],
    ['a repeated key', '  - username: first-app\n    password: k7hunter2\n    password: k7hunter2\n'],
    ['something else wrong on the line', '  - { username: x, password: k7hunter2, statuss: allowed }\n'],
    ['quotes of JSON', '  - {"username": "first-app", "password": "k7hunter2", "statuss": 1}\n'],
  ])('a literal secret in a faulty spec is not repeated: %s', async (_, body) => {
    const at = await home()
    at.spec(body.startsWith(' ') ? `smtpUsers:\n${body}` : body)
    for (const command of ['validate --format json', 'plan --strict']) {
      const { code, stdout, stderr } = await at.run(command)
      expect(stdout + stderr).not.toContain('k7hunter2')
      if (command === 'plan --strict') expect(code).toBe(1)
    }
  })

  test('a literal API key of an account is not repeated', async () => {
    const at = await home()
    const key = `api-${'k7'.repeat(16)}`
    for (const account of [
      `{ api: smtp2go, apiKey: ${key} }`,
      key,
      `{ api: smtp2go, apikey: ${key} }`,
      `{ api: smtp2go, region: ${key} }`,
    ]) {
      at.file('mailconfig.yaml', `version: 1\naccounts:\n  main: ${account}\nsmtpUsers: []\n`)
      for (const command of ['validate --strict', 'validate --format json']) {
        const { stdout, stderr } = await at.run(command)
        expect(stdout + stderr).not.toContain(key)
      }
    }
  })
})
