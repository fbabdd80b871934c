import type { Change } from './change.ts'

/** How much a change could break. */
export type RiskLevel = 'low' | 'medium' | 'high'

/** A way in which a field changes; `added` and `removed` are about the items of a list. */
export type Turn = 'changed' | 'lowered' | 'raised' | 'on' | 'off' | 'cleared' | 'added' | 'removed'

/** What a change of a field could break. */
export interface Risky {
  readonly when: Turn | { readonly becomes: unknown }
  readonly level: 'medium' | 'high'
  /** What would happen, as the second half of a sentence. */
  readonly why: string
}

/** A rule that looks at a whole change, where no single field tells. */
export interface RiskRule {
  /** When, in words, for the table of the rules. */
  readonly when: string
  readonly level: 'medium' | 'high'
  /** What would happen, for the table. */
  readonly why: string
  /** Why this very change is one; empty where it is not. */
  found(change: Change & { readonly action: 'update' }): readonly string[]
}
