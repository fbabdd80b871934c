import { isRecord } from '../../model/json.ts'
import { isOneCall } from '../../model/kind/call.ts'
import type { Values } from '../../model/kind/field.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import type { LiveObject } from '../../model/kind/live-object.ts'
import type { Change } from '../../model/run/change.ts'
import type { Secret } from '../../model/secret.ts'
import type { WireRequest } from '../../model/wire.ts'
import type { Step } from './calls.ts'
import { carried } from './carried.ts'
import { encodeFields, type IdLookup } from './encode.ts'
import { scopeWords } from './names.ts'
import { realKey } from './real-key.ts'

/** What is known only when a call is about to be made. */
interface Moment {
  /** The id of the account inside the account that the change is for; null for the account itself. */
  readonly scopeId: string | null
  readonly ids: IdLookup
  /** The secret that was shown once, for calls that want it back. */
  readonly ownSecret?: Secret | undefined
}

/** The request of one step of a change. */
export function requestOf(
  change: Change & { action: 'create' | 'update' | 'delete' },
  step: Step,
  moment: Moment,
): WireRequest {
  const { kind } = change
  const { call } = step
  const desired: Values = change.desired?.values ?? {}
  const live: LiveObject | undefined = change.action === 'create' ? undefined : change.live
  const name = change.desired === undefined ? change.key : realKey(change.desired)
  const id = live?.id ?? name
  if (change.action !== 'create' && change.kind.singleton === undefined && id === '' && kind.id !== '')
    throw new TypeError(`${change.address} has no id, so no call may name it`)
  const given = Object.fromEntries(step.fields.map((name) => [name, desired[name]]))
  const list = kind.members?.field
  if (change.action === 'update' && list !== undefined && list in given)
    given[list] = change.members?.after ?? given[list]
  if (change.action === 'update' && call.carries === true) Object.assign(given, carriedBy(step, change, given))
  if (change.action === 'create') Object.assign(given, forcedDefaults(kind, desired))
  else if (kind.key !== '') delete given[kind.key]
  const encoded =
    step.members === undefined
      ? encodeFields(kind.api, kind.fields, given, moment.ids)
      : { body: memberBody(kind, step, moment.ids), secrets: [] }
  const renamed =
    live !== undefined && call.renames !== undefined && kind.singleton === undefined && live.key !== change.key
  const body = {
    ...call.constants,
    ...(call.encode?.({ body: encoded.body, id, key: name, desired, live: live?.values ?? {} }) ?? encoded.body),
    ...(renamed && call.renames !== undefined ? { [call.renames]: name } : {}),
    ...by(change, step, id, moment),
    ...scopeWords(kind.api, moment.scopeId),
  }
  const secrets = call.byWhat === 'secret' && call.by !== undefined ? [...encoded.secrets, call.by] : encoded.secrets
  return {
    method: call.method,
    path: call.path.replace('{id}', encodeURIComponent(id)),
    reads: false,
    secrets,
    ...(call.method === 'DELETE' ? {} : { body }),
  }
}

/** What goes along with a call: of all fields where it carries the object, else of its own. */
function carriedBy({ fields }: Step, { kind, live }: Change & { action: 'update' }, given: Values): Values {
  const { update } = kind.calls
  const whole = update !== undefined && isOneCall(update)
  const names = Object.entries(kind.fields).filter(([name]) => whole || fields.includes(name))
  return carried(Object.fromEntries(names), given, live.values)
}

/** The API demands these when an object is made; the spec may leave them out. */
function forcedDefaults(kind: ResourceKind, desired: Values): Values {
  return Object.fromEntries(
    Object.entries(kind.fields)
      .filter(([name, field]) => field.sendDefault === true && desired[name] === undefined)
      .map(([name, field]) => [name, field.default]),
  )
}

/** An id as the number that the API wants, with all its digits. */
function numberOf(id: string): number | bigint {
  const number = Number(id)
  return Number.isSafeInteger(number) || !/^-?\d+$/.test(id) ? number : BigInt(id)
}

function by(change: Change, { call }: Step, id: string, moment: Moment): Record<string, unknown> {
  if (call.by === undefined) return {}
  if (call.byWhat === 'secret') return { [call.by]: moment.ownSecret?.reveal() }
  const type = change.kind.fields[change.kind.id]?.type
  return { [call.by]: change.kind.singleton !== undefined ? change.key : type === 'integer' ? numberOf(id) : id }
}

/** A batch carries all members under the field's own name; else a member's fields stand by themselves. */
function memberBody(kind: ResourceKind, step: Step, ids: IdLookup): Record<string, unknown> {
  const { members } = kind
  const items = step.members ?? []
  const field = members === undefined ? undefined : kind.fields[members.field]
  if (members === undefined || field === undefined) return {}
  if (members.batch) return encodeFields(kind.api, { [members.field]: field }, { [members.field]: items }, ids).body
  const [item] = items
  const inner = 'items' in field && field.items.type === 'object' ? field.items.fields : {}
  if (!isRecord(item)) return {}
  const key = members.key ?? ''
  const values = step.call === members.remove ? { [key]: item[key] } : item // what was read is not written back
  return encodeFields(kind.api, inner, values, ids).body
}
