import type { LiveObject } from '../kind/live-object.ts'
import type { ApiError } from '../wire.ts'

/** What was read of one kind in one scope: all of it, or nothing that may be relied on. */
export type Collection =
  | { readonly known: true; readonly objects: readonly LiveObject[] }
  | { readonly known: false; readonly error: ApiError }

/** What is known of one scope. */
export interface LiveScope {
  /** The `subaccount_id`; null for the account itself; undefined for a subaccount that is not made yet. */
  readonly id: string | null | undefined
  readonly collections: ReadonlyMap<string, Collection>
}

/** Everything that was read, by scope (`main`, `main/Acme`). */
export type Live = ReadonlyMap<string, LiveScope>
