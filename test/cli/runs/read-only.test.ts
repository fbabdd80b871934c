import { spawnSync } from 'node:child_process'
import { afterEach, describe, expect, test } from 'vitest'
import { closeHomes, type Home, home, lintsOff, STRONG, state, writes } from '../harness.ts'

afterEach(closeHomes)

const FULL_SEED = {
  smtp2go: {
    scopes: {
      '': {
        smtpUsers: [
          { username: 'first-app', description: 'He said: ${HOME} & "bye"', status: 'blocked' },
          {
            username: 'plain-app',
            custom_ratelimit: true,
            custom_ratelimit_value: 5,
            custom_ratelimit_period: '01:00:00',
          },
        ],
        domains: [
          {
            domain: { fulldomain: 'shop.example', rpath_selector: 'bounce' },
            subaccount_access: { subaccounts: ['sub001'], future_subaccounts: false },
          },
        ],
        singleSenders: [{ email_address: 'ann@shop.example', verified: true }],
        allowedSenders: { mode: 'disabled', entries: ['shop.example'] },
        allowedRecipients: { enabled: true, entries: ['b.example'] },
        ipAllowList: { smtp: { enabled: true, entries: [{ ip_address: '203.0.113.8', description: 'office' }] } },
        suppressions: [
          {
            email_address: 'gone@b.example',
            reason: 'manual',
            timestamp: '2026-01-31 12:00:00',
            block_description: 'asked',
          },
          { email_address: 'spam@b.example', reason: 'spam', timestamp: '2026-01-31 12:00:00' },
        ],
        templates: [
          {
            id: 'receipt',
            name: 'Receipt',
            subject: 'Hi',
            html_body: '<p>\n  Hello\n</p>\n',
            text_body: 'hi\t there \n',
            tags: ['x'],
          },
        ],
        webhooks: [
          {
            id: 4001,
            url: 'https://hooks.shop.example/',
            events: ['bounce'],
            usernames: ['first-app'],
            output_format: 'json',
          },
        ],
      },
      sub001: { smtpUsers: [{ username: 'north-app' }] },
    },
    subaccounts: [{ id: 'sub001', name: 'North', email: 'north@shop.example' }],
  },
  backoffice: {
    providers: [
      {
        id: 1,
        caption: 'Main',
        host: 'mail.shop.example',
        port: 587,
        username: 'relay',
        password: 'x',
        sendFrom: 'ann@shop.example',
        sendFromName: 'Shop',
        encryption: 'tls',
        isEnabled: true,
      },
      {
        id: 2,
        caption: 'Spare',
        host: 'mail2.shop.example',
        port: 465,
        username: 'relay',
        password: 'x',
        sendFrom: 'ann@shop.example',
        sendFromName: 'Shop',
        encryption: 'ssl',
        isEnabled: false,
      },
    ],
  },
}
const fromEnvironment = ({ emulator }: Home) => ({
  SMTP2GO_API_KEY: emulator.apiKey,
  SMTP2GO_URL: emulator.smtp2go,
  BACKOFFICE_URL: emulator.backoffice,
  BACKOFFICE_TOKEN: emulator.token,
})

describe('commands that read', () => {
  test.each([
    'validate',
    'validate --format json',
    'plan',
    'plan --all --format json --detailed-exitcode',
    'plan --out plan.json',
    'destroy --out plan.json',
    'export',
    'export --subaccounts -o out.yaml',
    'check',
    'check --format json',
    'explain smtpUsers',
    'schema',
    'init -f new.yaml',
    'completion bash',
  ])('%s sends no call that changes anything', async (command) => {
    const at = await home({ seed: FULL_SEED })
    at.both(
      'smtpUsers:\n  - { username: new-app, password: "${env:PASSWORD}" }\nproviders: []\nsingleSenders: [bob@shop.example]\n',
    )
    const { code } = await at.run(command, { env: { PASSWORD: STRONG, ...fromEnvironment(at) } })
    expect([0, 2]).toContain(code)
    expect(writes(at.emulator)).toEqual([])
    if (/^(validate|explain|schema|completion)/.test(command)) expect(at.emulator.requests()).toEqual([])
  })
})

