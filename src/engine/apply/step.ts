import { qualify } from '../../model/address.ts'
import { isRecord } from '../../model/json.ts'
import type { FieldChange } from '../../model/kind/difference.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import type { LiveObject } from '../../model/kind/live-object.ts'
import type { Change, EffectiveChange } from '../../model/run/change.ts'
import type { Result } from '../../model/run/result.ts'
import { memberText } from '../../model/value/member.ts'
import { ApiError, type WireRequest } from '../../model/wire.ts'
import { differences } from '../diff/fields.ts'
import type { Step } from '../wire/calls.ts'
import { listAll } from '../wire/list.ts'
import { realKey } from '../wire/real-key.ts'
import { failure } from './failure.ts'
import type { ApplyOptions } from './options.ts'

/** What sending one call of a change takes. */
export interface Sending {
  readonly change: EffectiveChange
  readonly ids: Map<string, string>
  readonly options: ApplyOptions
  readonly request: (step: Step) => WireRequest
}

/** What a call gave that took effect. */
type Sent = { readonly answer: unknown; readonly note?: string }

/** The note of a call whose answer was lost and whose effect shows. */
export const LOOKED_UP = 'the answer was lost; it was looked up'

/** Sends one call; a lost answer is settled by a look, or by sending a secret once more. A result says why it did not take effect. */
export async function sendStep(step: Step, sending: Sending): Promise<Sent | Result> {
  const { change, options, request } = sending
  try {
    return { answer: await options.send(change.scope.account, request(step), options.signal) }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (change.action === 'delete' && error.kind === 'missing')
      return { answer: undefined, note: 'it was gone already' }
    if (error.kind === 'cancelled') return failure(change, 'skipped', error)
    if (!error.ambiguous) return failure(change, 'failed', error)
    return isSilent(change, step) ? await sendAgain(step, sending) : await lookUpLostAnswer(step, error, sending)
  }
}

/** True for an update that carries a secret: no look tells whether it arrived. */
function isSilent(change: EffectiveChange, step: Step): boolean {
  if (change.action !== 'update' || step.members !== undefined) return false
  return change.fields.some(({ path, sensitive }) => sensitive && step.fields.includes(path.split('.')[0] ?? path))
}

/** The same secret once more does no harm; what became of it is unknown until an answer comes. */
async function sendAgain(step: Step, { change, options, request }: Sending): Promise<Sent | Result> {
  try {
    const answer = await options.send(change.scope.account, request(step), options.signal)
    return { answer, note: 'the first answer was lost, so it was sent once more' }
  } catch (error) {
    if (error instanceof ApiError) return failure(change, 'unknown', error)
    throw error
  }
}

/** The `subaccount_id` of a scope, which may have been made a moment ago. */
export function scopeIdOf(change: Change, ids: ReadonlyMap<string, string>): string | null {
  const { account, subaccount } = change.scope
  if (subaccount === null) return null
  const id = ids.get(`${account}:subaccounts/${subaccount}`)
  if (id !== undefined) return id
  throw new ApiError(`the id of the subaccount "${subaccount}" is not known`, {
    kind: 'missing',
    account,
    method: 'POST',
    path: '/subaccounts/search',
    hint: 'run apply again, which reads it again',
  })
}

/** No good answer came: the object is looked up, and nothing is sent twice. */
async function lookUpLostAnswer(
  step: Step,
  error: ApiError,
  { change, ids, options }: Sending,
): Promise<Sent | Result> {
  const { kind, scope, key } = change
  try {
    const found = await listAll({
      kind,
      scope,
      scopeId: scopeIdOf(change, ids),
      instances: [key],
      details: new Set([key]),
      send: options.send,
    })
    const real = change.desired === undefined ? key : realKey(change.desired)
    const isIt = (one: LiveObject) =>
      change.action === 'create' || kind.singleton !== undefined ? one.key === real : one.id === change.live.id
    const there = found.find((one) => isIt(one) && !one.dormant)
    if (change.action === 'delete')
      return there === undefined
        ? { answer: undefined, note: 'the answer was lost; it is gone' }
        : failure(change, 'failed', error)
    if (there === undefined) return failure(change, change.action === 'create' ? 'unknown' : 'failed', error)
    if (change.action === 'update' && !showsStep(change, step, there)) return failure(change, 'failed', error)
    ids.set(qualify(scope, change.address), there.id)
    return { answer: undefined, note: LOOKED_UP }
  } catch (second) {
    if (second instanceof ApiError) return failure(change, 'unknown', error)
    throw second
  }
}

/** True if an object shows what one call was to change. */
function showsStep(change: EffectiveChange & { readonly action: 'update' }, step: Step, there: LiveObject): boolean {
  const { kind, desired } = change
  const list = there.values[kind.members?.field ?? '']
  const members = new Map((Array.isArray(list) ? list : []).map((one: unknown) => [memberText(kind, one), one]))
  if (step.members !== undefined)
    return step.members.every((member) => {
      const now = members.get(memberText(kind, member))
      if (step.call === kind.members?.remove) return now === undefined
      return now !== undefined && memberDifferences(kind, now, member).length === 0
    })
  return step.fields.every((name) => {
    const field = kind.fields[name]
    if (field === undefined || name === kind.key) return name !== kind.key || there.key === realKey(desired)
    const after = name === kind.members?.field ? change.members?.after : desired.values[name]
    return differences(field, name, there.values[name], after).length === 0
  })
}

function memberDifferences(kind: ResourceKind, now: unknown, member: unknown): readonly FieldChange[] {
  const field = kind.fields[kind.members?.field ?? '']
  return field !== undefined && 'items' in field && isRecord(member) ? differences(field.items, '', now, member) : []
}
