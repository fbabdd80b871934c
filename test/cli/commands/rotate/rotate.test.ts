import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import type { Fault } from '../../../../src/apis/emulator.ts'
import { closeHomes, codes, type Home, home, STRONG, scopeOf, written } from '../../harness.ts'

afterEach(closeHomes)

const SPEC = `smtpUsers:
  - username: billing-app
    password: \${env:PW}
    saveTo: { file: secrets/billing.password }
    description: Invoices
`
const env = { PW: STRONG }
const EDIT = '/v3/users/smtp/edit'

/** A folder whose account is as its spec says; from then on calls are counted anew. */
async function applied(spec = SPEC): Promise<Home> {
  const one = await home()
  one.spec(spec)
  expect((await one.run('apply --auto-approve', { env })).code).toBe(0)
  one.emulator.clearRequests()
  return one
}

function password({ emulator }: Home): unknown {
  return scopeOf(emulator)['smtpUsers']?.[0]?.['email_password']
}

const saved = (one: Home) => one.text('secrets/billing.password').trim()
const PENDING = 'secrets/billing.password.pending'

describe('rotate', () => {
  test('sends the secret of the spec again, and nothing else that differs', async () => {
    const one = await applied()
    one.spec(SPEC.replace('Invoices', 'Bills'))
    const asked = await one.run('rotate smtpUsers/billing-app', { env })
    expect(asked).toMatchObject({ code: 1 })
    expect(written(one.emulator)).toEqual([])
    const ran = await one.run('rotate smtpUsers/billing-app --auto-approve', { env: { PW: `${STRONG}-two` } })
    expect(ran.stdout).toContain('password  (sensitive)')
    expect(ran.stdout).not.toContain('description')
    expect(ran.code).toBe(0)
    expect(written(one.emulator)).toEqual(['PATCH /users/smtp/edit'])
    expect(password(one)).toBe(`${STRONG}-two`)
    const plan = await one.run('plan --format json', { env: { PW: `${STRONG}-two` } })
    const [change] = JSON.parse(plan.stdout).changes
    expect(change.fields).toMatchObject([{ path: 'description', before: 'Invoices', after: 'Bills', reason: 'spec' }])
    expect((await one.run('history')).stdout).toMatch(/rotate +done +\+0 ~1 -0/)
  })

  test('sends it even where it is the same, and several by a glob', async () => {
    const one = await applied(`${SPEC}  - { username: other-app, password: "\${env:PW}" }\n`)
    const ran = await one.run('rotate smtpUsers/* --auto-approve', { env })
    expect(ran.code).toBe(0)
    expect(written(one.emulator)).toEqual(['PATCH /users/smtp/edit', 'PATCH /users/smtp/edit'])
  })

  test('makes a new secret, and puts it where saveTo says; no output, ledger or log has it', async () => {
    const one = await applied()
    const ran = await one.run('rotate smtpUsers/billing-app --generate --auto-approve --log-level debug', { env })
    expect(ran.code).toBe(0)
    expect(saved(one)).toMatch(/^[A-Za-z0-9._-]{32}$/)
    expect(password(one)).toBe(saved(one))
    expect(one.has(PENDING)).toBe(false)
    expect(ran.stdout + ran.stderr + one.text('.mailconfig/ledger.json')).not.toContain(saved(one))
    expect(codes(ran.stderr)).toEqual(['mailconfig.yaml:9:5 SPEC_SECRET_OLD'])
    expect((await one.run('plan', { env: { PW: saved(one) } })).stdout).toContain('Nothing to do.')
  })

  test('has nothing to say where the spec reads the file that it writes', async () => {
    const one = await home()
    one.file('secrets/billing.password', `${STRONG}\n`)
    one.spec(SPEC.replace('${env:PW}', '${file:secrets/billing.password}'))
    expect((await one.run('apply --auto-approve')).code).toBe(0)
    const ran = await one.run('rotate smtpUsers/billing-app --generate --length 40 --auto-approve')
    expect(codes(ran.stderr)).toEqual([])
    expect(saved(one)).toHaveLength(40)
    expect(password(one)).toBe(saved(one))
    expect((await one.run('plan')).stdout).toContain('Nothing to do.')
  })

  test('puts it into an env file and leaves the other lines, or gives it to a command on standard input', async () => {
    const one = await applied()
    one.file('.env', 'A=1\nexport BILLING=old\nB=2\n')
    const env1 = await one.run(
      'rotate smtpUsers/billing-app --generate --save-to env-file:.env#BILLING --auto-approve',
      {
        env,
      },
    )
    expect(env1.code).toBe(0)
    expect(one.text('.env')).toBe(`A=1\nexport BILLING=${String(password(one))}\nB=2\n`)
    const keep = one.file('keep.sh', 'cat > kept; echo "$0 $*" > argv\n')
    const told = await one.run(
      `rotate smtpUsers/billing-app --generate --save-to "command:sh ${keep}" --auto-approve`,
      {
        env,
      },
    )
    expect(told.code).toBe(0)
    expect(one.text('kept').trim()).toBe(password(one))
    expect(one.text('argv')).not.toContain(String(password(one)))
    expect(one.everything().split(String(password(one)))).toHaveLength(2)
  })

  test.each([
    ['smtpUsers/billing-ap', /did you mean "smtpUsers\/billing-app"/],
    ['', /which object/],
    ['smtpUsers/billing-app --length 20', /--length requires --generate/],
    ['smtpUsers/billing-app --generate --length 8', /from 16 to 100/],
    ['smtpUsers/billing-app --field token', /has no secret "token"/],
    ['smtpUsers/billing-app --generate --save-to nowhere', /is not a destination/],
    ['smtpUsers/billing-app --generate --save-to file:', /is not a destination/],
    ['smtpUsers/billing-app --generate --save-to file:mailconfig.yaml/x', /cannot be written to \(ENOTDIR|EEXIST\)/],
    ['smtpUsers/plain-app --generate', /no saveTo/],
    ['smtpUsers/new-app --generate', /not in the account/],
    ['webhooks/https://hooks.example.com/mail --generate', /requires a value in its own format/],
    ['allowedSenders', /has no secret/],
  ])('refuses before any call that changes something: %s', async (args, message) => {
    const one = await applied(`${SPEC}  - { username: plain-app, password: "\${env:PW}" }\n`)
    one.spec(`${SPEC}  - { username: plain-app, password: "\${env:PW}" }
  - { username: new-app, password: "\${env:PW}", saveTo: { file: x } }
allowedSenders: { mode: disabled, entries: [] }
webhooks:
  - { url: "https://hooks.example.com/mail", events: [bounce], auth: { type: basic, value: "\${env:PW}" }, saveTo: { file: y } }
`)
    const ran = await one.run(`rotate ${args} --auto-approve`, { env })
    expect(ran.stderr).toMatch(message)
    expect(ran.code).toBe(1)
    expect(written(one.emulator)).toEqual([])
  })

  test('makes up no password that another server has to know', async () => {
    const one = await home()
    one.both(`providers:
  - { caption: Relay, host: smtp.example.com, port: 587, username: relay, password: "\${env:PW}", sendFrom: a@example.com, sendFromName: A, encryption: tls }
`)
    expect((await one.run('apply --auto-approve', { env })).code).toBe(0)
    const made = await one.run('rotate providers/Relay --generate --save-to file:x --auto-approve', { env })
    expect(made.stderr).toContain('is issued by the service that checks it')
    expect(made.code).toBe(1)
    expect((await one.run('rotate providers/Relay --auto-approve', { env })).code).toBe(0)
  })

  test('changes nothing where the API refuses: the old secret stays, and no other one lies about', async () => {
    const one = await applied()
    one.emulator.faults([{ match: { path: EDIT }, fault: 'status', status: 400 }])
    const ran = await one.run('rotate smtpUsers/billing-app --generate --auto-approve', { env })
    expect(ran.code).toBe(4)
    expect(password(one)).toBe(STRONG)
    expect(one.has(PENDING)).toBe(false)
    expect(one.has('secrets/billing.password')).toBe(false)
  })

  test('sends the same one again where the answer was lost, and says so if nobody answers at all', async () => {
    const one = await applied()
    one.emulator.faults([{ match: { path: EDIT, nth: 1 }, fault: 'reset-after-commit' }])
    const ran = await one.run('rotate smtpUsers/billing-app --generate --auto-approve', { env })
    expect(ran.stderr).toContain('sent once more')
    expect(ran.code).toBe(0)
    expect(password(one)).toBe(saved(one))
    const before = saved(one)
    one.emulator.faults([{ match: { path: EDIT }, fault: 'reset-after-commit' }])
    const lost = await one.run('rotate smtpUsers/billing-app --generate --auto-approve', { env: { PW: before } })
    expect(lost.stderr).toContain(`is kept in ${PENDING}`)
    expect(lost.code).toBe(4)
    expect(saved(one)).toBe(before)
    expect(one.text(PENDING).trim()).toBe(password(one))
    one.emulator.clearFaults()
    const again = await one.run('rotate smtpUsers/billing-app --generate --auto-approve', { env: { PW: before } })
    expect(again.stdout).toContain('since an earlier run')
    expect(saved(one)).toBe(password(one))
    expect(one.has(PENDING)).toBe(false)
  })

  test('keeps a secret that works where its place has become unusable meanwhile', async () => {
    const one = await applied()
    const fail = 'command:exit 3'
    const ran = await one.run(`rotate smtpUsers/billing-app --generate --save-to "${fail}" --auto-approve`, { env })
    expect(ran.stderr).toContain('is in effect but could not be written to the command')
    expect(ran.code).toBe(4)
    const [, waits = ''] = /kept in (\S+\.pending)/.exec(ran.stderr) ?? []
    expect(one.text(waits).trim()).toBe(password(one))
    const again = await one.run(
      'rotate smtpUsers/billing-app --generate --save-to "command:cat > kept" --auto-approve',
      { env },
    )
    expect(again.code).toBe(0)
    expect(one.text('kept').trim()).toBe(password(one))
    expect(one.has(waits)).toBe(false)
  })

  test.each<[string, Fault, (one: Home) => boolean]>([
    [
      'before the API has it',
      { match: { path: EDIT }, fault: 'latency', ms: 60_000 },
      (one) => one.has(PENDING) && password(one) === STRONG,
    ],
    [
      'when the API has it, before its answer',
      { match: { path: EDIT }, fault: 'hang-after-commit' },
      (one) => password(one) !== STRONG,
    ],
    [
      'when it is in its place, before the run ends',
      { match: { path: '/v3/users/smtp/view', nth: 2 }, fault: 'latency', ms: 60_000 },
      (one) => saved(one) !== STRONG && !one.has(PENDING),
    ],
  ])(
    'killed %s: a file has the secret that works, and the next run ends it',
    { timeout: 90_000 },
    async (_, fault, isThere) => {
      const one = await applied()
      one.file('secrets/billing.password', `${STRONG}\n`)
      one.emulator.faults([fault])
      const running = one.start('rotate smtpUsers/billing-app --generate --auto-approve', { env })
      while (!isThere(one) && running.child.exitCode === null) await setTimeout(20)
      running.child.kill('SIGKILL')
      await running.ended
      expect(isThere(one)).toBe(true)
      expect([saved(one), ...(one.has(PENDING) ? [one.text(PENDING).trim()] : [])]).toContain(password(one))
      one.emulator.clearFaults()
      const next = await one.run('rotate smtpUsers/billing-app --generate --auto-approve --lock-timeout 40s', { env })
      expect(next.code).toBe(0)
      expect(saved(one)).toBe(password(one))
      expect(one.has(PENDING)).toBe(false)
      expect((await one.run('plan', { env: { PW: saved(one) } })).stdout).toContain('Nothing to do.')
    },
  )

  test('refuses a place that is a folder', async () => {
    const one = await applied()
    mkdirSync(join(one.dir, 'secrets', 'billing.password'), { recursive: true })
    const ran = await one.run('rotate smtpUsers/billing-app --generate --auto-approve', { env })
    expect(ran.stderr).toContain('is a folder')
    expect(written(one.emulator)).toEqual([])
  })
})
