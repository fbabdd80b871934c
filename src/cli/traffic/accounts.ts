import { apis } from '../../apis/index.ts'
import type { Account } from '../../model/desired/spec.ts'
import { apiNamed } from '../../model/kind/api.ts'
import type { ApiTraffic, CallAccount } from '../../model/traffic/traffic.ts'
import type { Invocation } from '../invocation/invocation.ts'
import { type OpenAccounts, openAccounts } from '../session/accounts.ts'
import type { ConnectionNeeds } from '../session/connection.ts'

/** An account whose API tells of mail. */
export interface TrafficAccount {
  readonly name: string
  readonly account: Account
  readonly traffic: ApiTraffic
  readonly call: CallAccount
}

/** The accounts that tell of mail, open. */
export interface TrafficRun extends Pick<OpenAccounts, 'spec' | 'connection'> {
  readonly accounts: readonly TrafficAccount[]
}

/** Opens the accounts whose APIs tell of mail; problems of a spec are reported, and answer a code. */
export async function openTraffic(
  invocation: Invocation,
  needs: ConnectionNeeds = {},
): Promise<TrafficRun | { readonly code: number }> {
  const opened = await openAccounts(invocation, ({ api }) => apiNamed(apis, api).traffic !== undefined, needs)
  if ('code' in opened) return opened
  const { connection, spec } = opened
  const accounts = await Promise.all(
    opened.accounts.map(async (account) => {
      const { name, api } = account
      const traffic = await apiNamed(apis, api).traffic?.()
      if (traffic === undefined) throw new TypeError(`"${api}" tells of no mail`)
      const call: CallAccount = (request) => connection.send(name, request, invocation.io.signal)
      return { name, account, traffic, call }
    }),
  )
  return { accounts, connection, spec }
}
