import { qualify } from '../../model/address.ts'
import type { Change } from '../../model/run/change.ts'

/** A gate before it has a number: what would happen, to which objects. */
export interface DraftGate {
  readonly code: string
  readonly reason: string
  readonly addresses: readonly string[]
  /** The account and the kind: gates of one code that are about the same are one, in however many subaccounts. */
  readonly about: string
  /** Nobody may accept it. */
  readonly final?: true
}

/** No more names stand in one reason; the others are counted, and all are in `addresses`. */
const MOST_NAMES = 5

/** The first of some texts, and how many more there are. */
export function firstOf(texts: readonly string[], between = ', '): string {
  const rest = texts.length > MOST_NAMES ? [`and ${texts.length - MOST_NAMES} more`] : []
  return [...texts.slice(0, MOST_NAMES), ...rest].join(between)
}

/** The addresses of changes inside their scope, the first of them. */
export function namedList(changes: readonly Change[]): string {
  return firstOf(changes.map((change) => change.address))
}

/** The account and the kind that changes are about; they have both in common. */
export function aboutOf([first]: readonly Change[]): string {
  return first === undefined ? '' : `${first.scope.account} ${first.kind.name}`
}

/** One gate for all that is the same danger. */
export function grouped(raw: readonly DraftGate[]): DraftGate[] {
  const groups = new Map<string, DraftGate[]>()
  for (const one of raw) {
    const id = `${one.code} ${one.final} ${one.about}`
    const group = groups.get(id)
    if (group === undefined) groups.set(id, [one])
    else group.push(one)
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (first === undefined || group.length === 1) return group
    const reasons = group.map((one) => one.reason)
    return [{ ...first, reason: firstOf(reasons, '; '), addresses: group.flatMap((one) => one.addresses) }]
  })
}

/** The full addresses of changes. */
export function addressesOf(changes: readonly Change[]): readonly string[] {
  return changes.map((change) => qualify(change.scope, change.address))
}
