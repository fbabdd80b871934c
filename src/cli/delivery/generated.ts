import { generated, toGenerate, withSecret } from '../../engine/diff/generated.ts'
import { makeSecret } from '../../engine/rotate/secret.ts'
import type { Real } from '../../model/run/change.ts'
import type { Result } from '../../model/run/result.ts'
import type { Io } from '../invocation/io.ts'
import { handedOver } from './hand-over.ts'
import { handoverOf } from './staging.ts'

/** Makes a change; a new object whose entry says where its secret goes, and gives none, gets one that is made up and saved there. */
export async function withGenerated(io: Io, change: Real, make: (other?: Real) => Promise<Result>): Promise<Result> {
  const [path, second] = change.action === 'create' ? toGenerate(change.desired) : []
  if (change.action !== 'create' || path === undefined) return await make()
  const fail = (message: string): Result => ({ change, outcome: 'failed', error: { code: 'CANNOT_DELIVER', message } })
  if (second !== undefined)
    return fail(`${change.address} needs several secrets, and saveTo is one place: give all but one`)
  const possible = generated(change.desired, path)
  const handover = handoverOf(io, change.desired, undefined)
  if ('why' in possible) return fail(possible.why)
  if ('why' in handover) return fail(handover.why)
  const refused = handover.refuses()
  if (refused !== undefined) return fail(`nothing was made, because ${refused}`)
  const secret = handover.pending() ?? makeSecret(possible.length) // the one that waits may be in force already
  const other = { ...change, desired: withSecret(change.desired, path, secret) }
  return await handedOver(change, () => make(other), { handover, secret })
}
