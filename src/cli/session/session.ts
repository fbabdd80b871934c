import type { Spec } from '../../model/desired/spec.ts'
import { defined } from '../../model/json.ts'
import type { Invocation } from '../invocation/invocation.ts'
import { type Connection, connectTo } from './connection.ts'
import { holdLedger, type LeasePurpose, readLedger, type SessionLedger } from './ledger.ts'
import type { LocatedSpec } from './spec.ts'

/** What a run works with: the APIs, and the ledger where there is one. The code that opens it closes it. */
export interface Session {
  readonly connection: Connection
  readonly ledger?: SessionLedger
  readonly close: () => Promise<void>
}

/** Connects to the accounts of a spec and opens the ledger: to read it, or under its lease where the run writes. */
export async function openSession(located: LocatedSpec, invocation: Invocation, hold?: LeasePurpose): Promise<Session> {
  const spec = narrowed(located.spec, invocation.options.account)
  const accounts = [...spec.accounts.values()].filter((account) => isUsed(spec, account.name))
  const connection = await connectTo(accounts, invocation, located.spec)
  try {
    const ledger =
      hold === undefined
        ? await readLedger(accounts, connection, invocation)
        : await holdLedger(accounts, connection, invocation, hold)
    const close = async () => {
      await connection.close()
      await ledger?.close()
    }
    return { connection, ...defined({ ledger }), close }
  } catch (error) {
    await connection.close()
    throw error
  }
}

function isUsed(spec: Spec, account: string): boolean {
  return spec.scopes.some(({ scope }) => scope.account === account)
}

/** The part of a spec that these accounts are in; all of it where none is named. */
export function narrowed(spec: Spec, accounts: readonly string[]): Spec {
  if (accounts.length === 0) return spec
  return {
    ...spec,
    scopes: spec.scopes.filter(({ scope }) => accounts.includes(scope.account)),
    objects: spec.objects.filter(({ scope }) => accounts.includes(scope.account)),
    references: spec.references.filter(({ from }) => accounts.includes(from.scope.account)),
  }
}
