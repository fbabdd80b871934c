import { errorCode } from '../../model/error-code.ts'
import type { EffectiveChange } from '../../model/run/change.ts'
import type { Result } from '../../model/run/result.ts'
import type { Secret } from '../../model/secret.ts'
import type { StagedSecret } from './staging.ts'

/** Lays a secret aside, sends it, and brings it to its place; at every moment the one that works is in a file. */
export async function withStagedSecret(
  change: EffectiveChange,
  make: () => Promise<Result>,
  { staged, secret }: { readonly staged: StagedSecret; readonly secret: Secret },
): Promise<Result> {
  try {
    staged.hold(secret)
  } catch (cause) {
    const message = `nothing was sent, because the new secret could not be written to ${staged.waits} (${reason(cause)})`
    return { change, outcome: 'failed', error: { code: 'CANNOT_DELIVER', message } }
  }
  const result = await make()
  if (result.outcome === 'unknown') {
    const hint = `the new secret is kept in ${staged.waits} and the old one is unchanged: run rotate again to send the same one`
    return { ...result, error: { message: 'it is unknown which secret is in effect', ...result.error, hint } }
  }
  if (result.outcome !== 'done') {
    staged.drop()
    return result
  }
  try {
    const saved = staged.finish(secret)
    return { ...result, note: [result.note, saved].filter(Boolean).join('; ') }
  } catch (cause) {
    return {
      change,
      outcome: 'failed',
      error: {
        code: 'NOT_DELIVERED',
        message: `the new secret of ${change.address} is in effect but could not be written to ${staged.shown} (${reason(cause)})`,
        hint: `it is kept in ${staged.waits}: run rotate again, or move it from there`,
      },
    }
  }
}

function reason(cause: unknown): string {
  if (!(cause instanceof Error)) return 'unknown reason'
  return errorCode(cause, cause.message)
}
