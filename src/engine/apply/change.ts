import { qualify } from '../../model/address.ts'
import { isRecord } from '../../model/json.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import type { EffectiveChange } from '../../model/run/change.ts'
import type { Result } from '../../model/run/result.ts'
import { ApiError } from '../../model/wire.ts'
import { type Step, stepsOf } from '../wire/calls.ts'
import { idOf } from '../wire/decode.ts'
import type { IdLookup } from '../wire/encode.ts'
import { requestOf } from '../wire/request.ts'
import { failure, partly, whyStopped } from './failure.ts'
import type { ApplyOptions } from './options.ts'
import { deliverSecret, giveBack, lost, ownSecretOf, refusal } from './secrets.ts'
import { LOOKED_UP, type Sending, scopeIdOf, sendStep } from './step.ts'

/** Makes one change; every error of an API becomes its result. What took effect of it is in the result, whatever became of the rest. */
export async function applyChange(
  change: EffectiveChange,
  ids: Map<string, string>,
  options: ApplyOptions,
): Promise<Result> {
  try {
    return await make(change, ids, options)
  } catch (error) {
    if (error instanceof ApiError) return failure(change, error.kind === 'cancelled' ? 'skipped' : 'failed', error)
    throw error
  }
}

async function make(change: EffectiveChange, ids: Map<string, string>, options: ApplyOptions): Promise<Result> {
  const { kind } = change
  const scopeId = scopeIdOf(change, ids)
  const refused = refusal(change, options.delivery, options.ownIds?.(change) ?? [])
  if (refused !== undefined) return { change, outcome: 'failed', error: refused }
  const ownSecret = ownSecretOf(change, options.delivery)
  const steps = stepsOf(change)
  if (ownSecret === undefined && steps.some((step) => step.call.byWhat === 'secret'))
    return {
      change,
      outcome: 'failed',
      error: {
        code: 'NEEDS_SECRET',
        message: `the API changes ${change.address} only if it is given the whole key`,
        hint: 'it is neither in the saveTo file nor set as key:',
      },
    }
  const lookup: IdLookup = (name, key) => ids.get(`${change.scope.account}:${name}/${key}`)
  const sending: Sending = {
    change,
    ids,
    options,
    request: (step) => requestOf(change, step, { scopeId, ids: lookup, ownSecret }),
  }
  const done: Step[] = []
  let answer: unknown
  let note: string | undefined
  for (const step of steps) {
    if (done.length > 0 && options.signal?.aborted === true)
      return partly(change, done, steps, {
        change,
        outcome: 'failed',
        error: { code: 'INTERRUPTED', message: whyStopped(options.signal) },
      })
    const sent = await sendStep(step, sending)
    if ('outcome' in sent) {
      if (sent.outcome !== 'unknown') giveBack(change, options.delivery)
      return partly(change, done, steps, sent)
    }
    answer = sent.answer
    note = sent.note ?? note
    done.push(step)
  }
  const noted = note === undefined ? {} : { note }
  if (change.action !== 'create') return { change, outcome: 'done', id: change.live.id, ...noted }
  const row = firstRow(kind, answer)
  const id = row === undefined ? ids.get(qualify(change.scope, change.address)) : idOf(kind, row)
  if (id !== undefined) ids.set(qualify(change.scope, change.address), id)
  if (note === LOOKED_UP) {
    const result: Result =
      kind.oneTimeSecret === undefined
        ? { change, outcome: 'done', note }
        : lost(change, 'the answer that held it was lost')
    return id === undefined ? result : { ...result, id }
  }
  const result = await deliverSecret(change, row, options.delivery)
  return id === undefined ? result : { ...result, id }
}

/** An answer shows what was made as itself, as the first of a list, or as the first of the rows that a list has. */
function firstRow(kind: ResourceKind, answer: unknown): Readonly<Record<string, unknown>> | undefined {
  const { rows } = kind.calls.list
  const inner = rows !== undefined && isRecord(answer) && Array.isArray(answer[rows]) ? answer[rows] : answer
  const first: unknown = Array.isArray(inner) ? inner[0] : inner
  return isRecord(first) ? (kind.calls.list.decode?.(first) ?? first) : undefined
}
