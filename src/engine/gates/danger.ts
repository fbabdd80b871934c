import { formatAddress, formatScope, qualify } from '../../model/address.ts'
import type { Change } from '../../model/change.ts'
import type { Surroundings } from '../../model/kind.ts'
import type { GateContext } from '../gate.ts'
import { firstOf, type Raw } from './words.ts'

/** The gates that kinds know of: what is dangerous about one change, whatever the others do. */
export function dangerGates(changes: readonly Change[], context: GateContext): Raw[] {
  return grouped(changes.flatMap((change) => dangersOf(change, context)))
}

/** What a kind may look at to judge a change. */
export function surroundingsOf(change: Change, context: Omit<GateContext, 'spec' | 'accept'>): Surroundings {
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

function dangersOf(change: Change, context: GateContext): Raw[] {
  if (change.kind.dangers === undefined || change.action === 'noop') return []
  const address = qualify(change.scope, formatAddress(change.kind.name, change.key))
  const found = change.kind.dangers(change, surroundingsOf(change, context))
  return found.map((danger) => ({ ...danger, addresses: [address] }))
}

/** One gate for all objects of one scope and kind that are in the same danger. */
function grouped(raw: readonly Raw[]): Raw[] {
  const groups = new Map<string, Raw[]>()
  for (const one of raw) {
    const id = `${one.code} ${one.final} ${one.addresses[0]?.split('/')[0] ?? ''}`
    const group = groups.get(id)
    if (group === undefined) groups.set(id, [one])
    else group.push(one)
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (first === undefined || group.length === 1) return group
    const reason = firstOf(
      group.map((one) => one.reason),
      '; ',
    )
    return [{ ...first, reason, addresses: group.flatMap((one) => one.addresses) }]
  })
}
