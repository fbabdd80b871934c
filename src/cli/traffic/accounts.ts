import { apis } from '../../apis/index.ts'
import { apiNamed } from '../../model/kind/api.ts'
import type { ApiTraffic, CallAccount } from '../../model/traffic/traffic.ts'
import type { Invocation } from '../invocation/invocation.ts'
import { type OpenAccounts, openAccounts } from '../session/accounts.ts'

/** An account whose API tells of mail. */
export interface TrafficAccount {
  readonly name: string
  readonly traffic: ApiTraffic
  readonly call: CallAccount
}

/** The accounts that tell of mail, open. */
export interface TrafficRun extends Pick<OpenAccounts, 'spec' | 'connection'> {
  readonly accounts: readonly TrafficAccount[]
}

/** Opens the accounts whose APIs tell of mail; problems of a spec are reported, and answer a code. */
export async function openTraffic(invocation: Invocation): Promise<TrafficRun | { readonly code: number }> {
  const opened = await openAccounts(invocation, ({ api }) => apiNamed(apis, api).traffic !== undefined)
  if ('code' in opened) return opened
  const { connection, spec } = opened
  const accounts = await Promise.all(
    opened.accounts.map(async ({ name, api }) => {
      const traffic = await apiNamed(apis, api).traffic?.()
      if (traffic === undefined) throw new TypeError(`"${api}" tells of no mail`)
      const call: CallAccount = (request) => connection.send(name, request, invocation.io.signal)
      return { name, traffic, call }
    }),
  )
  return { accounts, connection, spec }
}
