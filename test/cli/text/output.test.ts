import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { afterEach, describe, expect, test } from 'vitest'
import { closeHomes, golden, type Home, home, lintsOff, STRONG, state } from '../harness.ts'

afterEach(closeHomes)

const ENV = { PASSWORD: STRONG, RELAY: 'relay-password', HOOK: 'hook-token' }
const TEXT = Array.from({ length: 14 }, (_, at) => `<p>Line ${at + 1}</p>`).join('\n')
const SEED = {
  ...(state(
    {
      smtpUsers: [
        {
          username: 'billing-app',
          description: 'Invoices',
          custom_ratelimit: true,
          custom_ratelimit_value: 100,
          custom_ratelimit_period: '01:00:00',
        },
        { username: 'gone-app' },
        ...Array.from({ length: 12 }, (_, at) => ({ username: `legacy-${at + 1}` })),
      ],
      templates: [{ id: 'welcome-01', name: 'Welcome', subject: 'Hi', html_body: `${TEXT}\n`, text_body: 'Hi' }],
      allowedSenders: { mode: 'disabled', entries: ['example.com', 'old.example'] },
    },
    {
      subaccounts: [
        { id: 'sub001', name: 'Acme', email: 'it@acme.example' },
        { id: 'sub002', name: 'Old name', email: 'it@b.example' },
      ],
    },
  ) as object),
  backoffice: {
    providers: [
      {
        id: 1,
        caption: 'Primary relay',
        host: 'smtp.example.com',
        port: 587,
        username: 'relay',
        password: 'x',
        sendFrom: 'a@example.com',
        sendFromName: 'Example',
        encryption: 'tls',
        isEnabled: true,
      },
    ],
  },
}
const SPEC = `manage: { allowedSenders: authoritative }
smtpUsers:
  - username: billing-app
    description: Invoices and reminders
    rateLimit: { messages: 500, per: 1 hour }
    status: sandbox
  - username: new-app
    password: \${env:PASSWORD}
    description: The new one
    rateLimit: { messages: 10, per: 1 day }
  - username: gone-app
    state: absent
templates:
  - id: welcome-01
    name: Welcome
    subject: Hi
    html: { file: welcome.html }
    text: Hi
  - id: receipt-01
    name: Receipt
    subject: "Your receipt, {{name}}"
    html: { file: welcome.html }
    text: Thank you
allowedSenders:
  mode: disabled
  entries: [example.com, new.example]
webhooks:
  - url: https://hooks.example.com/mail
    events: [bounce, spam]
    usernames: [new-app]
    auth: { type: bearer, value: "\${env:HOOK}" }
subaccounts:
  - { name: New name, moved: Old name }
  - { name: Acme, state: absent }
providers:
  - caption: Primary relay
    host: smtp2.example.com
    port: 587
    username: relay
    password: \${env:RELAY}
    sendFrom: a@example.com
    sendFromName: Example
    encryption: tls
`

async function busy(): Promise<Home> {
  const at = await home({ seed: SEED })
  at.both(SPEC)
  at.file(
    'welcome.html',
    `${TEXT.replace('Line 3<', 'Line three<').replace('Line 12', 'Line twelve')}\n<p>The end</p>\n`,
  )
  return at
}
const tokens = (text: string) =>
  [...new Set([...text.matchAll(/--accept (G\d+:[0-9a-f]{4})/g)].map((found) => found[0]))].join(' ')

describe('what people see', () => {
  test('plan: created, updated, deleted, renamed, a text that differs, what is not managed, gates', async () => {
    const at = await busy()
    const { code, stdout, stderr } = await at.run('plan', { env: ENV })
    expect(code).toBe(0)
    golden('plan', stdout)
    expect(stderr).toBe('')
  })

  test('plan: nothing to do', async () => {
    const at = await home({ seed: state({ smtpUsers: [{ username: 'first-app' }] }) })
    at.spec('smtpUsers:\n  - username: first-app\n')
    golden('plan-nothing', (await at.run('plan')).stdout)
    golden('plan-all', (await at.run('plan --all')).stdout)
  })

  test('apply: refused by gates', async () => {
    const at = await busy()
    const { code, stderr } = await at.run('apply --auto-approve', { env: ENV })
    expect(code).toBe(3)
    golden('apply-refused', stderr)
  })

  test('apply: done, failed, not tried', async () => {
    const at = await busy()
    const accept = tokens((await at.run('plan', { env: ENV })).stdout)
    at.emulator.faults([
      {
        match: { path: '/v3/users/smtp/add' },
        fault: 'status',
        status: 400,
        body: {
          request_id: 'aa253464-0bd0-467a-b24b-6159dcd7be60',
          data: { error_code: 'E_ApiResponseCodes.API_EXCEPTION', error: 'Your plan has no room for another user' },
        },
      },
    ])
    const { code, stdout, stderr } = await at.run(`apply --auto-approve --parallelism 1 ${accept}`, { env: ENV })
    expect(code).toBe(4)
    golden(
      'apply-partial',
      `${stderr}--- standard output, after the plan ---\n${stdout.slice(stdout.lastIndexOf('Applied'))}`,
    )
  })

  test('apply: everything done', async () => {
    const at = await home()
    at.spec(
      'singleSenders: [ann@example.com]\napiKeys:\n  - { description: Billing, endpoints: [/email/send], saveTo: { file: secrets/k } }\n',
    )
    const { stdout, stderr } = await at.run('apply --auto-approve --parallelism 1')
    golden('apply-done', `${stderr}--- standard output ---\n${stdout}`)
  })

  test('validate: problems', async () => {
    const at = await home()
    at.spec(
      'smtpUsers:\n  - username: first-app\n    statuss: allowed\n    pasword: hunter2hunter2\n  - username: first-app\n    status: alowed\n    rateLimit: 5\nwebhooks:\n  - { url: https://hooks.example.com/, auth: "Bearer hunter2hunter2" }\ntemplates:\n  - { id: hi, name: Hi, subject: Hi, html: { file: none.html }, text: Hi }\n',
    )
    const { stderr } = await at.run('validate')
    expect(stderr).not.toContain('hunter2')
    golden('validate-problems', stderr)
  })

  test('validate: problems that need the whole spec', async () => {
    const at = await home()
    at.spec(
      'smtpUsers:\n  - username: first-app\n    password: hunter2hunter2\n  - username: first-app\n  - { username: second-app, password: "${env:NOT_THERE}" }\ntemplates:\n  - { id: hello, name: Hi, subject: Hi, html: { file: ../none.html }, text: Hi }\n---\nversion: 1\nsubaccount: Acme\ntemplates: []\n',
    )
    const { stderr } = await at.run('validate')
    expect(stderr).not.toContain('hunter2')
    golden('validate-spec', stderr)
  })

  test('validate: broken YAML', async () => {
    const at = await home()
    at.spec('smtpUsers:\n  - username: first-app\n    status: allowed\n    status: blocked\n\tdescription: x\n')
    golden('validate-yaml', (await at.run('validate')).stderr)
  })

  test('validate: all is well', async () => {
    const at = await busy()
    golden('validate-ok', (await at.run('validate', { env: ENV })).stdout)
  })

  test('plan: an API that does not answer well', async () => {
    const at = await busy()
    at.emulator.faults([
      { match: { path: '/v3/users/smtp/view' }, fault: 'html' },
      { match: { path: '/api/v2/*' }, fault: 'status', status: 403, body: { message: 'Forbidden' } },
    ])
    golden('plan-unread', (await at.run('plan', { env: ENV })).stderr)
  })

  test('check', async () => {
    const at = await busy()
    golden('check', (await at.run('check', { env: ENV })).stdout)
  })
})

