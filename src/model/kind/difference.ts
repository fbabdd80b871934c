/** Why an object differs: the file changed, the live object did, both, or nobody can say. */
export type Reason = 'spec' | 'drift' | 'both' | 'unknown'

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

/** What happens to the members of a singleton's list. */
export interface MemberChanges {
  readonly added: readonly unknown[]
  readonly edited: readonly unknown[]
  readonly removed: readonly unknown[]
  /** The whole list as it will be, with what nobody named and that stays. */
  readonly after: readonly unknown[]
}
