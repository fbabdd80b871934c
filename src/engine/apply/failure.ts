import { defined } from '../../model/json.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import type { Change, EffectiveChange } from '../../model/run/change.ts'
import type { Result } from '../../model/run/result.ts'
import { memberText } from '../../model/value/member.ts'
import type { ApiError } from '../../model/wire.ts'
import type { Step } from '../wire/calls.ts'
import { wireName } from '../wire/names.ts'

/** An error of an API as the result of a change. */
export function failure(change: Change, outcome: 'failed' | 'skipped' | 'unknown', error: ApiError): Result {
  const { message, code, hint, requestId, path, field, status } = error
  const about = [
    path,
    status === undefined || !message.includes('is not shown') ? '' : `status ${status}`, // a status is never a secret
    field === undefined ? '' : `field ${specName(change.kind, field)}`,
    requestId === undefined ? '' : `request ${requestId}`,
  ]
  return {
    change,
    outcome,
    error: {
      message: `${message} (${about.filter((part) => part !== '').join(', ')})`,
      ...defined({ code, hint }),
    },
  }
}

/** The result of a change of which some calls took effect, and one did not. */
export function partly(change: EffectiveChange, done: readonly Step[], steps: readonly Step[], result: Result): Result {
  if (done.length === 0) return result
  const calls = done.length
  return {
    ...result,
    outcome: result.outcome === 'skipped' ? 'failed' : result.outcome,
    note: `${calls} of ${steps.length} calls took effect: ${doneWords(change, done)}`,
    applied: { change: partOf(change, done), calls, of: steps.length },
    ...(change.action === 'create' ? {} : { id: change.live.id }),
  }
}

/** What calls did, in words. */
function doneWords(change: EffectiveChange, done: readonly Step[]): string {
  const { kind } = change
  const texts = done.flatMap((step) => [
    ...step.fields,
    ...(step.members ?? []).map(
      (member) => `${step.call === kind.members?.remove ? '-' : '+'} ${memberText(kind, member)}`,
    ),
  ])
  return texts.length > 10 ? `${texts.slice(0, 10).join(', ')} and ${texts.length - 10} more` : texts.join(', ')
}

/** The part of a change that some of its calls made. */
function partOf(change: EffectiveChange, done: readonly Step[]): EffectiveChange {
  if (change.action !== 'update') return change
  const { kind, members } = change
  const names = new Set(done.flatMap((step) => step.fields))
  const of = (call: unknown) => done.flatMap((step) => (step.call === call ? (step.members ?? []) : []))
  if (
    kind.calls.reopen !== undefined &&
    kind.dormant !== undefined &&
    done.some(({ call }) => call === kind.calls.reopen)
  )
    names.add(kind.dormant)
  const list = kind.members?.field
  const fields = change.fields.filter(({ path }) => names.has(path.split('.')[0] ?? path) || path === list)
  if (members === undefined || kind.members === undefined || list === undefined) return { ...change, fields }
  const whole = names.has(list) // one call replaced the list
  const part = whole
    ? members
    : {
        added: of(kind.members.add),
        edited: of(kind.members.edit),
        removed: of(kind.members.remove),
        after: afterPart(change, of(kind.members.add), of(kind.members.remove)),
      }
  const touched = part.added.length + part.edited.length + part.removed.length > 0
  return {
    ...change,
    members: part,
    fields: fields.flatMap((field) =>
      field.path !== list ? [field] : touched ? [{ ...field, after: part.after }] : [],
    ),
  }
}

function afterPart(
  change: EffectiveChange & { readonly action: 'update' },
  added: readonly unknown[],
  removed: readonly unknown[],
) {
  const before = change.live.values[change.kind.members?.field ?? '']
  const gone = new Set(removed.map((member) => memberText(change.kind, member)))
  const list: readonly unknown[] = Array.isArray(before) ? before : []
  return [...list.filter((member) => !gone.has(memberText(change.kind, member))), ...added]
}

/** The name that a spec has for a field of the API: `rateLimit.messages` for `custom_ratelimit_value`. */
function specName({ api, fields }: ResourceKind, wire: string): string {
  for (const [name, field] of Object.entries(fields)) {
    if (wireName(api, name, field) === wire) return name
    if (field.type !== 'object') continue
    const inner = Object.entries(field.fields).find(([one, its]) => wireName(api, one, its) === wire)
    if (inner !== undefined) return `${name}.${inner[0]}`
  }
  return wire
}

/** Why a run begins nothing new. */
export function whyStopped({ reason }: AbortSignal): string {
  return typeof reason === 'string' ? `not begun, because ${reason}` : 'interrupted before it began'
}
