import type { Account, Spec } from '../../model/desired/spec.ts'
import { EXIT, Stop } from '../invocation/exit.ts'
import type { Invocation } from '../invocation/invocation.ts'
import { type Connection, type ConnectionNeeds, connectTo } from './connection.ts'
import { chosenAccounts, environmentAccounts, environmentWords } from './environment.ts'
import { reportProblems } from './problems.ts'
import { readSpec } from './spec.ts'

/** The accounts that a command is about, with their connection. */
export interface OpenAccounts {
  readonly accounts: readonly Account[]
  readonly connection: Connection
  /** Undefined where the environment names the accounts. */
  readonly spec: Spec | undefined
}

/** Connects to the accounts of the spec, or to those that the environment names where there is no spec; problems of a spec are reported, and answer a code. */
export async function openAccounts(
  invocation: Invocation,
  isWanted: (account: Account) => boolean = () => true,
  needs: ConnectionNeeds = {},
): Promise<OpenAccounts | { readonly code: number }> {
  const { io, options } = invocation
  const loaded = await readSpec(invocation)
  if (!loaded.ok && !loaded.problems.every((problem) => problem.code === 'NO_SPEC')) {
    reportProblems(invocation, loaded.problems)
    return { code: EXIT.failed }
  }
  const spec = loaded.ok ? loaded.spec : undefined
  const all = spec === undefined ? environmentAccounts(io.env, options) : [...spec.accounts.values()]
  const accounts = chosenAccounts(all, options).filter(isWanted)
  if (accounts.length === 0)
    throw new Stop('there is no account to ask', { hint: `declare one, or set ${environmentWords()}` })
  return { accounts, connection: await connectTo(accounts, invocation, spec, needs), spec }
}
