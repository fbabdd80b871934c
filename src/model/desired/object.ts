import type { Scope } from '../address.ts'
import type { Values } from '../kind/field.ts'
import type { ResourceKind } from '../kind/kind.ts'
import type { Source } from '../position.ts'

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
  /** They differ from before: generated for this run. */
  readonly isRenewed?: true
  /** The key of the object whose place it takes in a rotation. */
  readonly twinOf?: string
  readonly source: Source
}
