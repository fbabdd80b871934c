import { generated, toGenerate, withSecret } from '../../engine/diff/generated.ts'
import { makeSecret } from '../../engine/rotate/secret.ts'
import type { EffectiveChange } from '../../model/run/change.ts'
import type { Result } from '../../model/run/result.ts'
import type { Io } from '../invocation/io.ts'
import { withStagedSecret } from './staged-delivery.ts'
import { stagedSecretFor } from './staging.ts'

/** Makes a change; a new object whose entry says where its secret goes, and gives none, gets one that is generated and saved there. */
export async function withGenerated(
  io: Io,
  change: EffectiveChange,
  make: (other?: EffectiveChange) => Promise<Result>,
): Promise<Result> {
  const [path, second] = change.action === 'create' ? toGenerate(change.desired) : []
  if (change.action !== 'create' || path === undefined) return await make()
  const fail = (message: string): Result => ({ change, outcome: 'failed', error: { code: 'CANNOT_DELIVER', message } })
  if (second !== undefined)
    return fail(`${change.address} needs several secrets, and saveTo is one place: give all but one`)
  const possible = generated(change.desired, path)
  const staged = stagedSecretFor(io, change.desired, undefined)
  if ('why' in possible) return fail(possible.why)
  if ('why' in staged) return fail(staged.why)
  const refused = staged.refuses()
  if (refused !== undefined) return fail(`nothing was created, because ${refused}`)
  const secret = staged.pending() ?? makeSecret(possible.length) // the one that is kept may be in effect already
  const other = { ...change, desired: withSecret(change.desired, path, secret) }
  return await withStagedSecret(change, () => make(other), { staged, secret })
}
