import type { Api } from '../kind/api.ts'
import type { Reason } from '../kind/difference.ts'
import type { Position } from '../position.ts'

/** The version of the JSON that plans and reports are written in. */
export const FORMAT_VERSION = '1.0'

/** A plan as data: what `plan --format json` prints, what a saved plan holds, and what every view of a plan is made from. No secret is in it. */
export interface PlanDocument {
  readonly formatVersion: string
  readonly mailconfig: string
  readonly specHash: string
  readonly accounts: readonly { readonly name: string; readonly api: Api; readonly url: string }[]
  readonly changes: readonly ChangeDocument[]
  readonly unmanaged: readonly ObjectPlace[]
  readonly summary: {
    readonly create: number
    readonly update: number
    readonly delete: number
    readonly noop: number
    readonly unmanaged: number
    readonly calls: number
  }
  readonly gates: readonly GateDocument[]
  readonly warnings: readonly ProblemDocument[]
}

/** Where an object is. */
export interface ObjectPlace {
  readonly address: string
  readonly account: string
  readonly subaccount: string | null
}

/** One change of a plan. */
export interface ChangeDocument extends ObjectPlace {
  readonly kind: string
  readonly key: string
  readonly action: 'create' | 'update' | 'delete' | 'noop'
  readonly reason: Reason
  readonly fields: readonly {
    readonly path: string
    readonly before: unknown
    readonly after: unknown
    readonly sensitive: boolean
    /** A secret that is known to be another one than was sent before. */
    readonly isNew?: true
    readonly reason?: Reason
  }[]
  /** Null: the spec does not name it. */
  readonly source: Position | null
  readonly risk: { readonly level: 'low' | 'medium' | 'high'; readonly why: readonly string[] }
  readonly calls: number
  /** The key it has now, where it is renamed. */
  readonly renamedFrom?: string
  /** The API's own word for what happens, where it has one: "close", "reopen". */
  readonly verb?: string
}

/** Something that needs somebody's explicit word. */
export interface GateDocument {
  readonly number: string
  readonly code: string
  readonly reason: string
  readonly addresses: readonly string[]
  /** What `--accept` has to say; null for what nobody may accept. */
  readonly accept: string | null
  readonly accepted: boolean
}

/** A problem or a warning. */
export interface ProblemDocument {
  readonly code: string
  readonly severity: 'error' | 'warning'
  readonly message: string
  readonly hint?: string
  readonly at?: Position
  readonly also?: Position
}
