import { setTimeout } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { closeHomes, type Home, home } from '../../harness.ts'

afterEach(closeHomes)

const SPEC =
  'apiKeys:\n  - description: Billing service\n    endpoints: [/email/send]\n    saveTo: { file: secrets/billing.key }\n'
const turn = (one: Home, args: string) => one.run(`rotate "apiKeys/Billing service" ${args} --auto-approve`)
const keys = ({ emulator }: Home) =>
  (emulator.state() as { smtp2go: { keys: { description: string; api_key: string }[] } }).smtp2go.keys.filter(
    ({ description }) => description.startsWith('Billing'),
  )

async function applied(): Promise<Home> {
  const one = await home()
  one.spec(SPEC)
  expect((await one.run('apply --auto-approve')).code).toBe(0)
  return one
}

describe('an overlapping rotation of an API key', () => {
  test('whose answer is lost retires nothing, for nobody has the new key', async () => {
    const one = await applied()
    one.emulator.faults([{ match: { path: '/v3/api_keys/add' }, fault: 'reset-after-commit' }])
    const lost = await turn(one, '--overlap')
    expect(lost.code).toBe(4)
    one.emulator.clearFaults()
    expect((await one.run('rotate --list')).stdout).toContain('apiKeys/Billing service  twin')
    const confirmed = await turn(one, '--confirm')
    expect(confirmed.code).not.toBe(0)
    expect(keys(one)).toHaveLength(2)
    expect(one.text('secrets/billing.key').trim()).toBe(keys(one)[0]?.api_key)
    expect((await turn(one, '--confirm --retire delete')).code).not.toBe(0)
    expect(keys(one)).toHaveLength(2)
  })

  test('that is killed while the key is made stays open, and --confirm retires nothing', async () => {
    const one = await applied()
    one.emulator.faults([{ match: { path: '/v3/api_keys/add' }, fault: 'slow-body', ms: 60_000 }])
    const running = one.start('rotate "apiKeys/Billing service" --overlap --auto-approve')
    while (keys(one).length < 2 && running.child.exitCode === null) await setTimeout(20)
    running.child.kill('SIGKILL')
    await running.ended
    one.emulator.clearFaults()
    const listed = await one.run('rotate --list')
    expect(listed.stdout).toMatch(/apiKeys\/Billing service {2}twin .*the run that was to make it did not end/)
    expect(JSON.parse((await one.run('rotate --list --format json')).stdout).rotations).toMatchObject([
      { address: 'apiKeys/Billing service', unsettled: true },
    ])
    expect((await turn(one, '--confirm --lock-timeout 90s')).code).not.toBe(0)
    expect(keys(one)).toHaveLength(2)
    expect(one.text('secrets/billing.key').trim()).toBe(keys(one)[0]?.api_key)
  }, 120_000)
})
