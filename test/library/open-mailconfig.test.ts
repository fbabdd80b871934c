import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Emulator, startEmulator } from '../../src/apis/emulator.ts'
import { defineKind, fields, kinds, type MailconfigOptions, openMailconfig, SpecError } from '../../src/index.ts'

let emulator: Emulator
let cwd: string
beforeEach(async () => {
  emulator = await startEmulator()
  cwd = mkdtempSync(join(tmpdir(), 'mailconfig-library-'))
})
afterEach(async () => {
  await emulator.close()
  rmSync(cwd, { recursive: true, force: true })
})

const PASSWORD = 'correct-horse-battery-staple-7'
function open(spec: string, more: MailconfigOptions = {}) {
  const head = 'version: 1\naccounts: { main: { api: smtp2go, url: "${env:URL}", apiKey: "${env:KEY}" } }\n'
  writeFileSync(join(cwd, 'mailconfig.yaml'), head + spec)
  return openMailconfig({ cwd, env: { URL: emulator.smtp2go, KEY: emulator.apiKey, PASSWORD }, ...more })
}
const writes = () => emulator.requests().filter((request) => request.writes)
const USER = 'smtpUsers: [{ username: billing-app, password: "${env:PASSWORD}" }]\n'

describe('openMailconfig', () => {
  test('plans, applies, and has nothing left to do', async () => {
    await using mail = await open(USER)
    const planned = await mail.plan()
    expect(planned).toMatchObject({
      outcome: 'planned',
      plan: { changes: [{ action: 'create', address: 'smtpUsers/billing-app' }] },
    })
    expect(writes()).toEqual([])
    expect(await mail.apply()).toMatchObject({ outcome: 'applied', isWhole: true, results: [{ outcome: 'done' }] })
    expect(await mail.plan()).toMatchObject({ plan: { changes: [{ action: 'noop' }] } })
  })

  test('applies nothing where a gate is closed, and all where it is accepted', async () => {
    const seed = [{ email_address: 'gone@example.org', timestamp: '2026-01-31 12:00:00' }]
    emulator.setState({ ...state(), smtp2go: { ...state().smtp2go, scopes: { '': { suppressions: seed } } } })
    await using mail = await open('suppressions: [{ address: gone@example.org, state: absent }]\n')
    const refused = await mail.apply()
    expect(refused).toMatchObject({ outcome: 'refused', gates: [{ code: 'SUPPRESSION_REMOVED' }] })
    expect(writes()).toEqual([])
    const accept = refused.outcome === 'refused' ? refused.gates.flatMap(({ token }) => token ?? []) : []
    expect(await mail.apply({ accept })).toMatchObject({ outcome: 'applied', isWhole: true })
  })

  test('rejects with every problem of a spec, and calls nobody', async () => {
    const opening = open('smtpUsers: [{ username: abc }]\nwebhooks: [{ url: nonsense, events: [bounce] }]\n')
    await expect(opening).rejects.toBeInstanceOf(SpecError)
    const problems = await opening.catch((error: SpecError) => error.problems)
    expect(problems).toHaveLength(2)
    expect(problems).toMatchObject([
      { code: 'BAD_VALUE', at: { line: 3 } },
      { code: 'BAD_VALUE', at: { line: 4 } },
    ])
    expect(emulator.requests()).toEqual([])
  })

  test('says what could not be read', async () => {
    await using mail = await open(USER)
    emulator.faults([{ match: { path: '/v3/users/smtp/view' }, fault: 'status', status: 403, body: { data: {} } }])
    expect(await mail.plan()).toMatchObject({ outcome: 'impossible', unread: [{ kind: 'smtpUsers' }] })
    expect(await mail.apply()).toMatchObject({ outcome: 'impossible' })
    expect(writes()).toEqual([])
  })

  test('writes a ledger down, under a lease, without secrets', async () => {
    await using mail = await open(USER, { ledger: 'ledger.json' })
    await mail.plan()
    expect(existsSync(join(cwd, 'ledger.json'))).toBe(false)
    await mail.apply()
    const text = readFileSync(join(cwd, 'ledger.json'), 'utf8')
    expect(text).toContain('smtpUsers/billing-app')
    expect(text).not.toContain(PASSWORD)
    await using other = await open(USER, {
      ledger: 'ledger.json',
      env: { ...environment(), PASSWORD: `${PASSWORD}-new` },
    })
    expect(await other.plan()).toMatchObject({ plan: { changes: [{ action: 'update', fields: [{ isNew: true }] }] } })
  })

  test('makes no key that nobody takes', async () => {
    await using mail = await open(
      'apiKeys: [{ description: Billing, endpoints: [/email/send], saveTo: { file: k } }]\n',
    )
    const applied = await mail.apply()
    expect(applied).toMatchObject({ outcome: 'applied', isWhole: false, results: [{ outcome: 'failed' }] })
    expect(writes()).toEqual([])
  })

  test('begins nothing new once it is aborted', async () => {
    await using mail = await open(USER)
    const stop = new AbortController()
    const applied = mail.apply({ signal: stop.signal })
    stop.abort()
    const outcome = await applied.catch((error: unknown) => error)
    expect(writes()).toEqual([])
    expect(outcome).not.toMatchObject({ isWhole: true })
  })

  test('takes a kind of one’s own', async () => {
    const [first] = kinds.filter(({ name }) => name === 'singleSenders')
    if (first === undefined) throw new Error('there is no such kind')
    const mine = defineKind({
      ...first,
      name: 'people',
      key: 'address',
      id: 'address',
      fields: { address: fields.string('Whose.', { required: true, wire: 'email_address' }) },
      example: { address: 'ann@example.com' },
    })
    await using mail = await open('people: [{ address: ann@example.com }]\n', { kinds: [mine] })
    expect(await mail.plan()).toMatchObject({ plan: { changes: [{ address: 'people/ann@example.com' }] } })
  })
})

function state() {
  return emulator.state() as { smtp2go: Record<string, unknown> }
}

function environment() {
  return { URL: emulator.smtp2go, KEY: emulator.apiKey }
}
