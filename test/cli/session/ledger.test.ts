import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { startStateServer } from '../../ledger/http-server.ts'
import { closeHomes, codes, home, lintsOff, STRONG, scopeOf, state, writes, written } from '../harness.ts'
import { OTHER } from '../planned.ts'
import { applied, ENV, edit, LEDGER, ok, runsOf, SPEC, user } from '../remembering.ts'

afterEach(closeHomes)

/** A plan as data. */
async function planOf(at: Awaited<ReturnType<typeof applied>>, env: Readonly<Record<string, string>> = {}) {
  return JSON.parse((await ok(at, 'plan --format json', env)).stdout)
}

describe('the ledger', () => {
  test('is a file beside the spec, which an apply makes and a plan does not', async () => {
    const at = await home()
    at.spec(SPEC)
    await ok(at, 'plan')
    expect(at.has('.mailconfig')).toBe(false)
    await ok(at, 'apply --auto-approve')
    expect(statSync(join(at.dir, LEDGER)).mode & 0o777).toBe(0o600)
    expect(await runsOf(at)).toMatchObject([{ command: 'apply', state: 'done', summary: { create: 2 } }])
    const before = at.text(LEDGER)
    await ok(at, 'plan')
    await ok(at, 'drift')
    expect(at.text(LEDGER)).toBe(before)
  })

  test.each([
    ['beside a file that -f names', 'there/spec.yaml', 'there/.mailconfig/ledger.json'],
    ['in a folder that -f names', 'there', 'there/.mailconfig/ledger.json'],
  ])('is %s', async (_, given, expected) => {
    const at = await home()
    at.spec(SPEC)
    at.file('there/spec.yaml', at.text('mailconfig.yaml'))
    await ok(at, `apply --auto-approve -f ${given}`)
    expect(at.has(expected)).toBe(true)
    expect(at.has('.mailconfig')).toBe(false)
  })

  test('is where --ledger says, or MAILCONFIG_LEDGER, and the option wins', async () => {
    const at = await home()
    at.spec(SPEC)
    await ok(at, 'apply --auto-approve', { MAILCONFIG_LEDGER: 'one.json' })
    expect([at.has('one.json'), at.has('.mailconfig')]).toEqual([true, false])
    await ok(at, 'adopt --all --ledger two.json', { MAILCONFIG_LEDGER: 'one.json' })
    expect(at.has('two.json')).toBe(true)
  })

  test('is not there under --ledger none, and then nobody can say who changed what', async () => {
    const at = await home()
    at.spec(SPEC)
    await ok(at, 'apply --auto-approve --ledger none')
    expect(at.has('.mailconfig')).toBe(false)
    edit(at.emulator, 'calm-app', { description: 'Edited' })
    expect((await planOf(at)).changes).toMatchObject([{ address: 'smtpUsers/calm-app', reason: 'unknown' }])
  })

  test('of an emulator that keeps its contents is beside them, and one in memory has none', async () => {
    const at = await home()
    at.file('mailconfig.yaml', `version: 1\naccounts: { main: { api: smtp2go } }\n${SPEC}`)
    const env = { MAILCONFIG_LEDGER: 'real.json' }
    await ok(at, 'apply --auto-approve --emulator', env)
    expect(at.has('real.json') || at.has('.mailconfig')).toBe(false)
    await ok(at, 'apply --auto-approve --emulator=world.json', env)
    expect(at.has('world.ledger.json')).toBe(true)
    const again = await ok(at, 'plan --emulator=world.json', { ...env, PASSWORD: OTHER })
    expect(again.stdout).toContain('2 to update') // it knows which passwords were sent
    expect(at.has('real.json') || at.has('.mailconfig')).toBe(false)
  })

  test('tells an edit of the spec from a change outside, field by field', async () => {
    const at = await applied()
    at.spec(SPEC.replace('As it is', 'As it was').replace('500', '700'))
    edit(at.emulator, 'billing-app', { description: 'Edited', custom_ratelimit_value: 77 })
    const { changes } = await planOf(at)
    expect(changes).toMatchObject([
      {
        address: 'smtpUsers/billing-app',
        reason: 'both',
        fields: [
          { path: 'description', reason: 'drift' },
          { path: 'rateLimit.messages', before: 77, after: 700, reason: 'both' },
        ],
      },
      { address: 'smtpUsers/calm-app', reason: 'spec' },
    ])
    const { stdout } = await ok(at, 'plan')
    expect(stdout).toContain('~ smtpUsers/billing-app  changed outside, and in the spec')
    expect(stdout).toMatch(/description +"Edited" → "Invoices" {2}changed outside/)
    expect(stdout).toMatch(/rateLimit.messages +77 → 700 {2}both changed it/)
    expect(stdout).not.toMatch(/calm-app.*outside/)
  })

  test('notices a password that changed in the spec, which no API shows', async () => {
    const at = await applied()
    expect((await ok(at, 'plan')).stdout).toContain('Nothing to do.')
    const { changes } = await planOf(at, { PASSWORD: OTHER })
    expect(changes).toMatchObject([
      { address: 'smtpUsers/billing-app', reason: 'spec', fields: [{ path: 'password', sensitive: true }] },
      { address: 'smtpUsers/calm-app', reason: 'spec' },
    ])
    await ok(at, 'apply --auto-approve', { PASSWORD: OTHER })
    expect(user(at, 'calm-app')).toMatchObject({ email_password: OTHER })
    expect((await ok(at, 'plan', { PASSWORD: OTHER })).stdout).toContain('Nothing to do.')
  })

  test('lets owned delete what was ours and left the spec, and nothing else', async () => {
    const at = await applied(`manage: { smtpUsers: owned }\n${SPEC}`)
    at.spec(`manage: { smtpUsers: owned }\n${SPEC.slice(0, SPEC.indexOf('  - username: calm-app'))}`)
    await ok(at, 'apply --auto-approve')
    expect(written(at.emulator)).toEqual(['POST /users/smtp/remove'])
    expect(
      scopeOf(at.emulator)
        ['smtpUsers']?.map((one) => one['username'])
        .sort(),
    ).toEqual(['billing-app', 'foreign-app'])
  })

  test('holds no secret, and neither does anything else that is written or said', async () => {
    const at = await home()
    at.spec(
      `${SPEC}webhooks:\n  - { url: "https://hooks.example.com/", events: [bounce], auth: { type: bearer, value: "\${env:HOOK}" } }\n`,
    )
    const said = [
      await ok(at, 'apply --auto-approve'),
      await ok(at, 'plan', { PASSWORD: OTHER, HOOK: 'Other-canary-77' }),
    ]
    said.push(await ok(at, 'apply --auto-approve', { PASSWORD: OTHER }))
    const [last] = await runsOf(at)
    said.push(
      await ok(at, `history ${last?.id}`),
      await ok(at, `history ${last?.id} --format json`),
      await ok(at, 'drift'),
    )
    const text = said.map(({ stdout, stderr }) => stdout + stderr).join('\n') + at.everything()
    for (const secret of [STRONG, OTHER, ENV.HOOK, 'Other-canary-77', at.emulator.apiKey])
      expect(text).not.toContain(secret)
    expect(at.text(LEDGER)).toContain('"password"')
  })

  test('says which saved plan was applied, and that is for one apply', async () => {
    const at = await applied()
    at.spec(SPEC.replace('As it is', 'As it was'))
    await ok(at, 'plan --out plan.json')
    await ok(at, 'apply plan.json')
    edit(at.emulator, 'calm-app', { description: 'As it is' }) // as it was when the plan was made
    const { code, stderr } = await at.run('apply plan.json', { env: ENV })
    expect({ code, codes: codes(stderr) }).toEqual({ code: 3, codes: ['PLAN_APPLIED'] })
    expect(user(at, 'calm-app')).toMatchObject({ description: 'As it is' })
  })

  test('remembers the commit that is checked out', async () => {
    const at = await home()
    at.spec(SPEC)
    const commit = '0123456789abcdef0123456789abcdef01234567'
    at.file('.git/HEAD', 'ref: refs/heads/main\n')
    at.file('.git/refs/heads/main', `${commit}\n`)
    await ok(at, 'apply --auto-approve')
    expect(await runsOf(at)).toMatchObject([{ commit }])
  })

  test('is kept behind HTTP just as well', async () => {
    await using server = await startedServer()
    const at = await home()
    at.spec(SPEC)
    const env = {
      MAILCONFIG_LEDGER: `${server.origin}/mail`,
      MAILCONFIG_LEDGER_USERNAME: server.user,
      MAILCONFIG_LEDGER_PASSWORD: server.password,
    }
    await ok(at, 'apply --auto-approve', env)
    expect(at.has('.mailconfig')).toBe(false)
    expect(await runsOf(at, '', env)).toMatchObject([{ command: 'apply', state: 'done' }])
    edit(at.emulator, 'calm-app', { description: 'Edited' })
    const drift = await at.run('drift', { env: { ...ENV, ...env } })
    expect(drift.stdout).toContain('calm-app  changed outside')
    expect(drift.code).toBe(2)
    const [first] = await runsOf(at, '', env)
    at.spec(SPEC.replace('As it is', 'As it was'))
    await ok(at, 'apply --auto-approve', env)
    await ok(at, `rollback --to ${first?.id} --auto-approve`, env)
    expect((await runsOf(at, '', env)).map(({ command }) => command)).toEqual(['rollback', 'apply', 'apply'])
    expect((await ok(at, 'unlock', env)).stdout).toContain('Nobody holds')
    const text = JSON.stringify([...server.states])
    for (const secret of [STRONG, server.password, at.emulator.apiKey]) expect(text).not.toContain(secret)
  })
})

