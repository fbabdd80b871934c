import type { Values } from './field.ts'

/** An object as an API shows it, in the words of the spec. */
export interface LiveObject {
  readonly key: string
  readonly id: string
  readonly values: Values
  /** True for an object that is still listed but counts as gone (a closed subaccount). */
  readonly dormant: boolean
  /** Names of the API's own fields that have a value and that the kind does not know. */
  readonly unknown?: readonly string[]
}
