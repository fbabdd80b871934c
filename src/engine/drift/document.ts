import type { Api } from '../../model/kind/api.ts'
import type { Reason } from '../../model/kind/difference.ts'
import type { Position } from '../../model/position.ts'
import type { ObjectPlace, ProblemDocument } from '../../model/run/plan-document.ts'

/** What changed outside the spec, as data (`schemas/drift.schema.json`). No secret is in it. */
export interface DriftDocument {
  readonly formatVersion: string
  readonly mailconfig: string
  /** Where the ledger is; null: there is none. */
  readonly ledger: string | null
  /** `known`: the ledger has a record of the account; without one an edit of the spec cannot be told from a change outside. */
  readonly accounts: readonly {
    readonly name: string
    readonly api: Api
    readonly url: string
    readonly known: boolean
  }[]
  readonly drift: readonly DriftedDocument[]
  /** Declared objects that differ and that the ledger does not know yet: nobody can say who changed them. */
  readonly unknown: readonly ObjectPlace[]
  readonly unmanaged: readonly ObjectPlace[]
  readonly summary: {
    readonly changed: number
    readonly deleted: number
    readonly made: number
    readonly unknown: number
    readonly unmanaged: number
  }
  /** What a plan would say; an error here stops the next apply, and not this report. */
  readonly problems: readonly ProblemDocument[]
}

/** One object that is not as it was left. */
export interface DriftedDocument extends ObjectPlace {
  readonly kind: string
  readonly key: string
  /** What happened to it outside. */
  readonly what: 'changed' | 'deleted' | 'made'
  /** `both`: the spec was changed as well; `unknown`: perhaps only the spec was. */
  readonly reason: Exclude<Reason, 'spec'>
  /** What the next apply does, for the spec wins. */
  readonly next: 'update' | 'create' | 'delete'
  readonly fields: readonly {
    readonly path: string
    /** As it was last applied; null where nobody knows. */
    readonly applied: unknown
    readonly live: unknown
    /** As the next apply makes it. */
    readonly spec: unknown
    readonly reason: Exclude<Reason, 'spec'>
  }[]
  readonly source: Position | null
}