/** A server that closes itself. */
async function startedServer() {
  const server = await startStateServer()
  return Object.assign(server, { [Symbol.asyncDispose]: () => server.close() })
}

describe('a ledger that is not as it should be', () => {
  test('lost: a plan compares two ways, an apply begins anew, and nothing is deleted', async () => {
    const at = await applied(`manage: { smtpUsers: owned }\n${SPEC}`)
    rmSync(join(at.dir, LEDGER))
    at.spec(
      `manage: { smtpUsers: owned }\n${SPEC.slice(0, SPEC.indexOf('  - username: calm-app')).replace('500', '700')}`,
    )
    const { stdout, stderr } = await ok(at, 'apply --auto-approve')
    expect(stderr).toContain('OWNED_WITHOUT_LEDGER warning:')
    expect(stdout).toContain('0 to delete')
    expect(user(at, 'calm-app')).toBeDefined()
    expect(await runsOf(at)).toMatchObject([{ summary: { update: 1 } }])
  })

  const corrupt: readonly (readonly [string, string, (text: string) => string])[] = [
    ['cut off', 'LEDGER_CORRUPT', (text) => text.slice(0, 400)],
    ['edited by hand', 'LEDGER_CORRUPT', (text) => text.replaceAll('"Invoices"', '"Bills"')],
    ['empty', 'LEDGER_CORRUPT', () => ''],
    ['newer', 'LEDGER_NEWER', (text) => text.replace('"format": 1', '"format": 9')],
  ]
  test.each(corrupt)(
    '%s: a plan goes on with a warning, an apply is refused and leaves it alone',
    async (_, code, spoil) => {
      const at = await applied()
      at.file(LEDGER, spoil(at.text(LEDGER)))
      at.spec(SPEC.replace('As it is', 'As it was'))
      const before = at.text(LEDGER)
      const planned = await ok(at, 'plan')
      expect(planned.stdout).toContain('1 to update')
      expect(planned.stderr).toContain(`${code} warning:`)
      for (const command of ['apply --auto-approve', 'destroy --auto-approve', 'adopt --all']) {
        const refused = await at.run(command, { env: ENV })
        expect({ command, code: refused.code, codes: codes(refused.stderr) }).toEqual({
          command,
          code: 3,
          codes: [code],
        })
        expect(refused.stderr).toContain('Nothing was written.')
      }
      const asJson = await at.run('apply --auto-approve --format json', { env: ENV })
      expect(JSON.parse(asJson.stdout)).toMatchObject({ valid: false, problems: [{ code }] })
      expect(at.text(LEDGER)).toBe(before)
      expect(writes(at.emulator)).toEqual([])
    },
  )

  test('about another account: an apply is refused, and adopt --replace begins anew', async () => {
    const hook = 'webhooks:\n  - { url: "https://hooks.example.com/", events: [bounce] }\n'
    const at = await applied(hook)
    const key = `api-${'AnotherAccount'.padEnd(32, '7')}`
    const webhooks = [{ id: 90_001, url: 'https://hooks.example.com/', events: ['bounce'] }]
    at.emulator.setState(state({ webhooks }, { keys: [{ api_key: key, endpoints: ['*'] }] }))
    const refused = await at.run('apply --auto-approve', { env: { ...ENV, KEY: key } })
    expect({ code: refused.code, codes: codes(refused.stderr) }).toEqual({ code: 3, codes: ['LEDGER_OTHER_ACCOUNT'] })
    expect(refused.stderr).toContain('adopt --all --replace')
    expect((await ok(at, 'plan', { KEY: key })).stderr).toContain('LEDGER_OTHER_ACCOUNT warning:')
    await ok(at, 'adopt --all --replace', { KEY: key })
    expect((await ok(at, 'apply --auto-approve', { KEY: key })).stdout).toContain('Nothing to do.')
    expect(writes(at.emulator)).toEqual([])
  })

  test('about an emulator that was restarted is kept where its objects show it, and begun anew where not', async () => {
    const at = await applied(`webhooks:\n  - { url: "https://hooks.example.com/", events: [bounce] }\n${SPEC}`)
    const same = await home({ seed: at.emulator.state() })
    const spec = at.text('mailconfig.yaml')
    at.file('mailconfig.yaml', spec.replace(at.emulator.smtp2go, same.emulator.smtp2go))
    edit(same.emulator, 'calm-app', { description: 'Edited' })
    expect((await planOf(at)).changes).toMatchObject([{ address: 'smtpUsers/calm-app', reason: 'drift' }])
    const empty = await home()
    at.file('mailconfig.yaml', spec.replace(at.emulator.smtp2go, empty.emulator.smtp2go))
    const { stderr } = await ok(at, 'apply --auto-approve')
    expect(stderr).toContain('LEDGER_OTHER_EMULATOR warning:')
    expect(written(empty.emulator)).toHaveLength(3)
    expect(await runsOf(at)).toHaveLength(1)
    expect((await ok(at, `plan ${lintsOff(at)}`)).stderr).toBe('')
  })

  test('that cannot be reached stops an apply before its first write, and a plan goes on', async () => {
    const at = await home()
    at.spec(SPEC)
    const ledger = 'http://127.0.0.1:9/mail'
    const planned = await ok(at, `plan --ledger ${ledger}`)
    expect(planned.stderr).toContain('LEDGER_UNREACHABLE warning:')
    const { code, stderr } = await at.run(`apply --auto-approve --ledger ${ledger}`, { env: ENV })
    expect({ code, codes: codes(stderr) }).toEqual({ code: 1, codes: ['LEDGER_UNREACHABLE'] })
    expect(stderr).toContain('--ledger none')
    expect(writes(at.emulator)).toEqual([])
  })

  test('that is a folder is told', async () => {
    const at = await home()
    at.spec(SPEC)
    mkdirSync(join(at.dir, 'folder'))
    const { code, stderr } = await at.run('apply --auto-approve --ledger folder', { env: ENV })
    expect({ code, codes: codes(stderr) }).toEqual({ code: 1, codes: ['LEDGER_UNREACHABLE'] })
    expect(existsSync(join(at.dir, 'folder'))).toBe(true)
    expect(writes(at.emulator)).toEqual([])
  })

  test('that can be written no more in mid-run is reported, and nothing new is begun', async () => {
    await using server = await startedServer()
    const at = await home()
    const users = Array.from({ length: 60 }, (_, n) => `  - { username: app-${n}, password: "\${env:PASSWORD}" }\n`)
    at.spec(`smtpUsers:\n${users.join('')}`)
    at.emulator.faults([{ match: { path: '/v3/users/smtp/add' }, fault: 'latency', ms: 300 }])
    const env = {
      ...ENV,
      MAILCONFIG_LEDGER: `${server.origin}/mail`,
      MAILCONFIG_LEDGER_USERNAME: server.user,
      MAILCONFIG_LEDGER_PASSWORD: server.password,
    }
    server.interfere = (request, response) => {
      if (request.method !== 'POST' || written(at.emulator).length === 0) return false
      response.writeHead(400).end()
      return true
    }
    const { code, stdout, stderr } = await at.run('apply --auto-approve --parallelism 2', { env })
    expect(stderr).toContain('what was done is in the report but not in the ledger')
    expect(stdout).toContain('Applied in part.')
    expect(code).toBe(4)
    expect(written(at.emulator).length).toBeLessThan(60)
    server.interfere = () => false
    const next = await at.run('plan', { env })
    expect(next.stderr).toContain('RUN_INTERRUPTED warning:')
  })
})
