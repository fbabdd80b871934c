import { afterEach, expect, test } from 'vitest'
import { closeHomes, home, written } from '../harness.ts'

afterEach(closeHomes)

test('a key that was made before and is not listed is not made again unasked: its only copy would be written over', async () => {
  const one = await home()
  one.spec(`apiKeys:
  - { description: Billing, endpoints: [/email/send], saveTo: { file: secrets/billing } }
`)
  expect((await one.run('apply --auto-approve')).code).toBe(0)
  const saved = one.text('secrets/billing')
  const faults = [{ match: { path: '/v3/api_keys/view' }, fault: 'short-page' }]
  await fetch(`${one.emulator.smtp2go.replace(/\/v3$/, '')}/__emulator/faults`, {
    method: 'POST',
    body: JSON.stringify(faults),
  })
  const before = written(one.emulator).length
  const ran = await one.run('apply --auto-approve')
  expect(ran.stdout).toMatch(/G1 SECRET_REPLACED[\s\S]*apiKeys\/Billing was created before and is no longer listed/)
  expect(ran.code).toBe(3)
  expect(written(one.emulator)).toHaveLength(before)
  expect(one.text('secrets/billing')).toBe(saved)
})
