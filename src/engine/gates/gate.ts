import type { DesiredObject } from '../../model/desired/object.ts'
import type { Spec } from '../../model/desired/spec.ts'
import type { Memory } from '../../model/ledger/memory.ts'
import type { Change } from '../../model/run/change.ts'
import type { Live } from '../../model/run/live.ts'
import type { Secret } from '../../model/secret.ts'
import type { DraftGate } from './draft-gate.ts'

/** Something that is not done without somebody's explicit word, bound to this very plan. */
export interface Gate {
  /** `G1`, `G2` … in the order of the plan. */
  readonly number: string
  readonly code: string
  readonly reason: string
  readonly addresses: readonly string[]
  /** What `--accept` has to say: `G1:3f9c`. Missing for what nobody may accept. */
  readonly token?: string
  readonly accepted: boolean
}

/** What the gates look at beside the changes. */
export interface GateContext {
  readonly spec: Spec
  readonly live: Live
  readonly accept: readonly string[]
  readonly runnerAddresses: readonly string[]
  readonly usesCredential: (account: string, text: string) => boolean
  /** What the numbers of gates are keyed with: nobody without it can tell a number before a plan says it. */
  readonly gateKey?: Secret | undefined
  /** The secret that waits where an object saves its own; undefined where nothing does. */
  readonly savedSecret?: ((object: DesiredObject) => Secret | undefined) | undefined
  /** Gates of other rooms: what they say about what the changes lead to. */
  readonly more?: ((changes: readonly Change[], live: Live) => readonly DraftGate[]) | undefined
  /** What was applied before, where somebody remembers. */
  readonly memory?: Memory | undefined
}
