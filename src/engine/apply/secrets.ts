import { qualify } from '../../model/address.ts'
import { defined, isRecord } from '../../model/json.ts'
import type { Change, EffectiveChange } from '../../model/run/change.ts'
import type { Delivery } from '../../model/run/delivery.ts'
import type { Result } from '../../model/run/result.ts'
import { Secret } from '../../model/secret.ts'

/** Nobody can take a secret back that was made and could not be handed over: so that is asked before. */
export function refusal(change: EffectiveChange, delivery: Delivery, ownIds: readonly string[]): Result['error'] {
  const target = targetOf(change)
  if (change.action !== 'create' || target === undefined) return undefined
  const reason = delivery.refuses(target, change.desired.source.file, ownIds)
  return reason === undefined
    ? undefined
    : { code: 'CANNOT_DELIVER', message: `nothing was created, because ${reason}` }
}

/** Gives the place of a secret back that was not made. */
export function giveBack(change: EffectiveChange, delivery: Delivery): void {
  const target = targetOf(change)
  if (change.action === 'create' && target !== undefined) delivery.release?.(target, change.desired.source.file)
}

function targetOf(change: EffectiveChange): Readonly<Record<string, unknown>> | undefined {
  const { oneTimeSecret } = change.kind
  const target = oneTimeSecret === undefined ? undefined : change.desired?.values[oneTimeSecret.to]
  return isRecord(target) ? target : undefined
}

/** The whole secret of the object that is changed: not of another one that has taken over its place meanwhile. */
export function ownSecretOf(change: EffectiveChange, delivery: Delivery): Secret | undefined {
  const target = targetOf(change)
  const { desired } = change
  const saved = target === undefined || desired === undefined ? undefined : delivery.recall(target, desired.source.file)
  const before = previousOf(target)
  const earlier =
    before === undefined || desired === undefined ? undefined : delivery.recall(before, desired.source.file)
  return [desired?.values['key'], saved, earlier].find(
    (one): one is Secret => one instanceof Secret && isOf(change, one),
  )
}

/** Where the secret of before waits while a rotation is open. */
function previousOf(target: Readonly<Record<string, unknown>> | undefined): { file: string } | undefined {
  const file = target?.['file']
  return typeof file === 'string' ? { file: `${file}.previous` } : undefined
}

function isOf(change: EffectiveChange, secret: Secret): boolean {
  if (change.action === 'create' || change.kind.oneTimeSecret?.idBegins !== true) return true
  return secret.reveal().startsWith(change.live.id)
}

/** Hands over the secret that the answer to a create shows once. */
export async function deliverSecret(
  change: Change & { action: 'create' },
  row: Readonly<Record<string, unknown>> | undefined,
  delivery: Delivery,
): Promise<Result> {
  const target = targetOf(change)
  if (change.kind.oneTimeSecret === undefined || target === undefined) return { change, outcome: 'done' }
  const secret = row?.[change.kind.oneTimeSecret.wire]
  if (typeof secret !== 'string' || secret === '' || secret.includes('*'))
    return lost(change, 'the answer does not hold it')
  try {
    const name = qualify(change.scope, change.address)
    const delivered = await delivery.deliver(target, change.desired.source.file, name, new Secret(secret))
    if (delivered === undefined) return { change, outcome: 'done' }
    if (typeof delivered === 'string') return { change, outcome: 'done', note: delivered }
    if ('waits' in delivered)
      return {
        change,
        outcome: 'failed',
        applied: { change, calls: 1, of: 1 },
        error: {
          code: 'NOT_DELIVERED',
          message: `${change.address} was created, but its secret could not be delivered: ${delivered.why}`,
          hint: `it is kept in ${delivered.waits}: move it from there and remove that file`,
        },
      }
    return { change, outcome: 'done', ...defined({ note: delivered.note }) }
  } catch (cause) {
    return lost(change, cause instanceof Error ? cause.message : 'it could not be written')
  }
}

/** What was made, and whose secret nobody has. */
export function lost(change: EffectiveChange, why: string): Result {
  return {
    change,
    outcome: 'failed',
    applied: { change, calls: 1, of: 1 },
    error: {
      code: 'SECRET_LOST',
      message: `${change.address} was created, but its secret is lost: ${why}`,
      hint: `remove "${change.key}" in the console, then apply again`,
    },
  }
}
