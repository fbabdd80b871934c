/** How a lint is reported: not at all, as a warning, or as an error, which stops the run. */
export const LINT_LEVELS = ['off', 'warning', 'error'] as const
export type LintLevel = (typeof LINT_LEVELS)[number]

/** Something that a spec can say, and that is seldom what anybody wants. */
export interface Lint {
  readonly code: string
  /** Its level where the spec sets none. */
  readonly severity: Exclude<LintLevel, 'off'>
  /** What it means, and why it matters. */
  readonly says: string
  /** What to do. */
  readonly fix: string
  /** A part of a spec in which it is found once. */
  readonly example: string
}

/** The levels that a spec sets, by code. */
export type LintSettings = ReadonlyMap<string, LintLevel>

/** The stricter of two levels. */
export function stricter(one: LintLevel, other: LintLevel): LintLevel {
  return LINT_LEVELS.indexOf(one) > LINT_LEVELS.indexOf(other) ? one : other
}
