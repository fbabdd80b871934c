import type { Scope } from '../../model/address.ts'

/** A live object that the spec does not name and that stays as it is. */
export interface Unmanaged {
  readonly scope: Scope
  readonly address: string
}
