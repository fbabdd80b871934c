import type { DesiredObject } from './object.ts'

/** Something odd about an object of a spec that was found outside of it, in DNS. */
export interface OutsideFinding {
  /** The code of a lint; another one is left out. */
  readonly code: string
  readonly object: DesiredObject
  readonly message: string
  /** What to do, where that is more than what the lint says. */
  readonly hint?: string
}