describe('JSON', () => {
  const ajv = new Ajv({ allErrors: true, strict: false })
  const validator = (name: string) => ajv.compile(JSON.parse(readFileSync(`schemas/${name}.schema.json`, 'utf8')))
  const [isPlan, isReport, isProblems] = ['plan', 'apply', 'validate'].map(validator)

  const fits = (check: typeof isPlan, text: string): Record<string, unknown> => {
    const value = JSON.parse(text)
    expect(check?.(value) === true ? [] : check?.errors).toEqual([])
    return value
  }

  test.each(['plan --format json', 'plan --format json --all'])('%s fits its schema', async (command) => {
    const at = await busy()
    const { stdout } = await at.run(command, { env: ENV })
    expect(fits(isPlan, stdout)).toMatchObject({
      summary: { create: 3, update: 5, delete: 2, noop: 0 },
      gates: [{ number: 'G1' }],
    })
    expect(stdout).not.toContain('relay-password')
    expect(stdout).toContain('"(sensitive)"')
  })

  test('apply --format json fits its schema: refused, done, failed', async () => {
    const at = await busy()
    const refused = await at.run('apply --auto-approve --format json', { env: ENV })
    const { refused: gates } = fits(isReport, refused.stdout) as { refused: { accept: string }[] }
    expect(refused.code).toBe(3)
    const accept = gates.map((gate) => `--accept ${gate.accept}`).join(' ')
    at.emulator.faults([
      {
        match: { path: '/v3/users/smtp/add' },
        fault: 'status',
        status: 400,
        body: { data: { error: 'no', error_code: 'X' } },
      },
    ])
    const { code, stdout } = await at.run(`apply --auto-approve --format json ${accept}`, { env: ENV })
    expect(fits(isReport, stdout)).toMatchObject({ summary: { done: 5, failed: 1, skipped: 4, unknown: 0 } })
    expect(code).toBe(4)
  })

  test('validate --format json fits its schema: sound, warnings, problems', async () => {
    const at = await busy()
    expect(fits(isProblems, (await at.run('validate --format json', { env: ENV })).stdout)).toMatchObject({
      valid: true,
    })
    at.spec('smtpUsers:\n  - { username: first-app, password: written-out }\n')
    const warned = await at.run(`validate --format json ${lintsOff(at)}`)
    expect(fits(isProblems, warned.stdout)).toMatchObject({
      valid: true,
      problems: [{ code: 'LITERAL_SECRET', severity: 'warning', at: { line: 8 } }],
    })
    expect(warned.code).toBe(0)
    const strict = await at.run('validate --format json --strict')
    expect(fits(isProblems, strict.stdout)).toMatchObject({ valid: false })
    expect(strict.code).toBe(1)
    at.spec('smtpUsers:\n  - { usernam: first-app }\n')
    for (const command of ['validate', 'plan', 'apply --auto-approve']) {
      const { code, stdout } = await at.run(`${command} --format json`)
      expect(fits(isProblems, stdout)).toMatchObject({
        valid: false,
        problems: [{ code: 'MISSING_FIELD' }, { code: 'UNKNOWN_FIELD' }],
      })
      expect(code).toBe(1)
    }
  })

  test('a collection that cannot be read is a problem in JSON too', async () => {
    const at = await busy()
    at.emulator.faults([{ match: { path: '/v3/users/smtp/view' }, fault: 'html' }])
    const { code, stdout } = await at.run('plan --format json', { env: ENV })
    expect(fits(isProblems, stdout)).toMatchObject({ valid: false, problems: [{ code: 'CANNOT_READ' }] })
    expect(code).toBe(1)
  })
})
