import type { Path } from '../position.ts'
import type { FieldChange, MemberChanges } from './difference.ts'
import type { Values } from './field.ts'
import type { LiveObject } from './live-object.ts'

/** Something a kind's own check found in an entry; the path is inside the entry. */
export interface Finding {
  readonly code: string
  readonly message: string
  readonly hint?: string
  readonly severity?: 'warning'
  readonly path: Path
}

/** Why a change needs somebody's explicit word, found by a kind. */
export interface Danger {
  readonly code: string
  /** A sentence that names the object and says what would happen. */
  readonly reason: string
  /** Nobody may accept it: the run could not go on, or nothing could undo it. */
  readonly final?: true
}

/** What a kind may look at to judge a change: the whole plan's surroundings, as far as they were read. */
export interface Surroundings {
  /** The live objects of a kind in the scope of the change; undefined if they were not read. */
  live(kind: string): readonly LiveObject[] | undefined
  /** The addresses that the runner's calls come from, as far as it can tell. */
  readonly runnerAddresses: readonly string[]
  /** True if this text is the credential that the run itself uses, or its short form. */
  usesCredential(text: string): boolean
}

export interface JudgedBase {
  readonly key: string
  readonly address: string
  readonly fields: readonly FieldChange[]
}

/** A change as its kind sees it: without the kind itself, and without the plan and the spec around it. */
export type JudgedChange =
  | (JudgedBase & { readonly action: 'create'; readonly desired: { readonly values: Values } })
  | (JudgedBase & {
      readonly action: 'update'
      readonly desired: { readonly values: Values }
      readonly live: LiveObject
      readonly members?: MemberChanges
    })
  | (JudgedBase & { readonly action: 'delete'; readonly live: LiveObject })

/** A rule that looks at a whole change, where no single field tells. */
export interface RiskRule {
  /** When, in words, for the table of the rules. */
  readonly when: string
  readonly level: 'medium' | 'high'
  /** What would happen, for the table. */
  readonly why: string
  /** Why this very change is one; empty where it is not. */
  found(change: JudgedChange & { readonly action: 'update' }): readonly string[]
}
