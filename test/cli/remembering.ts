import { expect } from 'vitest'
import type { Emulator } from '../../src/apis/emulator.ts'
import { type Home, home, type Ran, STRONG, scopeOf, state } from './harness.ts'

/** What the spec needs. */
export const ENV = { PASSWORD: STRONG, HOOK: 'Hook-Bearer-canary-5512' }
/** Where the ledger is if nobody says otherwise. */
export const LEDGER = '.mailconfig/ledger.json'

/** Two users that the spec declares, and one whom nobody manages. */
export const SPEC = `smtpUsers:
  - username: billing-app
    password: \${env:PASSWORD}
    description: Invoices
    rateLimit: { messages: 500, per: 1 hour }
  - username: calm-app
    password: \${env:PASSWORD}
    description: As it is
`

/** An account with one user of somebody else, and the spec applied to it. */
export async function applied(spec = SPEC): Promise<Home> {
  const at = await home({ seed: state({ smtpUsers: [{ username: 'foreign-app', description: 'Theirs' }] }) })
  at.spec(spec)
  await ok(at, 'apply --auto-approve')
  at.emulator.clearRequests()
  return at
}

/** Runs a command that has to end well. */
export async function ok(at: Home, args: string, env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const ran = await at.run(args, { env: { ...ENV, ...env } })
  expect({ args, code: ran.code, stderr: ran.code === 0 ? '' : ran.stderr }).toEqual({ args, code: 0, stderr: '' })
  return ran
}

/** Changes a user behind mailconfig's back. */
export function edit(
  emulator: Emulator,
  username: string,
  change: Readonly<Record<string, unknown>> | undefined,
): void {
  const users = (scopeOf(emulator)['smtpUsers'] ?? []).flatMap((user) =>
    user['username'] !== username ? [user] : change === undefined ? [] : [{ ...user, ...change }],
  )
  emulator.setState(state({ ...scopeOf(emulator), smtpUsers: users }))
}

/** A user as the emulator has it. */
export function user(at: Home, username: string): Readonly<Record<string, unknown>> | undefined {
  return scopeOf(at.emulator)['smtpUsers']?.find((one) => one['username'] === username)
}

/** One run as `history --format json` shows it. */
export interface Shown {
  readonly id: string
  readonly command: string
  readonly state: string
  readonly by: string
  readonly commit?: string
  readonly summary: Readonly<Record<string, number>>
  readonly changes?: readonly Readonly<Record<string, unknown>>[]
}

/** The runs that the ledger remembers, the latest first. */
export async function runsOf(
  at: Home,
  more = '',
  env: Readonly<Record<string, string>> = {},
): Promise<readonly Shown[]> {
  const { stdout } = await ok(at, `history --format json ${more}`, env)
  return JSON.parse(stdout).runs
}
