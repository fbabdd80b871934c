import { afterEach, describe, expect, test } from 'vitest'
import { closeHomes, type Home, home, scopeOf, state } from '../../harness.ts'

afterEach(closeHomes)

const since = '2026-01-31 12:00:00'
const rows = [
  { email_address: 'ann@example.org', reason: 'bounce', timestamp: since },
  { email_address: 'ann@example.org', reason: 'spam', timestamp: since, complaint: 'not wanted' },
  { email_address: 'ann@example.org', reason: 'manual', timestamp: since },
  { email_address: 'bob@example.org', reason: 'bounce', timestamp: since },
]
const left = (at: Home, id = '') =>
  (scopeOf(at.emulator, id)['suppressions'] ?? []).map((one) => `${one['email_address']} ${one['reason']}`)
const tokens = (text: string) => [...text.matchAll(/--accept (G\d:[0-9a-f]+)/g)].map(([, token = '']) => token)

async function lift(at: Home, args: string) {
  const first = await at.run(`suppressions lift ${args} --auto-approve`)
  const [token, second] = tokens(first.stdout)
  expect([first.code, second]).toEqual([3, undefined])
  return await at.run(`suppressions lift ${args} --auto-approve --accept ${token}`)
}

describe('what the service suppresses', () => {
  test('is lifted for one reason and one address, after its gate, and nothing else goes', async () => {
    const at = await home({ seed: state({ suppressions: rows }) })
    at.spec('smtpUsers: []\n')
    const before = await at.run('suppressions lift ann@example.org --reason spam --auto-approve')
    expect(before.stdout).toContain(
      `ann@example.org complained, and is suppressed since ${since}, who said "not wanted": mail to it would be sent again`,
    )
    expect(before.stdout).toContain('G1 SUPPRESSION_LIFTED stops here')
    expect(left(at)).toHaveLength(4)
    const { code, stdout } = await lift(at, 'Ann@Example.org --reason spam')
    expect([code, stdout]).toEqual([0, expect.stringContaining('Applied. 1 change done and read back.')])
    expect(left(at)).toEqual(['ann@example.org bounce', 'ann@example.org manual', 'bob@example.org bounce'])
  })

  test('is lifted for all reasons where none is named, and never what was made by hand', async () => {
    const at = await home({ seed: state({ suppressions: rows }) })
    at.spec('smtpUsers: []\n')
    expect((await lift(at, 'ann@example.org')).code).toBe(0)
    expect(left(at)).toEqual(['ann@example.org manual', 'bob@example.org bounce'])
    const again = await at.run('suppressions lift ann@example.org --auto-approve')
    expect(again).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is not suppressed for bounce, spam, unsubscribe or compliance'),
    })
  })

  test('is lifted in a subaccount, stands in the audit log and not in the ledger', async () => {
    const subaccounts = [{ id: 'sub001', name: 'Acme', email: 'it@acme.example' }]
    const at = await home({
      seed: state({}, { subaccounts, scopes: { '': { suppressions: rows }, sub001: { suppressions: rows } } }),
    })
    at.spec('smtpUsers: []\n')
    const { code } = await lift(at, 'bob@example.org --subaccount Acme --audit-log audit.jsonl')
    expect(code).toBe(0)
    expect(left(at)).toHaveLength(4)
    expect(left(at, 'sub001')).not.toContain('bob@example.org bounce')
    expect(at.text('audit.jsonl')).toContain('"command":"lift"')
    expect((await at.run('history')).stdout).not.toContain('lift')
    expect((await at.run('plan --detailed-exitcode')).code).toBe(0)
  })

  test.each([
    ['nonsense', 'neither an e-mail address nor a domain'],
    ['ann@example.org --reason manual', 'It must be one of bounce, spam, unsubscribe, compliance'],
    ['ann@example.org --subaccount Nobody --auto-approve', 'Nobody'],
    ['ann@example.org --account other', 'declares no account "other"'],
  ])('is not lifted with %s', async (args, words) => {
    const at = await home({ seed: state({ suppressions: rows }) })
    at.spec('smtpUsers: []\n')
    const { code, stderr } = await at.run(`suppressions lift ${args}`)
    expect([code, stderr]).toEqual([1, expect.stringContaining(words)])
    expect(left(at)).toHaveLength(4)
  })
})
