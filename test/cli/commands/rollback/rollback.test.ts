import { afterEach, describe, expect, test } from 'vitest'
import { closeHomes, codes, type Home, scopeOf, writes, written } from '../../harness.ts'
import { OTHER } from '../../planned.ts'
import { applied, ENV, ok, runsOf, SPEC, user } from '../../remembering.ts'

afterEach(closeHomes)

const EDITED = SPEC.replace('As it is', 'As it was').replace('500', '700')
const WITHOUT = `${SPEC.slice(0, SPEC.indexOf('  - username: calm-app'))}  - username: calm-app\n    state: absent\n`
const MORE = `${SPEC}  - { username: new-app, password: "\${env:PASSWORD}" }\n`

/** An account to which a second spec was applied, and the run before that. */
async function twice(second: string, env: Readonly<Record<string, string>> = {}): Promise<{ at: Home; first: string }> {
  const at = await applied()
  const [first] = await runsOf(at)
  at.spec(second)
  await ok(at, 'apply --auto-approve', env)
  at.emulator.clearRequests()
  return { at, first: first?.id ?? '' }
}

describe('rollback', () => {
  test('takes an update back, writes itself down, and says that the files say otherwise', async () => {
    const { at, first } = await twice(EDITED)
    const { stdout } = await ok(at, `rollback --to ${first} --auto-approve`)
    expect(stdout).toContain(`Back to run ${first}`)
    expect(stdout).toMatch(/description +"As it was" → "As it is"/)
    expect(stdout).not.toContain('not managed')
    expect(stdout).toContain('The files of the spec still say otherwise, and the next apply would do it again')
    expect(user(at, 'calm-app')).toMatchObject({ description: 'As it is' })
    expect(user(at, 'billing-app')).toMatchObject({ custom_ratelimit_value: 500 })
    expect((await runsOf(at)).map(({ command }) => command)).toEqual(['rollback', 'apply', 'apply'])
    at.spec(SPEC)
    expect((await ok(at, 'plan')).stdout).toContain('Nothing to do.')
  })

  test('takes a new object back', async () => {
    const { at, first } = await twice(MORE)
    await ok(at, `rollback --to ${first} --auto-approve`)
    expect(written(at.emulator)).toEqual(['POST /users/smtp/remove'])
    expect(user(at, 'new-app')).toBeUndefined()
  })

  test('makes a deleted object again where the spec has its secret', async () => {
    const { at, first } = await twice(WITHOUT)
    expect(user(at, 'calm-app')).toBeUndefined()
    at.spec(SPEC)
    await ok(at, `rollback --to ${first} --auto-approve`)
    expect(user(at, 'calm-app')).toMatchObject({ description: 'As it is' })
  })

  test('names first what it cannot take back: a deleted object whose password nobody knows', async () => {
    const { at, first } = await twice(WITHOUT.replace('700', '500'))
    const { stdout } = await ok(at, `rollback --to ${first} --auto-approve`)
    expect(stdout).toMatch(/What cannot be taken back:\n {2}- smtpUsers\/calm-app was deleted, and its password/)
    expect(stdout).toContain('There is nothing to undo.')
    expect(writes(at.emulator)).toEqual([])
  })

  test('names a password that was sent, and takes back the rest', async () => {
    const { at, first } = await twice(EDITED, { PASSWORD: OTHER })
    const { code, stdout } = await at.run(`rollback --to ${first} --auto-approve --format json`, { env: ENV })
    const report = JSON.parse(stdout)
    expect(report.impossible.toSorted()).toEqual([
      expect.stringContaining('smtpUsers/billing-app: its password'),
      expect.stringContaining('smtpUsers/calm-app: its password'),
    ])
    expect(report).toMatchObject({ summary: { done: 2 }, run: expect.any(String) })
    expect(code).toBe(0)
    expect(user(at, 'calm-app')).toMatchObject({ description: 'As it is', email_password: OTHER })
  })

  test('is a plan like any other: not without a word, and not what is protected', async () => {
    const { at, first } = await twice(MORE)
    const asked = await at.run(`rollback --to ${first}`, { env: ENV })
    expect({ code: asked.code, stderr: asked.stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no terminal to ask on'),
    })
    const unseen = await at.run(`rollback --to ${first} --format json`, { env: ENV })
    expect(unseen.stderr).toContain('a plan cannot be confirmed without being shown')
    at.spec(MORE.replace('username: new-app,', 'username: new-app, protect: true,'))
    const kept = await at.run(`rollback --to ${first} --auto-approve`, { env: ENV })
    expect({ code: kept.code, codes: codes(kept.stderr) }).toMatchObject({
      code: 1,
      codes: [expect.stringContaining('PROTECTED')],
    })
    expect(writes(at.emulator)).toEqual([])
    expect(scopeOf(at.emulator)['smtpUsers']).toHaveLength(4)
  })

  test('stops at the gates', async () => {
    const many = Array.from({ length: 8 }, (_, n) => `  - { username: app-${n}, password: "\${env:PASSWORD}" }\n`)
    const { at, first } = await twice(`${SPEC}${many.join('')}`)
    const closed = await at.run(`rollback --to ${first} --auto-approve`, { env: ENV })
    expect(closed.stderr).toContain('refused, nothing was written: G1 MANY_DELETES')
    expect(closed.code).toBe(3)
    const token = /--accept (G1:[0-9a-f]{4})/.exec(closed.stdout)?.[1] ?? ''
    await ok(at, `rollback --to ${first} --auto-approve --accept ${token}`)
    expect(scopeOf(at.emulator)['smtpUsers']).toHaveLength(3)
  })

  test('names the commits that the files have to lose', async () => {
    const at = await applied()
    const [first] = await runsOf(at)
    const commit = 'abcdef1234567890abcdef1234567890abcdef12'
    at.file('.git/HEAD', `${commit}\n`)
    at.spec(EDITED)
    await ok(at, 'apply --auto-approve')
    const { stdout } = await ok(at, `rollback --to ${first?.id} --auto-approve`)
    expect(stdout).toContain('revert the commit abcdef1')
  })

  test('to the latest run has nothing to do, and to one that nobody knows is told', async () => {
    const at = await applied()
    const [first] = await runsOf(at)
    expect((await ok(at, `rollback --to ${first?.id} --auto-approve`)).stdout).toContain('no run came after it')
    const { code, stderr } = await at.run('rollback --to abc1234 --auto-approve', { env: ENV })
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('has no run "abc1234"') })
    expect((await at.run('rollback', { env: ENV })).stderr).toContain('--to')
  })
})
