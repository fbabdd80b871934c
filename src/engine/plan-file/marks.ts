import { createHash, createHmac, hkdfSync } from 'node:crypto'
import { qualify } from '../../model/address.ts'
import { isRecord, sorted } from '../../model/json.ts'
import type { Field } from '../../model/kind/field.ts'
import type { Change } from '../../model/run/change.ts'
import type { ObjectMarks } from '../../model/run/plan-file.ts'
import { Secret } from '../../model/secret.ts'
import { canonical } from '../../model/value/canonical.ts'

/** Makes a keyed mark of a text: equal texts have equal marks, and a mark tells nothing without the key. */
export type SecretMark = (text: string) => string

/** A mark for one purpose, keyed with a secret and the salt of a plan. */
export function markWith(secret: Secret, salt: string, purpose: string): SecretMark {
  const key = Buffer.from(hkdfSync('sha256', secret.reveal(), salt, `mailconfig plan ${purpose}`, 32))
  return (text) => createHmac('sha256', key).update(text).digest('hex').slice(0, 32)
}

/** `sha256:…` of a text that anybody may know. */
export function sha256(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`
}

/** A change that does something, by its address with scope. */
type Touched = ReadonlyMap<string, Exclude<Change, { readonly action: 'noop' }>>

/** The changes of a plan that do something. */
export function touchedBy(changes: readonly Change[]): Touched {
  return new Map(
    changes.flatMap((change) =>
      change.action === 'noop' ? [] : [[qualify(change.scope, change.address), change] as const],
    ),
  )
}

/** Marks of an object as it was read, field by field; null where it is not there. */
export function objectMarks(change: Change, mark: SecretMark): ObjectMarks {
  const live = 'live' in change ? change.live : undefined
  if (live === undefined) return null
  const address = qualify(change.scope, change.address)
  const one = (name: string, value: unknown) => [name, mark(`object ${address} ${name} ${JSON.stringify(value)}`)]
  const fields = Object.entries(live.values).flatMap(([name, value]) => {
    const field = change.kind.fields[name]
    const settled = field === undefined ? undefined : settledOf(field, value)
    return settled === undefined ? [] : [one(name, sorted(settled))]
  })
  return Object.fromEntries([
    one('(key)', live.key),
    one('(id)', live.id),
    one('(state)', live.dormant ? 'closed' : 'open'),
    ...fields,
  ])
}

/** What of a value is the same until somebody changes the object: no counters, nothing that is only shown sometimes. */
function settledOf(field: Field, value: unknown): unknown {
  if (field.changesWith !== undefined || field.unreadable !== undefined || field.local === true) return undefined
  if (field.type !== 'object' || !isRecord(value)) return canonical(field, value)
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => {
      const inner = field.fields[name]
      return [name, inner === undefined ? item : settledOf(inner, item)]
    }),
  )
}

/** Marks of the secrets that the touched objects would be sent, by address and path. */
export function secretMarks(touched: Touched, markOf: (account: string) => SecretMark): Record<string, string> {
  const marks: Record<string, string> = {}
  for (const [address, change] of touched)
    for (const [path, secret] of secretsIn(change.desired?.values ?? {}, '')) {
      const place = `${address} ${path}`
      marks[place] = markOf(change.scope.account)(`secret ${place} ${secret.reveal()}`)
    }
  return marks
}

function secretsIn(values: Readonly<Record<string, unknown>>, prefix: string): [string, Secret][] {
  return Object.entries(values).flatMap(([name, value]): [string, Secret][] => {
    if (value instanceof Secret) return [[`${prefix}${name}`, value]]
    return isRecord(value) ? secretsIn(value, `${prefix}${name}.`) : []
  })
}
