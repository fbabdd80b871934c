import type { Scope } from '../address.ts'
import type { Api } from '../kind/api.ts'
import type { ResourceKind } from '../kind/kind.ts'
import type { LintSettings } from '../lint/lint.ts'
import type { Position, Source } from '../position.ts'
import type { Problem } from '../problem.ts'
import type { Secret } from '../secret.ts'
import type { Login } from '../transport.ts'
import type { Mode } from './document-fields.ts'
import type { DesiredObject } from './object.ts'
import type { OutsideFinding } from './outside-finding.ts'
import type { SpecTest } from './spec-test.ts'

/** An account that a spec declares. */
export interface Account {
  readonly name: string
  readonly api: Api
  /** The API's base: `https://eu-api.smtp2go.com/v3`, `https://backoffice.example.com`. */
  readonly url: string
  /** The API key, the token, or what a token is got with. */
  readonly credential?: Secret
  /** How a token is got with the credential, where it is none itself. */
  readonly login?: Login
  readonly source: Source
}

/** What a spec says about one kind in one scope. */
export interface SectionSpec {
  readonly kind: ResourceKind
  readonly mode: Mode
  readonly allowEmpty: boolean
  readonly source: Source
  /** No file has it: it is about the objects in it, and says nothing of the others. */
  readonly isComposed?: true
}

/** A rule that leaves live objects, or one field of them, alone. */
export interface IgnoreRule {
  readonly text: string
  readonly kind: string
  readonly key: string
  readonly field?: string
  readonly source: Source
}

/** How much of a collection a plan may do without confirmation, as one document says it. */
export interface Limit {
  /** Of a collection's live objects, from the size at which shares count. */
  readonly percent?: number
  /** No more than this many, whatever the share. */
  readonly count?: number
  readonly source: Source
}

/** What documents say about the gates of a scope; of several limits the strictest counts. */
export interface Safety {
  readonly deletes: readonly Limit[]
  readonly updates: readonly Limit[]
  /** DNS is asked before a plan. */
  readonly dns?: true
}

/** A scope that a spec describes. */
export interface ScopeSpec {
  readonly scope: Scope
  readonly sections: ReadonlyMap<string, SectionSpec>
  readonly ignore: readonly IgnoreRule[]
  readonly safety?: Safety
  /** The levels of lints that its documents set, by code. */
  readonly lint?: LintSettings
}

/** A reference from one object to another, by the other one's key. */
export interface Reference {
  readonly from: DesiredObject
  readonly kind: string
  readonly key: string
  readonly source: Source
}

/** A whole spec: every document of every file, as one desired state. */
export interface Spec {
  readonly accounts: ReadonlyMap<string, Account>
  readonly scopes: readonly ScopeSpec[]
  readonly objects: readonly DesiredObject[]
  readonly references: readonly Reference[]
  /** What has to hold about who may send. */
  readonly tests?: readonly SpecTest[]
  /** `sha256:…` over the texts of all files. */
  readonly hash: string
}

/** All or nothing, so that half a spec can never look like a request to delete. */
export type Loaded =
  | {
      readonly ok: true
      readonly spec: Spec
      readonly warnings: readonly Problem[]
      /** How many references stand for a value that nobody looked up. */
      readonly open: number
      /** Positions of sources; parses for it when first called. */
      readonly locate: () => Promise<(source: Source) => Position>
      /** What was found outside, as problems: at the level that the spec sets, and without what a comment of it allows. */
      readonly judge: (findings: readonly OutsideFinding[]) => Promise<readonly Problem[]>
    }
  | { readonly ok: false; readonly problems: readonly Problem[] }
