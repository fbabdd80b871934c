import type { Secret } from './secret.ts'

/** Where a secret goes that an API shows only once: `{ file }` or `{ command }`. */
export type Target = Readonly<Record<string, unknown>>

/** Hands secrets over, and takes them back where that is possible; the door knows files and commands. */
export interface Delivery {
  /** Why nothing could be delivered there; undefined if it can. Asked before the secret is made. */
  readonly refuses: (target: Target, specFile: string) => string | undefined
  /** Delivers; a text to note if the secret had to go somewhere else. Throws if it went nowhere. */
  readonly deliver: (target: Target, specFile: string, name: string, secret: Secret) => Promise<string | undefined>
  /** What was delivered to a file earlier. */
  readonly recall: (target: Target, specFile: string) => Secret | undefined
}
