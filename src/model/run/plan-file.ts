import type { Api } from '../kind/api.ts'
import type { PlanDocument } from './plan-document.ts'

/** A saved plan: the plan itself, and what binds it to one account, one spec and one state of the world. No secret is in it. */
export interface SavedDocument extends PlanDocument {
  readonly saved: SavedPart
}

/** What a saved plan remembers. Every mark is keyed, so that the file alone tells nothing about what was marked. */
export interface SavedPart {
  /** Given when it is saved, and never twice. */
  readonly id: string
  /** When, ISO 8601. */
  readonly at: string
  /** What it was made for: to make things as the spec says, or to delete what the spec names. */
  readonly mode: 'apply' | 'destroy'
  /** As given with `-f`, relative to the folder of the run; none: the default. */
  readonly files: readonly string[]
  /** `sha256:…` of the text of each file of the spec, by its name. */
  readonly specFiles: Readonly<Record<string, string>>
  readonly account: readonly string[]
  readonly only: readonly string[]
  readonly exclude: readonly string[]
  readonly varFiles: readonly string[]
  /** Tokens of gates that were accepted. */
  readonly accept: readonly string[]
  /** About how long applying takes. */
  readonly seconds: number
  /** What the keys of the marks are made from. */
  readonly keyedBy: PlanKey
  readonly salt: string
  /** The accounts that were read. */
  readonly bound: readonly {
    readonly account: string
    readonly api: Api
    readonly url: string
    readonly mark: string
  }[]
  /** Marks of variables given on the command line or in a file, by name. */
  readonly vars: Readonly<Record<string, string>>
  /** Marks of secrets of the touched objects: `main:smtpUsers/billing-app password`. */
  readonly secrets: Readonly<Record<string, string>>
  /** For each touched object, by its address with scope, marks of its live values; null: it was not there. */
  readonly objects: Readonly<Record<string, ObjectMarks>>
  /** `sha256:…` of everything else: tells of a file that was cut off or edited. */
  readonly checksum: string
  /** The same, keyed: nobody without the key can write it anew. */
  readonly seal: string
}

/** What the keys of a saved plan are made from: the accounts' credentials, or the variable of that name. */
type PlanKey = 'credential' | 'MAILCONFIG_PLAN_KEY'

/** Marks of an object's live values by field; null: it is not there. */
export type ObjectMarks = Readonly<Record<string, string>> | null
