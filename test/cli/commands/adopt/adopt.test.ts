import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { afterEach, describe, expect, test } from 'vitest'
import { closeHomes, type Home, home, state, writes, written } from '../../harness.ts'
import { ENV, edit, LEDGER, ok, runsOf } from '../../remembering.ts'

afterEach(closeHomes)

const SPEC = `manage: { smtpUsers: owned }
smtpUsers:
  - username: calm-app
    description: As it is
  - username: other-app
    description: In the spec
  - username: new-app
    password: \${env:PASSWORD}
  - username: gone-app
    state: absent
`

/** An account from before there was a ledger. */
async function old(): Promise<Home> {
  const at = await home({
    seed: state({
      smtpUsers: [
        { username: 'calm-app', description: 'As it is' },
        { username: 'other-app', description: 'Live' },
        { username: 'gone-app' },
        { username: 'foreign-app' },
      ],
    }),
  })
  at.spec(SPEC)
  return at
}

const schema = JSON.parse(readFileSync('schemas/adopt.schema.json', 'utf8'))
const validate = new Ajv({ strict: false, allErrors: true }).compile(schema)

describe('adopt', () => {
  test('takes in what is declared and live, says why not the rest, and writes to no API', async () => {
    const at = await old()
    const { stdout } = await ok(at, 'adopt --all')
    expect(stdout.split('\n').map((line) => line.replace(/ +/g, ' '))).toEqual([
      'adopted main:smtpUsers/calm-app',
      'adopted main:smtpUsers/other-app differs in description: the next apply changes that',
      'not main:smtpUsers/new-app it is not in the account: apply creates it',
      'not main:smtpUsers/gone-app the spec says "state: absent"',
      'Adopted. 2 adopted, 0 known already, 2 not. No API was called to change anything.',
      '',
    ])
    expect(writes(at.emulator)).toEqual([])
    expect(await runsOf(at)).toMatchObject([{ command: 'adopt', state: 'done', summary: { adopt: 2 } }])
    expect((await ok(at, 'adopt --all')).stdout).toContain('Nothing new. 0 adopted, 2 known already')
    expect(writes(at.emulator)).toEqual([])
  })

  test('makes edits and drift be told apart, and owned delete what then leaves the spec', async () => {
    const at = await old()
    await ok(at, 'adopt --all')
    edit(at.emulator, 'calm-app', { description: 'Edited' })
    const { changes } = JSON.parse((await ok(at, 'plan --format json')).stdout)
    expect(changes).toMatchObject([
      { address: 'smtpUsers/calm-app', reason: 'drift' },
      { address: 'smtpUsers/other-app', reason: 'spec' },
      { address: 'smtpUsers/new-app' },
      { address: 'smtpUsers/gone-app' },
    ])
    at.spec('manage: { smtpUsers: owned }\nsmtpUsers:\n  - username: calm-app\n')
    await ok(at, 'apply --auto-approve')
    expect(written(at.emulator)).toEqual(['POST /users/smtp/remove'])
    const left = JSON.stringify(at.emulator.state())
    expect(left).toContain('foreign-app')
    expect(left).not.toContain('other-app')
  })

  test('takes in what its arguments name, and fails in part where they name what cannot be taken in', async () => {
    const at = await old()
    const { code, stdout } = await at.run(
      'adopt "smtpUsers/calm-*" smtpUsers/foreign-app smtpUsers/othr-app --format json',
      {
        env: ENV,
      },
    )
    const document = JSON.parse(stdout)
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true)
    expect(document).toMatchObject({
      objects: [
        { address: 'main:smtpUsers/calm-app', outcome: 'adopted' },
        { address: 'smtpUsers/foreign-app', outcome: 'not', why: expect.stringContaining('not in the spec') },
        {
          address: 'smtpUsers/othr-app',
          outcome: 'not',
          why: expect.stringContaining('did you mean "smtpUsers/other-app"'),
        },
      ],
      summary: { adopted: 1, known: 0, not: 2 },
    })
    expect(code).toBe(4)
    expect(await runsOf(at)).toMatchObject([{ summary: { adopt: 1 } }])
  })

  test.each(['smtpUsers/nobody', 'smtpUsers/new-app', 'smtpUsers/gone-app', 'smtpUsers/foreign-app'])(
    '%s: nothing matched, which is its own outcome',
    async (address) => {
      const at = await old()
      const { code, stdout } = await at.run(`adopt ${address}`, { env: ENV })
      expect(stdout).toContain('Nothing matched.')
      expect(code).toBe(1)
      expect(at.has(LEDGER)).toBe(false)
    },
  )

  test.each([
    ['adopt', 'which objects?'],
    ['adopt --all smtpUsers/calm-app', 'either --all, or addresses'],
    ['adopt --all --ledger none', 'there is no ledger'],
  ])('%s is told to be wrong', async (args, message) => {
    const at = await old()
    const { code, stderr } = await at.run(args, { env: ENV })
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining(message) })
  })
})
