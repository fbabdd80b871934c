import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { kinds } from '../../src/apis/index.ts'
import { readSpec } from '../../src/cdktf/read-spec.ts'
import { isRecord } from '../../src/model/json.ts'

const HEAD =
  'version: 1\naccounts:\n  main: { api: smtp2go }\n  office: { api: backoffice, url: https://b.example.com }\n'
const CANARY = 'Cänary-$(1)+"5ecret\''

const read = (text: string, env = {}, more = {}) => readSpec({ spec: { text: HEAD + text }, vars: {}, env, ...more })

async function resources(text: string, env = {}, more = {}) {
  const answer = await read(text, env, more)
  if (!answer.ok) throw new Error(answer.problems.join('\n'))
  return answer
}

describe('secrets', () => {
  test.each([
    ['a variable of the environment', '${env:PASSWORD}', 'password'],
    ['one whose name begins with a digit', '${env:2FA_PASSWORD}', '_2fa_password'],
    ['a text that is written out', `'${CANARY.replaceAll("'", "''")}'`, 'smtpusers_billing_app_password'],
    ['a variable of the spec', '${var:word}', 'smtpusers_billing_app_password'],
    ['a text with a reference in it', 'prefix-${env:PASSWORD}', 'smtpusers_billing_app_password'],
  ])('%s becomes a variable, and its value is nowhere', async (_, value, name) => {
    const answer = await resources(
      `smtpUsers:\n  - username: billing-app\n    password: ${value}\n`,
      { PASSWORD: CANARY, '2FA_PASSWORD': CANARY },
      { vars: { word: CANARY }, secretVersion: 4 },
    )
    expect(JSON.stringify(answer)).not.toContain('anary')
    expect(answer.secrets).toEqual({ [name]: 'smtpUsers/billing-app.password' })
    expect(answer.resources[0]?.config).toEqual({
      username: 'billing-app',
      passwordWo: { $secret: name },
      passwordWoVersion: 4,
    })
  })

  test('a file with a secret is read for nothing but to see that it is there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mailconfig-'))
    try {
      const spec = `${HEAD}smtpUsers:\n  - username: billing-app\n    password: \${file:password}\n`
      writeFileSync(join(folder, 'mail.yaml'), spec)
      const ask = () => readSpec({ spec: { paths: ['mail.yaml'], cwd: folder }, vars: {}, env: {} })
      expect(await ask()).toMatchObject({
        ok: false,
        problems: [expect.stringContaining('mail.yaml:7:5 FILE_MISSING')],
      })
      writeFileSync(join(folder, 'password'), CANARY)
      const answer = await ask()
      expect(answer.ok).toBe(true)
      expect(JSON.stringify(answer)).not.toContain('anary')
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  test('they need not be set, and everything else does', async () => {
    const text = 'smtpUsers:\n  - username: billing-app\n    password: ${env:PASSWORD}\n    description: ${env:TEXT}\n'
    expect(await read(text)).toMatchObject({ ok: false, problems: [expect.stringContaining('"TEXT" is not set')] })
    expect(await read(text, { TEXT: 'x' })).toMatchObject({ ok: true })
  })

  test('two that differ in case have two variables, and one that is named twice has one', async () => {
    const users = ['PASSWORD', 'password', 'PASSWORD'].map(
      (name, at) => `  - username: user-${at}\n    password: \${env:${name}}\n`,
    )
    const { secrets } = await resources(`smtpUsers:\n${users.join('')}`)
    expect(secrets).toEqual({
      password: 'smtpUsers/user-0.password, smtpUsers/user-2.password',
      password_2: 'smtpUsers/user-1.password',
    })
  })
})

describe('the names of resources', () => {
  test('do not change when another account, another section or another object joins', async () => {
    const one = 'suppressions: [a@example.com]\n'
    const before = (await resources(one)).resources.map(({ id }) => id)
    const more = `${one}smtpUsers:\n  - username: billing-app\n    password: \${env:P}\n`
    expect((await resources(more)).resources.map(({ id }) => id)).toEqual(['smtp_user-billing-app', ...before])
    const text = `version: 1\naccounts:\n  main: { api: smtp2go }\n  extra: { api: smtp2go }\naccount: main\n${one}`
    const answer = await readSpec({ spec: { text: `${text}---\naccount: extra\n${one}` }, vars: {}, env: {} })
    expect(answer.ok && answer.resources.map(({ id }) => id)).toEqual([...before, 'extra-suppression-a@example.com'])
  })

  test('what is referred to comes first', async () => {
    const { resources: found } = await resources(
      'senderDomains:\n  - domain: example.com\n    subaccountAccess: { subaccounts: [Acme], future: false }\nsubaccounts:\n  - name: Acme\n---\naccount: main\nsubaccount: Acme\nsuppressions: [a@example.com]\n',
    )
    expect(found.map(({ id }) => id)).toEqual([
      'subaccount-Acme',
      'sender_domain-example.com',
      'Acme-suppression-a@example.com',
    ])
    expect(found[1]?.config['subaccountAccess']).toEqual({
      subaccounts: [{ $resource: 'subaccount-Acme', attribute: 'name' }],
      future: false,
    })
    expect(found[2]?.config['subaccount']).toEqual({ $resource: 'subaccount-Acme', attribute: 'name' })
  })
})

test('what Terraform would take for its own is doubled', async () => {
  const text = 'smtpUsers:\n  - username: billing-app\n    password: ${env:P}\n    description: "$${a} %{b} %%C%%"\n'
  const { resources: found } = await resources(text)
  expect(found[0]?.config['description']).toBe('$${a} %%{b} %%C%%')
})

test('what is absent is no resource, what moved and what is protected is said', async () => {
  const { resources: found, warnings } = await resources(
    'suppressions:\n  - { address: a@example.com, state: absent }\n  - { address: b@example.com, protect: true }\n',
  )
  expect(found.map(({ id, protect }) => [id, protect])).toEqual([['suppression-b@example.com', true]])
  expect(warnings).toEqual([expect.stringContaining('suppressions/a@example.com is absent')])
})

test('every kind has an example that becomes a resource', async () => {
  for (const kind of kinds) {
    const entry = kind.singleton === undefined ? [kind.example] : kind.example
    const section = Array.isArray(kind.singleton) ? { [kind.singleton[0]]: without(kind.example, kind.key) } : entry
    const json = {
      version: 1,
      accounts: { a: { api: kind.api.name, url: 'https://a.example.com' } },
      [kind.name]: section,
    }
    const answer = await readSpec({ spec: { json: JSON.stringify(json), tokens: {} }, vars: {}, env: {} })
    expect([kind.name, answer]).toMatchObject([kind.name, { ok: true, resources: [{ section: kind.name }] }])
  }
})

function without(value: unknown, name: string): unknown {
  return isRecord(value) ? Object.fromEntries(Object.entries(value).filter(([one]) => one !== name)) : value
}
