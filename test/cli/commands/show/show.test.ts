import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { closeHomes, type Home, home, STRONG, state } from '../../harness.ts'

afterEach(closeHomes)

const ENV = { PASSWORD: STRONG }

async function planned(args = ''): Promise<Home & { readonly shown: string }> {
  const at = await home({ seed: state({ smtpUsers: [{ username: 'billing-app', description: 'Invoices' }] }) })
  at.spec(
    'smtpUsers:\n  - { username: billing-app, description: More }\n  - { username: new-app, password: "${env:PASSWORD}" }\n',
  )
  const { stdout } = await at.run(`plan --out plan.json ${args}`, { env: ENV })
  at.emulator.clearRequests()
  return { ...at, shown: stdout }
}

/** What is printed without the head, which has an id and a time. */
function body(text: string): string {
  return text.split('\n').slice(2).join('\n')
}

test('prints a saved plan as plan did, without a call and without a credential', async () => {
  const at = await planned()
  const { code, stdout, stderr } = await at.run('show plan.json', { env: { KEY: '' } })
  expect(stdout.split('\n')[0]).toMatch(/^Plan [0-9a-f-]{36} saved 20\d\d-\S+Z by mailconfig \d\S+, to apply$/)
  expect(body(stdout)).toBe(at.shown)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(at.emulator.requests()).toEqual([])
})

test('says what a plan was limited to', async () => {
  const at = await planned('--only "*/billing-app"')
  expect((await at.run('show plan.json')).stdout.split('\n')[0]).toContain('to apply, --only */billing-app')
})

test('prints the JSON that plan printed', async () => {
  const at = await planned()
  const printed = await at.run('plan --format json', { env: ENV })
  expect((await at.run('show plan.json --format json')).stdout).toBe(printed.stdout)
})

test('a stale plan is shown with a warning', async () => {
  const at = await planned()
  at.file('mailconfig.yaml', 'this: is no spec')
  const edited = await at.run('show plan.json')
  expect(edited.stderr).toBe('warning: the file "mailconfig.yaml" of the spec was changed since the plan was made\n')
  expect({ code: edited.code, body: body(edited.stdout) }).toEqual({ code: 0, body: at.shown })
  rmSync(join(at.dir, 'mailconfig.yaml'))
  const gone = await at.run('show plan.json')
  expect(gone.stderr).toBe('warning: the file "mailconfig.yaml" of the spec is gone since the plan was made\n')
  expect({ code: gone.code, body: body(gone.stdout) }).toEqual({ code: 0, body: at.shown })
})

test('a plan of another version, newer or edited, is shown with a warning', async () => {
  const at = await planned()
  const text = at.text('plan.json')
  const newer = text.replace('"1.0"', '"1.9"').replace(/"mailconfig":"[^"]+"/, '"mailconfig":"9.9.9","later":{"a":[1]}')
  at.file('plan.json', newer)
  const { code, stdout, stderr } = await at.run('show plan.json')
  expect(stderr).toContain('warning: the plan was made by mailconfig 9.9.9')
  expect(stderr).toContain('warning: the plan was edited after it was saved')
  expect({ code, body: body(stdout) }).toEqual({ code: 0, body: at.shown })
})

test('what somebody wrote into a plan cannot move the cursor', async () => {
  const at = await planned()
  at.file('plan.json', at.text('plan.json').replace('smtpUsers/new-app"', 'smtpUsers/new\\u001b[2J-app"'))
  expect((await at.run('show plan.json')).stdout).toContain('smtpUsers/new\\u001b[2J-app')
})
