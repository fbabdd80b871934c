/** The name of an API, as specs, documents and ledgers have it. */
export type Api = 'smtp2go' | 'backoffice'

/** The largest number of calls to one endpoint in a span of time. */
interface CallLimit {
  readonly path: string
  readonly calls: number
  readonly perMs: number
}

/** Where accounts of an API are: at addresses that everybody knows, by region, or at one that has to be given. */
type ApiPlace =
  | {
      readonly regions: Readonly<Record<string, string>>
      /** The region of an account that names none. */
      readonly usual: string
      readonly env: { readonly region: string; readonly url: string }
    }
  | { readonly regions?: never; readonly env: { readonly url: string } }

/** What is known of an API, as data: everything in which one differs from another, but its calls. */
export interface ApiDefinition {
  /** `api: smtp2go` in a spec; the block of the Terraform provider. */
  readonly name: Api
  /** In sentences and in the reference. */
  readonly title: string
  /** What its account is called where nobody says. */
  readonly account: string
  readonly credential: {
    /** The word of a spec. */
    readonly field: string
    /** The variable of the environment. */
    readonly env: string
  }
  readonly place: ApiPlace
  /** The words of an account that are its alone, and what they are, in a sentence. */
  readonly words: { readonly own: readonly string[]; readonly summary: string }
  /** A user or a refresh token may stand in the place of the credential: a token is got with it. */
  readonly signsIn?: true
  /** How names of fields become names of the API. */
  readonly names: 'snake' | 'camel'
  /** The largest body of a call in bytes, as its documents say; left out where they say nothing. */
  readonly largestBody?: number
  /** The kind whose objects are accounts inside an account. */
  readonly inner?: { readonly kind: string; readonly parameter: string }
  readonly limits: readonly CallLimit[]
}

/** Declares an API; answers its argument, typed. */
export function defineApi<const D extends ApiDefinition>(definition: D): D {
  return definition
}
