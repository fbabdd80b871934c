import type { Scope } from '../address.ts'
import type { DesiredObject } from '../desired/object.ts'
import type { FieldChange, MemberChanges, Reason } from '../kind/difference.ts'
import type { ResourceKind } from '../kind/kind.ts'
import type { LiveObject } from '../kind/live-object.ts'

export interface ChangeBase {
  readonly kind: ResourceKind
  readonly scope: Scope
  readonly key: string
  readonly address: string
  /** Why it differs; left out where nobody can say. */
  readonly reason?: Reason
}

/** What is to be done with one object. */
export type Change =
  | (ChangeBase & {
      readonly action: 'create'
      readonly desired: DesiredObject
      readonly fields: readonly FieldChange[]
    })
  | (ChangeBase & {
      readonly action: 'update'
      readonly desired: DesiredObject
      readonly live: LiveObject
      readonly fields: readonly FieldChange[]
      readonly members?: MemberChanges
    })
  | (ChangeBase & {
      readonly action: 'delete'
      readonly live: LiveObject
      /** The tombstone that asks for it; none where the spec's silence does (authoritative). */
      readonly desired?: DesiredObject
      readonly fields: readonly FieldChange[]
    })
  | (ChangeBase & { readonly action: 'noop'; readonly desired: DesiredObject; readonly live?: LiveObject })

/** A change that does something. */
export type EffectiveChange = Exclude<Change, { readonly action: 'noop' }>
