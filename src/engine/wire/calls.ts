import { type Call, isOneCall } from '../../model/kind/call.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import type { Change } from '../../model/run/change.ts'

/** One call that a change will make, before its body is made. */
export interface Step {
  readonly call: Call
  /** The top-level fields that go into the body. */
  readonly fields: readonly string[]
  /** For a list's members: those that this call carries. */
  readonly members?: readonly unknown[]
}

/** The calls of a change, in order. */
export function stepsOf(change: Change): readonly Step[] {
  const { kind } = change
  switch (change.action) {
    case 'noop':
      return []
    case 'create':
      return kind.calls.create === undefined
        ? []
        : [{ call: kind.calls.create, fields: Object.keys(change.desired.values) }]
    case 'delete':
      return kind.calls.delete === undefined ? [] : [{ call: kind.calls.delete, fields: [] }]
    case 'update':
      return updateSteps(change)
  }
}

function updateSteps(change: Change & { action: 'update' }): Step[] {
  const { kind, members, fields } = change
  const names = [...new Set(fields.map((field) => field.path.split('.')[0] ?? field.path))]
  const plain = names.filter((name) => name !== kind.members?.field && name !== kind.dormant)
  const steps: Step[] = []
  if (change.live.dormant && kind.calls.reopen !== undefined) steps.push({ call: kind.calls.reopen, fields: [] })
  if (members === undefined || kind.members === undefined) return [...steps, ...fieldSteps(kind, plain, change)]
  const { add, edit, remove, batch, field } = kind.members
  if (batch) {
    const whole = plain.length > 0 || members.removed.length > 0
    return whole ? fieldSteps(kind, [...plain, field], change) : [{ call: add, fields: [], members: members.added }]
  }
  const each = (call: Call | undefined, items: readonly unknown[]): Step[] =>
    call === undefined ? [] : items.map((item) => ({ call, fields: [], members: [item] }))
  // What lets mail in comes before what shuts it out: first new members, then the switch, then removals.
  return [
    ...each(add, members.added),
    ...each(edit, members.edited),
    ...fieldSteps(kind, plain, change),
    ...each(remove, members.removed),
  ]
}

function fieldSteps(kind: ResourceKind, names: readonly string[], change: Change & { action: 'update' }): Step[] {
  const { update } = kind.calls
  if (update === undefined || names.length === 0) return []
  if (!isOneCall(update)) {
    return names.flatMap((name) => {
      const call = update[name]
      return call === undefined ? [] : [{ call, fields: [name] }]
    })
  }
  return [{ call: update, fields: update.whole === true ? Object.keys(change.desired.values) : names }]
}
