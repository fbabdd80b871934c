import { lookupAt } from '../lookup/resolver.ts'
import type { DnsWorld } from './check-records.ts'
import { observe, type Seen } from './observe.ts'

/** What the first resolver that answers says of each record, as a receiver of mail would be told. Never throws. */
export async function askAsReceiver<R extends { readonly name: string; readonly value: string }>(
  domain: string,
  records: readonly R[],
  { resolvers, patience }: Pick<DnsWorld, 'resolvers' | 'patience'>,
): Promise<readonly { readonly record: R; readonly seen: Seen | undefined }[]> {
  const lookup = lookupAt(resolvers, patience)
  return await Promise.all(
    records.map(async (record) => {
      let seen: Seen | undefined
      for (const server of resolvers) {
        seen = await observe(server, { ...record, domain }, { as: 'resolver', patience, lookup })
        if (seen.state !== 'silent') break
      }
      return { record, seen }
    }),
  )
}
