import { formatAddress, formatScope, qualify } from '../../model/address.ts'
import type { Surroundings } from '../../model/kind/judgement.ts'
import { partsOfKey } from '../../model/kind/twin-key.ts'
import type { Change } from '../../model/run/change.ts'
import { wouldReset } from '../wire/carried.ts'
import { aboutOf, type DraftGate } from './draft-gate.ts'
import type { GateContext } from './gate.ts'

/** The gates that kinds know of: what is dangerous about one change, whatever the others do. */
export function dangerGates(changes: readonly Change[], context: GateContext): DraftGate[] {
  return changes.flatMap((change) => {
    const own = dangersOf(change, context)
    return [...twinDeleted(change), ...(own.length > 0 ? [] : goneForGood(change)), ...resets(change), ...own]
  })
}

/** An edit that may take away what nobody can see. */
function resets(change: Change): DraftGate[] {
  const paths = wouldReset(change)
  if (paths.length === 0) return []
  const address = qualify(change.scope, formatAddress(change.kind.name, change.key))
  return [
    {
      code: 'WOULD_RESET',
      reason: `the API may reset ${paths.join(' and ')} of ${address} with this change, and its value cannot be read back: add it to the entry as ${'$'}{env:NAME} to keep it`,
      addresses: [address],
      about: aboutOf([change]),
    },
  ]
}

/** Nobody can tell from its name which one goes. */
function twinDeleted(change: Change): DraftGate[] {
  const { kind, key } = change
  if (change.action !== 'delete' || change.desired !== undefined || kind.twins === undefined) return []
  const parts = partsOfKey(kind, key)
  if (parts === undefined) return []
  const { beside } = kind.twins
  const name = parts.name === '' ? `has no ${kind.key}` : `is one of several with the ${kind.key} "${parts.name}"`
  const address = qualify(change.scope, formatAddress(kind.name, key))
  return [
    {
      code: 'TWIN_DELETED',
      reason: `${address} would be deleted, which ${name}; its ${beside}: ${JSON.stringify(change.live.values[beside] ?? null)}`,
      addresses: [address],
      about: aboutOf([change]),
    },
  ]
}

/** What an API can delete and not make, no apply and no rollback brings back; a danger that the kind itself names says more. */
function goneForGood(change: Change): DraftGate[] {
  const { kind, key } = change
  if (change.action !== 'delete' || kind.calls.create !== undefined || kind.calls.reopen !== undefined) return []
  const address = qualify(change.scope, formatAddress(kind.name, key))
  return [
    {
      code: 'NOT_RECREATABLE',
      reason: `${address} would be deleted, and the API has no call to create it again`,
      addresses: [address],
      about: aboutOf([change]),
    },
  ]
}

/** What a kind may look at to judge a change. */
function surroundingsOf(change: Change, context: Omit<GateContext, 'spec' | 'accept'>): Surroundings {
  const scope = context.live.get(formatScope(change.scope))
  return {
    live(kind) {
      const collection = scope?.collections.get(kind)
      return collection?.known === true ? collection.objects : undefined
    },
    runnerAddresses: context.runnerAddresses,
    usesCredential: (text) => context.usesCredential(change.scope.account, text),
  }
}

function dangersOf(change: Change, context: GateContext): DraftGate[] {
  if (change.kind.dangers === undefined || change.action === 'noop') return []
  const address = qualify(change.scope, formatAddress(change.kind.name, change.key))
  const found = change.kind.dangers(change, surroundingsOf(change, context))
  return found.map((danger) => ({ ...danger, addresses: [address], about: aboutOf([change]) }))
}
