import { qualify } from '../../model/address.ts'
import type { Change } from '../../model/change.ts'

/** A gate before it has a number: what would happen, to which objects. */
export interface Raw {
  readonly code: string
  readonly reason: string
  readonly addresses: readonly string[]
  /** Nobody may accept it. */
  readonly final?: true
}

/** No more names stand in one reason; the others are counted, and all are in `addresses`. */
export const MOST_NAMES = 5

/** The first of some texts, and how many more there are. */
export function firstOf(texts: readonly string[], between = ', '): string {
  const rest = texts.length > MOST_NAMES ? [`and ${texts.length - MOST_NAMES} more`] : []
  return [...texts.slice(0, MOST_NAMES), ...rest].join(between)
}

/** The addresses of changes inside their scope, the first of them. */
export function named(changes: readonly Change[]): string {
  return firstOf(changes.map((change) => change.address))
}

/** The full addresses of changes. */
export function addressesOf(changes: readonly Change[]): readonly string[] {
  return changes.map((change) => qualify(change.scope, change.address))
}
