import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { afterEach, expect, test } from 'vitest'
import { closeHomes, home, STRONG } from '../../harness.ts'
import { applied, ok, runsOf, SPEC } from '../../remembering.ts'

afterEach(closeHomes)

const schema = JSON.parse(readFileSync('schemas/history.schema.json', 'utf8'))
const validate = new Ajv({ strict: false, allErrors: true }).compile(schema)

test('the runs are listed, the latest first, with who and what', async () => {
  const at = await applied()
  at.spec(SPEC.replace('As it is', 'As it was'))
  await ok(at, 'apply --auto-approve', {
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTOR: 'ada',
    GITHUB_REF_PROTECTED: 'true',
    GITHUB_REF_NAME: 'main',
    GITHUB_SHA: 'abcdef1234567890abcdef1234567890abcdef12',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_REPOSITORY: 'a/b',
    GITHUB_RUN_ID: '7',
  })
  await ok(at, 'destroy --auto-approve --only smtpUsers/calm-app')
  const { stdout } = await ok(at, 'history')
  const rows = stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/ {2,}/))
  expect(rows[0]).toEqual(['RUN', 'WHEN (UTC)', 'COMMAND', 'RESULT', 'CHANGES', 'WHO', 'COMMIT', 'ACCOUNT'])
  expect(rows.slice(1).map((row) => row.slice(2, 5))).toEqual([
    ['destroy', 'done', '+0 ~0 -1'],
    ['apply', 'done', '+0 ~1 -0'],
    ['apply', 'done', '+2 ~0 -0'],
  ])
  expect(rows[2]?.slice(5)).toEqual(['ada', 'abcdef1', 'main'])
  const listed = await ok(at, 'history --format json')
  expect(validate(JSON.parse(listed.stdout)), JSON.stringify(validate.errors)).toBe(true)
})

test('one run is shown with its changes, before and after, and without a secret', async () => {
  const at = await applied()
  at.spec(SPEC.replace('As it is', 'As it was'))
  await ok(at, 'apply --auto-approve')
  const [update, create] = await runsOf(at)
  const shown = await ok(at, `history ${update?.id}`)
  expect(shown.stdout).toContain(`Run ${update?.id}`)
  expect(shown.stdout).toMatch(/~ smtpUsers\/calm-app\n +description +"As it is" → "As it was"/)
  const made = await ok(at, `history ${create?.id} --format json`)
  const document = JSON.parse(made.stdout)
  expect(validate(document), JSON.stringify(validate.errors)).toBe(true)
  expect(document.runs[0].changes).toMatchObject([
    { address: 'smtpUsers/billing-app', action: 'create', outcome: 'done', secrets: ['password'] },
    { address: 'smtpUsers/calm-app' },
  ])
  expect(made.stdout + shown.stdout).not.toContain(STRONG)
  expect(made.stdout).not.toContain('v1.') // how a fingerprint begins
})

test('it needs neither the variables of the spec nor the API', async () => {
  const at = await applied()
  await at.emulator.close()
  const { code, stdout } = await at.run('history')
  expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('+2 ~0 -0') })
})

test('no runs, and a run that nobody knows', async () => {
  const at = await home()
  at.spec(SPEC)
  expect((await ok(at, 'history')).stdout).toBe('No runs are in .mailconfig/ledger.json.\n')
  const { code, stderr } = await at.run('history abc1234')
  expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('has no run "abc1234"') })
})

test('a run over several accounts names them in the order of their names', async () => {
  const at = await home()
  at.both(
    'providers: [{ caption: Relay, host: smtp.example.com, port: 587, username: relay, password: "${env:PW}", sendFrom: a@example.com, sendFromName: A, encryption: tls }]\nsmtpUsers: [{ username: calm-app, password: "${env:PW}" }]\n',
  )
  await ok(at, 'apply --auto-approve', { PW: STRONG })
  const { runs } = JSON.parse((await ok(at, 'history --format json')).stdout)
  expect(runs.map((run: { accounts: string[] }) => run.accounts)).toEqual([['main', 'office']])
})
