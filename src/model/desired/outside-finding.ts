import type { DesiredObject } from './object.ts'

/** Something odd about an object of a spec that was found outside of it, in DNS. */
export interface OutsideFinding {
  /** That of a lint of DNS. */
  readonly code: string
  readonly object: DesiredObject
  readonly message: string
  /** What to do, where that is more than what the lint says. */
  readonly hint?: string
}