describe('export', () => {
  test('gives a spec whose plan is empty', async () => {
    const at = await home({ seed: FULL_SEED })
    const env = fromEnvironment(at)
    const { code, stdout, stderr } = await at.run('export --subaccounts', { env })
    expect(code).toBe(0)
    expect(stderr).toContain('note: main:smtpUsers: password cannot be read')
    expect(stdout).not.toContain(at.emulator.apiKey)
    at.file('mailconfig.yaml', stdout)
    const planned = await at.run(`plan --detailed-exitcode --strict ${lintsOff(at)}`, { env })
    expect(planned.stderr).toBe('')
    expect(planned.stdout).toMatch(/^Nothing to do\. \d+ objects are as the spec says/)
    expect(planned.code).toBe(0)
  })

  test('does not write over a file, unless it is told to', async () => {
    const at = await home()
    const env = fromEnvironment(at)
    expect((await at.run('export -o out.yaml', { env })).code).toBe(0)
    const again = await at.run('export -o out.yaml', { env })
    expect(again.stderr).toContain('"out.yaml" already exists')
    expect(again.stderr).toContain('--force')
    expect(again.code).toBe(1)
    expect((await at.run('export -o out.yaml --force', { env })).code).toBe(0)
    const nowhere = await at.run('export -o no/folder/out.yaml', { env })
    expect(nowhere.stderr).toContain('cannot write "no/folder/out.yaml" (ENOENT)')
    expect(nowhere.code).toBe(1)
  })

  test('writes nothing where a collection could not be read', async () => {
    const at = await home({ seed: FULL_SEED })
    at.emulator.faults([{ match: { path: '/v3/webhook/view' }, fault: 'html' }])
    const { code, stdout, stderr } = await at.run('export -o out.yaml', { env: fromEnvironment(at) })
    expect(stderr).toMatch(/main:webhooks could not be read: \/webhook\/view: /)
    expect(stdout).toBe('')
    expect(at.has('out.yaml')).toBe(false)
    expect(code).toBe(1)
  })

  test('without a spec and without credentials it says which variables to set', async () => {
    const at = await home()
    const { code, stderr } = await at.run('export')
    expect(stderr).toContain('SMTP2GO_API_KEY')
    expect(stderr).toContain('BACKOFFICE_TOKEN')
    expect(code).toBe(1)
  })
})

