/** What constructs ask for: a spec, and how its secrets are written. */
export interface SpecRequest {
  readonly spec:
    | { readonly paths: readonly string[]; readonly cwd: string }
    | { readonly text: string }
    /** JSON with `${env:NAME}` where the caller's tokens stood; their places by that name. */
    | { readonly json: string; readonly tokens: Readonly<Record<string, readonly (string | number)[]>> }
  readonly vars: Readonly<Record<string, string>>
  readonly env: Readonly<Record<string, string | undefined>>
  /** Secrets are write-only, with this version; left out: they are kept in the state. */
  readonly secretVersion?: number
}

/** A resource to make; those that it refers to come before it. */
export interface SpecResource {
  /** The name of its construct. */
  readonly id: string
  readonly section: string
  readonly key: string
  readonly api: string
  readonly account: string
  readonly subaccount: string | null
  readonly protect: boolean
  /** The configuration in the names of constructs, with gaps. */
  readonly config: Readonly<Record<string, unknown>>
}

/** What constructs are made of, or everything that is wrong, as text with places. */
export type SpecAnswer =
  | {
      readonly ok: true
      readonly resources: readonly SpecResource[]
      /** Secrets by the name of their variable; each with what it is for. */
      readonly secrets: Readonly<Record<string, string>>
      readonly warnings: readonly string[]
    }
  | { readonly ok: false; readonly problems: readonly string[] }
