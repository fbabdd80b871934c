/** How much a change could break. */
export type RiskLevel = 'low' | 'medium' | 'high'

/** A way in which a field changes; `added` and `removed` are about the items of a list. */
export type RiskTurn = 'changed' | 'lowered' | 'raised' | 'on' | 'off' | 'cleared' | 'added' | 'removed'

/** What a change of a field could break. */
export interface Risky {
  readonly when: RiskTurn | { readonly becomes: unknown }
  readonly level: 'medium' | 'high'
  /** What would happen, as the second half of a sentence. */
  readonly why: string
}
