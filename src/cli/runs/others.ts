import { kinds } from '../../apis/index.ts'
import { read } from '../../engine/read/read.ts'
import { everything } from '../../engine/read/wanted.ts'
import type { Scope } from '../../model/address.ts'
import type { Spec } from '../../model/desired/spec.ts'
import type { Live, LiveScope } from '../../model/run/live.ts'
import { POLICY_KINDS } from '../../policy/state/from-objects.ts'
import type { Invocation } from '../invocation/invocation.ts'
import type { Connection } from '../session/connection.ts'

/** What decides who may send and nobody has read yet; what the key may not read stays unknown. */
export async function readOthers(
  { scopes, accounts }: Spec,
  isRead: (scope: Scope, kind: string) => boolean,
  { send }: Connection,
  { io }: Invocation,
): Promise<Live> {
  const wanted = scopes.flatMap(({ scope }) => {
    const api = accounts.get(scope.account)?.api
    const missing = kinds.filter(
      ({ name, api: { name: of } }) => POLICY_KINDS.includes(name) && of === api && !isRead(scope, name),
    )
    return everything([scope], missing)
  })
  return wanted.length === 0 ? new Map() : await read(wanted, { kinds, send, signal: io.signal })
}

/** Both; where both have a collection, that of `live`. */
export function withOthers(live: Live, others: Live): Live {
  const names = new Set([...live.keys(), ...others.keys()])
  return new Map(
    [...names].map((name): [string, LiveScope] => {
      const [a, b] = [live.get(name), others.get(name)]
      return [
        name,
        { id: a?.id ?? b?.id, collections: new Map([...(b?.collections ?? []), ...(a?.collections ?? [])]) },
      ]
    }),
  )
}