describe('init', () => {
  test('without credentials writes a start that is valid, and that an emulator takes', async () => {
    const at = await home()
    const { code, stdout } = await at.run('init')
    expect(stdout).toContain('Wrote mailconfig.yaml (a start to change) and mailconfig.schema.json')
    expect(code).toBe(0)
    const env = { SMTP2GO_API_KEY: at.emulator.apiKey, FIRST_APP_PASSWORD: STRONG }
    expect((await at.run('validate --strict', { env })).code).toBe(0)
    const planned = await at.run('plan --emulator', { env: { FIRST_APP_PASSWORD: STRONG } })
    expect(planned.stdout).toContain('2 to create')
    expect(JSON.parse(at.text('mailconfig.schema.json'))).toHaveProperty('$schema')
  })

  test('with credentials writes what is live', async () => {
    const at = await home({ seed: FULL_SEED })
    const env = fromEnvironment(at)
    const { code, stdout } = await at.run('init', { env })
    expect(stdout).toMatch(/Wrote mailconfig\.yaml \(what http.* has now\)/)
    expect(code).toBe(0)
    expect((await at.run('plan --detailed-exitcode', { env })).code).toBe(0)
  })

  test('does not write over a spec, unless it is told to', async () => {
    const at = await home()
    at.spec('smtpUsers: []\n')
    const before = at.text('mailconfig.yaml')
    const { code, stderr } = await at.run('init')
    expect(stderr).toContain('"mailconfig.yaml" already exists')
    expect(code).toBe(1)
    expect(at.text('mailconfig.yaml')).toBe(before)
    expect((await at.run('init --force')).code).toBe(0)
    expect(at.text('mailconfig.yaml')).not.toBe(before)
  })

  test.each([
    ['--region', 'init --region eu', {}],
    ['the environment', 'init', { SMTP2GO_REGION: 'eu' }],
    ['--region before the environment', 'init --region eu', { SMTP2GO_REGION: 'us' }],
  ])('the region comes from %s', async (_, command, env) => {
    const at = await home()
    expect((await at.run(command, { env })).code).toBe(0)
    expect(at.text('mailconfig.yaml')).toMatch(/^ {4}region: eu +# global, us, eu or au/m)
  })

  test('of an unknown region is refused', async () => {
    const at = await home()
    const { code, stderr } = await at.run('init --region mars', { env: { SMTP2GO_API_KEY: at.emulator.apiKey } })
    expect(stderr).toMatch(/mars/)
    expect(stderr).toMatch(/global, us, eu, au/)
    expect(code).toBe(1)
    expect(at.has('mailconfig.yaml')).toBe(false)
  })
})

describe('check', () => {
  test('says of each account and each provider whether it works', async () => {
    const at = await home({ seed: FULL_SEED, settings: { statusFailure: { Spare: 400 } } })
    at.both('smtpUsers: []\nproviders: []\n')
    const { code, stdout } = await at.run('check')
    expect(stdout).toMatch(/^ok {7}main {4}http.*: the key works and may call every endpoint$/m)
    expect(stdout).toMatch(/^ok {7}office {2}http.*: the token works; 2 providers$/m)
    expect(stdout).toMatch(/^ok {7}office {2}providers\/Main: the connection is valid$/m)
    expect(stdout).toMatch(/^failed {3}office {2}providers\/Spare: /m)
    expect(code).toBe(1)
  })

  test('of a wrong key fails and says why', async () => {
    const at = await home()
    at.spec('smtpUsers: []\n')
    const { code, stdout } = await at.run('check', { env: { KEY: `api-${'x'.repeat(32)}` } })
    expect(stdout).toMatch(/^failed {3}main {2}/m)
    expect(stdout).toContain('a key belongs to one region')
    expect(code).toBe(1)
  })
})

describe('explain and schema', () => {
  test.each([
    ['explain', /smtpUsers/],
    ['explain smtpUsers', /A username and password/],
    ['explain smtpUsers.rateLimit.per', /period/],
    ['explain webhooks/events', /event/i],
  ])('%s explains', async (command, says) => {
    const at = await home()
    const { code, stdout } = await at.run(command)
    expect(stdout).toMatch(says)
    expect(code).toBe(0)
  })

  test.each([
    ['explain smtpUser', 'did you mean "smtpUsers"?'],
    ['explain smtpUsers.statuss', 'did you mean "status"?'],
    ['schema nothing', 'there are: allowedRecipients'],
  ])('%s is an error with a hint', async (command, hint) => {
    const at = await home()
    const { code, stderr } = await at.run(command)
    expect(stderr).toContain(hint)
    expect(code).toBe(1)
  })

  test('schema prints what the package carries', async () => {
    const at = await home()
    const { stdout } = await at.run('schema')
    expect(JSON.parse(stdout)).toMatchObject({ type: 'object', properties: { smtpUsers: {} } })
    expect(JSON.parse((await at.run('schema webhooks')).stdout)).toMatchObject({ properties: { url: {} } })
  })
})

describe('completion', () => {
  const complete = (script: string, line: string): string[] => {
    const words = line.split(' ')
    const ask = `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _mailconfig; printf '%s\\n' "\${COMPREPLY[@]}"`
    const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', `${script}\n${ask}`], { encoding: 'utf8' })
    expect(stderr).toBe('')
    return stdout.split('\n').filter((word) => word !== '')
  }

  test('bash completes commands, options, values and kinds', async () => {
    const at = await home()
    const { stdout: script } = await at.run('completion bash')
    expect(complete(script, 'mailconfig va')).toEqual(['validate'])
    expect(complete(script, 'mailconfig apply --auto')).toEqual(['--auto-approve'])
    expect(complete(script, 'mailconfig plan --log-level d')).toEqual(['debug'])
    expect(complete(script, 'mailconfig explain smtp')).toEqual(['smtpUsers'])
    expect(complete(script, 'mailconfig --var-f')).toEqual(['--var-file'])
    expect(complete(script, 'mailconfig -f some.yaml pl')).toEqual(['plan'])
    expect(complete(script, 'mailconfig --strict plan --det')).toEqual(['--detailed-exitcode'])
  })

  test.each(['zsh', 'fish'])('%s gets a script that names every command', async (shell) => {
    const at = await home()
    const { code, stdout } = await at.run(`completion ${shell}`)
    for (const command of ['validate', 'plan', 'apply', 'export', 'emulator']) expect(stdout).toContain(command)
    expect(code).toBe(0)
  })
})

describe('emulator', () => {
  test('prints one line of JSON when it is ready, and stops on SIGTERM', async () => {
    const at = await home()
    const running = at.start('emulator')
    await running.says(/\n/)
    running.child.kill('SIGTERM')
    const { code, stdout } = await running.ended
    expect(stdout.trim().split('\n')).toHaveLength(1)
    expect(JSON.parse(stdout)).toEqual({
      smtp2go: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/v3$/),
      backoffice: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      apiKey: expect.stringMatching(/^api-/),
      token: expect.any(String),
      inbox: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/$/),
    })
    expect(code).toBe(0)
  })

  test.each([
    ['emulator --host 0.0.0.0', /0\.0\.0\.0/],
    ['emulator --host example.com', /listens on 127\.0\.0\.1, ::1, localhost/],
    ['emulator --port 70000', /port/i],
    ['emulator --data no/such/file.json', /there is no such folder/],
    ['emulator --port abc', /whole number/],
    ['emulator --seed none.json', /cannot read the file "none\.json"/],
    ['emulator --seed broken.json', /"broken\.json" of --seed is broken/],
    ['emulator --seed odd.yaml', /cannot start: .*nonsense/],
  ])('%s is refused', async (command, says) => {
    const at = await home()
    at.file('broken.json', '{')
    at.file('odd.yaml', 'nonsense: 1\n')
    const { code, stdout, stderr } = await at.run(command)
    expect(stderr).toMatch(says)
    expect(stdout).toBe('')
    expect(code).toBe(1)
  })

  test('starts with a seed, and keeps its contents in a file', async () => {
    const at = await home()
    at.file('seed.yaml', 'smtp2go:\n  scopes:\n    "":\n      smtpUsers: [{ username: seeded-app }]\n')
    const first = at.start('emulator --seed seed.yaml --data data.json')
    await first.says(/\n/)
    first.child.kill('SIGTERM')
    await first.ended
    expect(at.text('data.json')).toContain('seeded-app')
    const { stdout } = await at.run('export --emulator=data.json', { env: {} })
    expect(stdout).toContain('seeded-app')
  })

  test('inside a process: --emulator takes no word behind it, and =FILE keeps the contents', async () => {
    const at = await home()
    at.spec('smtpUsers:\n  - { username: first-app, password: "${env:PASSWORD}" }\n')
    const env = { PASSWORD: STRONG }
    expect((await at.run('--emulator plan', { env })).stdout).toContain('1 to create')
    expect((await at.run('apply --auto-approve --emulator=kept.json', { env })).code).toBe(0)
    expect((await at.run('plan --emulator=kept.json', { env })).stdout).toMatch(/^Nothing to do\./)
    expect((await at.run('plan --emulator', { env })).stdout).toContain('1 to create')
    expect(at.emulator.requests()).toEqual([])
    expect(state({})).toBeDefined()
  })
})
