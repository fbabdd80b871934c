import { formatScope, type Scope } from '../../model/address.ts'
import type { Spec } from '../../model/desired/spec.ts'
import type { Live } from '../../model/run/live.ts'
import type { ApiError } from '../../model/wire.ts'

/** A collection that could not be read to its end, and so is left alone. */
export interface Unread {
  readonly scope: Scope
  readonly kind: string
  readonly error: ApiError
}

/** What was wanted and could not be read to its end. */
export function unreadOf(spec: Spec, live: Live): Unread[] {
  return spec.scopes.flatMap(({ scope, sections }) => {
    const known = live.get(formatScope(scope))
    return [...(known?.collections ?? [])]
      .filter(([kind]) => sections.has(kind) || scope.subaccount === null)
      .flatMap(([kind, collection]) => (collection.known ? [] : [{ scope, kind, error: collection.error }]))
  })
}
