import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { afterEach, expect, test } from 'vitest'
import { openExample, startProcess } from '../../../examples/run.ts'
import { closeHomes, home, STRONG, state, writes } from '../../harness.ts'

afterEach(closeHomes)

test.each(['full', 'gitops', 'backoffice', 'quickstart'])(
  'the plan of %s on a recorded account is the plan on the account',
  async (name) => {
    await using emulator = await startProcess()
    await using place = await openExample(name, emulator)
    expect(await place.run('apply', '--auto-approve')).toMatchObject({ code: 0 })
    await emulator.forget()
    const recorded = await place.run('export', '--format', 'emulator', '-o', 'account.json')
    expect(recorded).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('Wrote account.json.') })
    expect((await emulator.calls()).filter((call) => call.writes)).toEqual([])

    const text = readFileSync(`${place.folder}/account.json`, 'utf8')
    const secrets = Object.values(parseEnv(readFileSync(`examples/${name}/.env.example`, 'utf8')))
    for (const secret of [...secrets, emulator.apiKey, emulator.token]) expect(text).not.toContain(secret)

    const nothing = { SMTP2GO_API_KEY: '', BACKOFFICE_TOKEN: '' }
    const planned = await place.run('plan', '--emulator=account.json', '--detailed-exitcode', nothing)
    expect(planned).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing to do.') })
  },
)

test('a difference on the account is the same difference on its recording', async () => {
  const smtpUsers = [
    { username: 'billing', email_password: STRONG, description: 'Old', status: 'blocked' },
    { username: 'someone-else', email_password: STRONG },
  ]
  const at = await home({ seed: state({ smtpUsers }), settings: { smtpPasswordReadback: 'echo' } })
  at.spec(
    `smtpUsers:\n  - { username: billing, password: "${STRONG}", description: Invoices }\n  - { username: fresh, password: "${STRONG}" }\n`,
  )
  expect(await at.run('export --format emulator -o account.json')).toMatchObject({ code: 0 })
  expect(at.text('account.json')).not.toContain(STRONG)
  const changes = async (more: string): Promise<unknown> =>
    JSON.parse((await at.run(`plan --format json ${more}`)).stdout).changes
  expect(await changes('--emulator=account.json')).toEqual(await changes(''))
  expect(await changes('')).toHaveLength(2)
  expect(writes(at.emulator)).toEqual([])
})

test('it needs a file, and writes over none', async () => {
  const at = await home()
  at.spec('')
  expect(await at.run('export --format emulator')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('-o account.json'),
  })
  expect(at.emulator.requests()).toEqual([])
  at.file('account.json', 'mine')
  expect(await at.run('export --format emulator -o account.json')).toMatchObject({ code: 1 })
  expect(at.text('account.json')).toBe('mine')
  expect(await at.run('export --format emulator -o account.json --force')).toMatchObject({ code: 0 })
})

test('what the key may not read is left out and said', async () => {
  const at = await home()
  at.spec('')
  at.emulator.faults([
    {
      match: { path: '/v3/webhook/view' },
      fault: 'status',
      status: 400,
      body: {
        data: {
          error: 'You do not have permission to access this API endpoint',
          error_code: 'E_ApiResponseCodes.ENDPOINT_PERMISSION_DENIED',
        },
      },
    },
  ])
  const recorded = await at.run('export --format emulator -o account.json')
  expect(recorded.stderr).toContain('note: main:webhooks: left out')
  expect(recorded.code).toBe(0)
})

test('two accounts of one API are two files, as --emulator reads them, whichever of them is used', async () => {
  const second = await home({ seed: state({ singleSenders: [{ email_address: 'a@example.org', verified: true }] }) })
  const at = await home()
  const account = (name: string, { smtp2go }: { smtp2go: string }) =>
    `  ${name}: { api: smtp2go, url: "${smtp2go}", apiKey: "\${env:KEY}" }\n`
  const accounts = `version: 1\naccounts:\n${account('main', at.emulator)}${account('second', second.emulator)}`
  const inSecond = '---\nversion: 1\naccount: second\nsingleSenders: [a@example.org]\n'
  at.file('mailconfig.yaml', accounts + inSecond)
  expect(await at.run('export --format emulator -o account.json')).toMatchObject({ code: 0 })
  expect(at.text('account.second.json')).toContain('a@example.org')
  expect(at.text('account.json')).not.toContain('a@example.org')
  const nothing = { stdout: expect.stringContaining('Nothing to do.') }
  expect(await at.run('plan --emulator=account.json')).toMatchObject(nothing)
  at.file('mailconfig.yaml', `${accounts}---\nversion: 1\naccount: main\nsingleSenders: [b@example.org]\n${inSecond}`)
  expect(await at.run('plan --emulator=account.json --account second')).toMatchObject(nothing)
  expect(await at.run('plan --emulator=account.json')).toMatchObject({ stdout: expect.stringContaining('1 to create') })
})
