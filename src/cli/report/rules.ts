/** What docs/problems.md says of a code. */
export interface Rule {
  readonly means: string
  /** What to do; none for a gate, which says itself what accepts it. */
  readonly todo?: string
}

declare const MAILCONFIG_RULES: Readonly<Record<string, Rule>> | undefined

/** The table of docs/problems.md by code; put in when it is built. */
export const RULES: Readonly<Record<string, Rule>> = typeof MAILCONFIG_RULES === 'object' ? MAILCONFIG_RULES : {}
