import { createHash, createHmac } from 'node:crypto'
import { qualify } from '../../model/address.ts'
import type { Spec } from '../../model/desired/spec.ts'
import type { Change } from '../../model/run/change.ts'
import { collectionGates } from './collection.ts'
import { dangerGates } from './danger.ts'
import { grouped } from './draft-gate.ts'
import type { Gate, GateContext } from './gate.ts'

export { allowedDeletes } from './limits.ts'

/** All gates of a plan, each with its number and its token. */
export function gatesOf(changes: readonly Change[], context: GateContext): readonly Gate[] {
  const raw = grouped([
    ...collectionGates(changes, context),
    ...dangerGates(changes, context),
    ...(context.more?.(changes, context.live) ?? []),
  ])
  if (raw.length === 0) return []
  const plan = createHash('sha256').update(bindingOf(context.spec)).update(fingerprint(changes)).digest('hex')
  return raw.map(({ final, about: _, ...gate }, at) => {
    const number = `G${at + 1}`
    if (final === true) return { ...gate, number, accepted: false }
    const hash = createHmac('sha256', context.gateKey?.reveal() ?? '')
      .update(`${plan}${gate.code}${gate.addresses.join()}`)
      .digest('hex')
      .slice(0, 4)
    const token = `${number}:${hash}`
    return { ...gate, number, token, accepted: context.accept.includes(token) }
  })
}

/** The spec and where it goes: a token for one account's URL is of no use at another's. */
function bindingOf({ hash, accounts }: Spec): string {
  return [hash, ...[...accounts.values()].map(({ name, url }) => `${name} ${url}`)].join('\n')
}

/** A text that is the same for the same changes, whatever their order. */
export function fingerprint(changes: readonly Change[]): string {
  return changes
    .filter((change) => change.action !== 'noop')
    .map((change) => {
      const id = change.action === 'create' ? '' : change.live.id
      const fields = change.fields.map(({ path, before, after, sensitive }) => ({ path, before, after, sensitive }))
      return `${change.action} ${qualify(change.scope, change.address)} ${id} ${JSON.stringify(fields)}`
    })
    .sort()
    .join('\n')
}
