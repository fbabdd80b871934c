import { expect } from 'vitest'
import type { Emulator } from '../../src/apis/emulator.ts'
import { codes, type Home, home, type Ran, STRONG, scopeOf, state, writes } from './harness.ts'

/** Another password that the API accepts. */
export const OTHER = 'another-horse-battery-staple-8'
/** A key that plans are bound with. */
export const PLAN_KEY = 'a-long-random-text-for-plans-41c6'
/** What the spec needs. */
export const ENV = { PASSWORD: STRONG }

/** One user to change, one to delete, one who stays as he is, and one whom nobody manages. */
export const SEED = state({
  smtpUsers: [
    { username: 'billing-app', description: 'Invoices', status: 'allowed' },
    { username: 'gone-app' },
    { username: 'calm-app', description: 'As it is' },
    { username: 'foreign-app', description: 'Somebody else' },
  ],
})
/** The spec of that; it makes a fourth. */
export const SPEC = `smtpUsers:
  - username: billing-app
    description: Invoices and reminders
  - username: new-app
    password: \${env:PASSWORD}
    description: "Made for \${var:team}"
  - username: gone-app
    state: absent
  - username: calm-app
    description: As it is
vars: { team: nobody }
`

/** An account and its plan in plan.json. */
export async function planned(args = '', env: Readonly<Record<string, string>> = ENV): Promise<Home> {
  const at = await home({ seed: SEED })
  at.spec(SPEC)
  const { code, stderr } = await at.run(`plan --out plan.json ${args}`, { env })
  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('Saved to plan.json') })
  expect(writes(at.emulator)).toEqual([])
  return at
}

/** Changes the account behind mailconfig's back. */
export function outside(
  emulator: Emulator,
  change: (users: Record<string, unknown>[]) => Record<string, unknown>[],
): void {
  emulator.setState(state({ smtpUsers: change([...(scopeOf(emulator)['smtpUsers'] ?? [])]) }))
}

/** Sees to it that nothing was written, and why. */
export function refused(at: Home, { code, stderr }: Ran, expected: readonly string[], words: string): void {
  expect({ code, codes: codes(stderr) }).toEqual({ code: 3, codes: expected })
  expect(stderr).toContain(words)
  expect(stderr).toContain('Nothing was written.')
  expect(writes(at.emulator)).toEqual([])
}
