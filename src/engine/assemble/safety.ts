import type { Scope } from '../../model/address.ts'
import type { Limit, Safety } from '../../model/desired/spec.ts'
import { isRecord } from '../../model/json.ts'
import { type Source, step } from '../../model/position.ts'
import type { Limited } from '../gates/limits.ts'

/** The limits that one document sets, and for which scopes; for all where it says no account and has no section. */
export interface SaidSafety {
  readonly scopes: readonly Scope[] | undefined
  readonly safety: Safety
}

/** What a document's `safety:` says; undefined where it says nothing. */
export function safetyOf(words: Readonly<Record<string, unknown>>, document: Source): Safety | undefined {
  const limits = (what: Limited): Limit[] => {
    const said = words[what]
    if (!isRecord(said)) return []
    const { percent, count } = said
    const source = step(step(document, 'safety'), what)
    return [
      {
        source,
        ...(typeof percent === 'number' ? { percent } : {}),
        ...(typeof count === 'number' ? { count } : {}),
      },
    ]
  }
  const safety = { deletes: limits('deletes'), updates: limits('updates') }
  if (words['dns'] === true) return { ...safety, dns: true }
  return safety.deletes.length + safety.updates.length === 0 ? undefined : safety
}

/** All limits that count for a scope: those of its own documents, and those of its account. */
export function safetyFor(scope: Scope, said: readonly SaidSafety[]): { readonly safety?: Safety } {
  const here = said.filter(({ scopes }) => holdsIn(scopes, scope))
  if (here.length === 0) return {}
  return {
    safety: {
      deletes: here.flatMap(({ safety }) => safety.deletes),
      updates: here.flatMap(({ safety }) => safety.updates),
      ...(here.some(({ safety }) => safety.dns === true) ? { dns: true as const } : {}),
    },
  }
}

/** True where what a document says of these scopes counts: in them, and in the subaccounts of an account; everywhere where it names none. */
export function holdsIn(scopes: readonly Scope[] | undefined, scope: Scope): boolean {
  return scopes?.some((one) => covers(one, scope)) ?? true
}

function covers(one: Scope, scope: Scope): boolean {
  return one.account === scope.account && (one.subaccount === null || one.subaccount === scope.subaccount)
}
