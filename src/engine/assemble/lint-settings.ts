import type { Scope } from '../../model/address.ts'
import { LINT_LEVELS, type LintLevel, type LintSettings, stricter } from '../../model/lint/lint.ts'
import { holdsIn } from './safety.ts'

/** The levels of lints that one document sets, and for which scopes; for all where it says no account and has no section. */
export interface SaidLint {
  readonly scopes: readonly Scope[] | undefined
  readonly levels: LintSettings
}

/** What a document's `lint:` says. */
export function lintOf(words: Readonly<Record<string, unknown>>): LintSettings {
  return new Map(
    Object.entries(words).flatMap(([code, level]): [string, LintLevel][] => {
      const known = LINT_LEVELS.find((one) => one === level)
      return known === undefined ? [] : [[code, known]]
    }),
  )
}

/** The levels that count for a scope: where documents disagree, the strictest. */
export function lintFor(scope: Scope, said: readonly SaidLint[]): { readonly lint?: LintSettings } {
  const here = said.filter(({ scopes }) => holdsIn(scopes, scope))
  if (here.length === 0) return {}
  const levels = new Map<string, LintLevel>()
  for (const [code, level] of here.flatMap((one) => [...one.levels]))
    levels.set(code, stricter(level, levels.get(code) ?? level))
  return { lint: levels }
}
