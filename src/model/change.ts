import type { Scope } from './address.ts'
import type { Reason } from './document.ts'
import type { LiveObject, ResourceKind, Values } from './kind.ts'
import type { Source } from './position.ts'

/** An object that the spec names, with the fields that it manages. */
export interface DesiredObject {
  readonly kind: ResourceKind
  readonly scope: Scope
  readonly key: string
  /** `smtpUsers/billing-app`. */
  readonly address: string
  readonly values: Values
  readonly state: 'present' | 'absent'
  readonly protect: boolean
  /** The key it had before. */
  readonly moved?: string
  /** The id of the live object that is meant, where its name does not tell it apart. */
  readonly id?: string
  /** Secrets, by path, that are sent whatever was sent last: `password`, `auth.value`. Then `values` has a part of what is managed. */
  readonly resend?: readonly string[]
  /** They are other ones than before: made up for this run. */
  readonly isRenewed?: true
  /** The key of the object whose place it takes in a rotation. */
  readonly twinOf?: string
  readonly source: Source
}

/** One field that differs; `before` and `after` in the words of the spec. */
export interface FieldChange {
  readonly path: string
  readonly before: unknown
  readonly after: unknown
  readonly sensitive: boolean
  /** A secret that is known to be another one than was sent before. */
  readonly isNew?: true
  /** Who changed it; left out where nobody can say. */
  readonly reason?: Reason
}

interface Common {
  readonly kind: ResourceKind
  readonly scope: Scope
  readonly key: string
  readonly address: string
  /** Why it differs; left out where nobody can say. */
  readonly reason?: Reason
}

/** What is to be done with one object. */
export type Change =
  | (Common & { readonly action: 'create'; readonly desired: DesiredObject; readonly fields: readonly FieldChange[] })
  | (Common & {
      readonly action: 'update'
      readonly desired: DesiredObject
      readonly live: LiveObject
      readonly fields: readonly FieldChange[]
      readonly members?: MemberChanges
    })
  | (Common & {
      readonly action: 'delete'
      readonly live: LiveObject
      /** The tombstone that asks for it; none where the spec's silence does (authoritative). */
      readonly desired?: DesiredObject
      readonly fields: readonly FieldChange[]
    })
  | (Common & { readonly action: 'noop'; readonly desired: DesiredObject; readonly live?: LiveObject })

/** What happens to the members of a singleton's list. */
export interface MemberChanges {
  readonly added: readonly unknown[]
  readonly edited: readonly unknown[]
  readonly removed: readonly unknown[]
  /** The whole list as it will be, with what nobody named and that stays. */
  readonly after: readonly unknown[]
}

/** What became of a change. */
export type Outcome = 'done' | 'failed' | 'skipped' | 'unknown'

/** One change and what became of it. */
export interface Result {
  readonly change: Change
  readonly outcome: Outcome
  /** The API's id of what was made or changed, where an answer or a look showed it. */
  readonly id?: string
  readonly error?: { readonly message: string; readonly code?: string; readonly hint?: string }
  /** Something the user should know although it is done. */
  readonly note?: string
  /** Of a change that is not wholly done: the part that took effect, and how many of its calls that were. */
  readonly applied?: {
    readonly change: Exclude<Change, { readonly action: 'noop' }>
    readonly calls: number
    readonly of: number
  }
}
