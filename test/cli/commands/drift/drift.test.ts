import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { afterEach, describe, expect, test } from 'vitest'
import { closeHomes, codes, type Home, home, state, writes } from '../../harness.ts'
import { applied, ENV, edit, ok, SPEC } from '../../remembering.ts'
import { nodesOf } from '../../report/nodes.ts'

afterEach(closeHomes)

const schema = JSON.parse(readFileSync('schemas/drift.schema.json', 'utf8'))
const validate = new Ajv({ strict: false, allErrors: true }).compile(schema)

async function driftOf(at: Home, args = '') {
  const { code, stdout } = await at.run(`drift --format json ${args}`, { env: ENV })
  const document = JSON.parse(stdout)
  expect(validate(document), JSON.stringify(validate.errors)).toBe(true)
  return { code, document }
}

describe('drift', () => {
  test('is none after an apply', async () => {
    const at = await applied()
    const { code, stdout, stderr } = await at.run('drift', { env: ENV })
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: 'No drift. 1 not managed, not compared.\n',
      stderr: '',
    })
  })

  test('is what was changed and deleted outside, from what to what, and who wins', async () => {
    const at = await applied()
    edit(at.emulator, 'billing-app', { custom_ratelimit_value: 77 })
    edit(at.emulator, 'calm-app', undefined)
    const { code, stdout } = await at.run('drift', { env: ENV })
    expect(stdout).toContain('~ smtpUsers/billing-app  changed outside  mailconfig.yaml:8:5')
    expect(stdout).toContain('rateLimit.messages  500 → 77')
    expect(stdout).toContain('the spec wins: rateLimit.messages goes back to 500 with the next apply')
    expect(stdout).toContain('- smtpUsers/calm-app  deleted outside')
    expect(stdout).toContain('the spec wins: the next apply makes it again')
    expect(stdout).toContain('Drift: 1 changed, 1 deleted, 0 made. 1 not managed, not compared.')
    expect(code).toBe(2)
    expect(writes(at.emulator)).toEqual([])
  })

  test('is no edit of the spec, and of both it says what each did', async () => {
    const at = await applied()
    at.spec(SPEC.replace('As it is', 'As it was').replace('500', '700').replace('Invoices', 'Bills'))
    expect((await at.run('drift', { env: ENV })).code).toBe(0)
    edit(at.emulator, 'billing-app', { custom_ratelimit_value: 77 })
    const { code, document } = await driftOf(at)
    expect(document.drift).toMatchObject([
      {
        address: 'smtpUsers/billing-app',
        what: 'changed',
        reason: 'both',
        next: 'update',
        fields: [{ path: 'rateLimit.messages', applied: 500, live: 77, spec: 700, reason: 'both' }],
      },
    ])
    expect(document.drift).toHaveLength(1)
    expect(document.drift[0].fields).toHaveLength(1)
    expect(code).toBe(2)
    expect((await at.run('drift', { env: ENV })).stdout).toContain(
      'both changed, the spec wins: rateLimit.messages becomes 700',
    )
  })

  test('is nothing that the spec does not manage', async () => {
    const at = await applied()
    edit(at.emulator, 'foreign-app', { description: 'Changed' })
    edit(at.emulator, 'calm-app', { custom_ratelimit: true, custom_ratelimit_value: 5 })
    const { code, document } = await driftOf(at)
    expect(document).toMatchObject({ drift: [], summary: { unmanaged: 1 } })
    expect(code).toBe(0)
  })

  test('is what was made outside in an authoritative section', async () => {
    const at = await home()
    at.spec(`manage: { smtpUsers: authoritative }\n${SPEC}`)
    await ok(at, 'apply --auto-approve')
    const users = [...JSON.parse(JSON.stringify(at.emulator.state())).smtp2go.scopes[''].smtpUsers]
    at.emulator.setState(state({ smtpUsers: [...users, { username: 'intruder' }] }))
    const { code, document } = await driftOf(at)
    expect(document.drift).toMatchObject([
      { address: 'smtpUsers/intruder', what: 'made', reason: 'drift', next: 'delete', source: null },
    ])
    expect(code).toBe(2)
  })

  test('is told although the next plan could not be made', async () => {
    const at = await applied()
    edit(at.emulator, 'calm-app', undefined)
    at.spec(SPEC.replace(/(calm-app\n).*\n/, '$1'))
    const { code, stdout, stderr } = await at.run('drift', { env: ENV })
    expect(codes(stderr)).toEqual(['mailconfig.yaml:12:5 MISSING_FIELD'])
    expect(stdout).toContain('- smtpUsers/calm-app  deleted outside')
    expect(code).toBe(2)
  })

  test('cannot be told where a list cannot be read', async () => {
    const at = await applied()
    at.emulator.faults([{ match: { path: '/v3/users/smtp/view' }, fault: 'status', status: 403 }])
    const { code, stderr } = await at.run('drift', { env: ENV })
    expect({ code, codes: codes(stderr) }).toEqual({ code: 1, codes: ['CANNOT_READ'] })
  })

  test('cannot be told from an edit without a ledger: every difference is shown, with a note', async () => {
    const at = await home({ seed: state({ smtpUsers: [{ username: 'calm-app', description: 'Edited' }] }) })
    at.spec(SPEC)
    const { code, stdout, stderr } = await at.run('drift', { env: ENV })
    expect(stderr).toContain('an edit of the spec cannot be told from a change outside')
    expect(stdout).toContain('smtpUsers/billing-app  is not there')
    expect(stdout).toMatch(/calm-app {2}differs[\s\S]+"Edited" → "As it is"/)
    expect(stdout).toContain('Differences: 1 changed, 1 deleted')
    expect(code).toBe(2)
    expect((await driftOf(at)).document).toMatchObject({ ledger: null, accounts: [{ name: 'main', known: false }] })
  })

  test('of an object that the ledger does not know yet is left open', async () => {
    const at = await applied()
    at.spec(`${SPEC}  - { username: foreign-app, description: Ours }\n`)
    const { code, document } = await driftOf(at)
    expect(document).toMatchObject({ drift: [], unknown: [{ address: 'smtpUsers/foreign-app' }] })
    expect(code).toBe(0)
  })

  test('is a table in Markdown, in which nothing from outside is markup', async () => {
    const at = await applied()
    edit(at.emulator, 'calm-app', { description: '<b>|`x`| [a](http://evil)\nnext' })
    const { code, stdout } = await at.run('drift --format markdown', { env: ENV })
    expect(stdout).toMatch(/^<!-- mailconfig:.*-->\n## Drift: 1\n/)
    const row = stdout.split('\n').find((line) => line.includes('calm'))
    expect(row).toContain('changed outside')
    expect(nodesOf(stdout).map(({ type }) => type)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(?:link|strong|image)$/)]),
    )
    expect(nodesOf(stdout).filter(({ type }) => type === 'html')).toHaveLength(1) // the marker
    expect(row?.split(/(?<!\\)\|/)).toHaveLength(6)
    expect(code).toBe(2)
  })

  test('goes to report files, whatever standard output gets', async () => {
    const at = await applied()
    edit(at.emulator, 'calm-app', { description: 'Edited' })
    at.spec(SPEC.replace('Invoices', 'Bills'))
    const { code } = await at.run(
      'drift --report json=drift.json --report markdown=drift.md --report junit=drift.xml',
      { env: ENV },
    )
    expect(code).toBe(2)
    expect(validate(JSON.parse(at.text('drift.json')))).toBe(true)
    expect(at.text('drift.md')).toContain('## Drift: 1')
    expect(at.text('drift.xml')).toContain('smtpUsers/calm-app')
    expect(at.text('drift.xml')).not.toContain('billing-app') // an edit is not drift
  })

  test('of --only is about that, and a glob that matches nothing fails', async () => {
    const at = await applied()
    edit(at.emulator, 'calm-app', { description: 'Edited' })
    expect((await at.run('drift --only "smtpUsers/billing-*"', { env: ENV })).code).toBe(0)
    const { code, stderr } = await at.run('drift --only "smtpUsers/nobody"', { env: ENV })
    expect({ code, codes: codes(stderr) }).toEqual({ code: 1, codes: ['NOTHING_MATCHED'] })
  })
})
