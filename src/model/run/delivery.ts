import type { Secret } from '../secret.ts'

/** Where a secret goes that an API shows only once: `{ file }` or `{ command }`. */
export type Target = Readonly<Record<string, unknown>>

/** What became of a secret that was to be handed over. */
export type DeliveryAnswer = { readonly note?: string } | { readonly why: string; readonly waits: string }

/** Hands secrets over, and takes them back where that is possible; the door knows files and commands. */
export interface Delivery {
  /** Why nothing could be delivered there; undefined if it can, and then the place is taken. Asked before the secret is made; `ownIds`: how older secrets of the same object may begin. */
  readonly refuses: (target: Target, specFile: string, ownIds?: readonly string[]) => string | undefined
  /** Gives back what `refuses` took: nothing was made. */
  readonly release?: (target: Target, specFile: string) => void
  /** Delivers, or says where the secret waits instead, and why. Throws if it went nowhere. `name` is the object's full address. */
  readonly deliver: (
    target: Target,
    specFile: string,
    name: string,
    secret: Secret,
  ) => Promise<DeliveryAnswer | string | undefined>
  /** What was delivered to a file earlier. */
  readonly recall: (target: Target, specFile: string) => Secret | undefined
}
