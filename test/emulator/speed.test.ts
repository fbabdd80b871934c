import { expect, test } from 'vitest'
import { at, bench, listAt } from './harness.ts'

test('starts at once', async () => {
  await using warm = await bench()
  expect(warm.port).toBeGreaterThan(0)
  const before = performance.now()
  await using emulator = await bench()
  expect(emulator.port).toBeGreaterThan(0)
  expect(performance.now() - before).toBeLessThan(200)
})

test('answers 10,000 SMTP users in one list', async () => {
  const smtpUsers = Array.from({ length: 10_000 }, (_, n) => ({ username: `user-${n}` }))
  await using emulator = await bench({ seed: { smtp2go: { scopes: { '': { smtpUsers } } } } })
  expect(listAt((await emulator.post('/users/smtp/view')).data, 'results')).toHaveLength(10_000)
})

test('pages through 100,000 suppressions', async () => {
  const suppressions = Array.from({ length: 100_000 }, (_, n) => {
    return { email_address: `user-${n}@b.example`, timestamp: '2026-01-01 00:00:00' }
  })
  await using emulator = await bench({ seed: { smtp2go: { scopes: { '': { suppressions } } } } })
  const seen = new Set<unknown>()
  let question = {}
  const before = performance.now()
  do {
    const { data } = await emulator.post('/suppression/view', { start_date: '2000-01-01', ...question })
    for (const one of listAt(data, 'results')) seen.add(at(one, 'email_address'))
    question = { continue_token: at(data, 'continue_token') }
  } while (at(question, 'continue_token') !== null)
  expect(seen.size).toBe(100_000)
  expect(performance.now() - before).toBeLessThan(5000)
})
