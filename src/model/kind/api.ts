import { addSecretForm } from '../secret-form.ts'
import type { ApiTraffic } from '../traffic/traffic.ts'
import type { EndpointLimit, OpenClient } from '../transport.ts'
import type { Call } from './call.ts'

/** The name of an API, as specs, documents and ledgers have it. */
export type Api = string

/** Where accounts of an API are: at addresses that everybody knows, by region, or at one that has to be given. */
export type ApiPlace =
  | {
      readonly regions: Readonly<Record<string, string>>
      /** The region of an account that names none. */
      readonly usual: string
      /** What a region is, in a sentence. */
      readonly doc: string
      /** A second sentence on regions. */
      readonly note?: string
      /** A region for examples. */
      readonly example: string
      readonly env: { readonly region: string; readonly url: string }
    }
  | {
      readonly regions?: never
      /** A URL for examples. */
      readonly example: string
      readonly env: { readonly url: string }
    }

/** What an account of an API is called with. */
export interface ApiCredential {
  /** The field of a spec: `apiKey`. */
  readonly field: string
  /** One word for sentences: `key`. */
  readonly noun: string
  /** A few words: `API key`. */
  readonly title: string
  /** What it is, in a sentence. */
  readonly doc: string
  /** The variable of the environment. */
  readonly env: string
  /** A regular expression of a whole credential: text of this form is a secret wherever it stands. */
  readonly pattern?: string
}

/** How a credential is tried out. Without any of these the first kind of the API is listed. */
export interface ApiCheck {
  /** A call that answers the endpoints that the credential may call; `*` stands for all. */
  readonly permissions?: Call
  /** A call that tries one object of a kind; `{id}` in its path is the object's. An answer without a body is good. */
  readonly each?: { readonly kind: string; readonly call: Call; readonly timeoutMs: number }
}

/** How a login signs in to send mail: the kind, and its fields. */
export interface MailLogin {
  readonly kind: string
  readonly secret?: string
  /** Fields of the server, where each object has its own. */
  readonly server?: { readonly host: string; readonly port: string; readonly encryption: string; readonly user: string }
}

/** Where mail of an account is handed in, and by whom. */
export interface ApiMail {
  /** The submission servers by region, and their ports. */
  readonly servers?: {
    readonly regions: Readonly<Record<string, string>>
    /** Ports that begin plain and offer STARTTLS; the first one is the usual one. */
    readonly plain: readonly number[]
    /** Ports that speak TLS from the first byte. */
    readonly encrypted: readonly number[]
  }
  /** What signs in there with a password of its own. */
  readonly user?: MailLogin
  /** What sends by the API. */
  readonly key?: MailLogin
  /** What names a server of its own. */
  readonly relay?: MailLogin
  /** The kinds whose objects allow senders: domains, and single addresses. */
  readonly domainKind?: string
  readonly senderKind?: string
}

/** What is known of an API, as data: everything in which one differs from another. */
export interface ApiDefinition {
  /** `api: smtp2go` in a spec; the block of the Terraform provider. */
  readonly name: Api
  /** In sentences and in the reference. */
  readonly title: string
  /** What an account of it is, with its article: `a Back Office`. */
  readonly noun: string
  /** What an account of it is, as a sentence: `The Back Office.` */
  readonly doc: string
  /** What its account is called where nobody says. */
  readonly account: string
  readonly credential: ApiCredential
  readonly place: ApiPlace
  /** A user or a refresh token may stand in the place of the credential: a token is got with it. */
  readonly signsIn?: true
  /** How names of fields become names of the API. */
  readonly names: 'snake' | 'camel'
  /** The names under which lists are paged: a token, or how many and from where on. */
  readonly paging: {
    readonly token?: { readonly sends: string; readonly reads: string }
    readonly offset?: { readonly size: string; readonly offset: string }
  }
  /** The largest body of a call in bytes, as its documents say; left out where they say nothing. */
  readonly largestBody?: number
  /** The kind whose objects are accounts inside an account, and the name under which a call says which one it is for. */
  readonly inner?: { readonly kind: string; readonly parameter: string }
  /** It takes mail, by the rules that `src/policy` knows. */
  readonly takesMail?: true
  readonly mail?: ApiMail
  /** Loads what it tells of mail that was sent, and how it sends some. */
  readonly traffic?: () => Promise<ApiTraffic>
  /** What its documents say of single endpoints. */
  readonly limits: readonly EndpointLimit[]
  /** True where accounts at all regions are the same ones: two URLs do not make two accounts. */
  readonly sharesAccounts?: true
  readonly check: ApiCheck
  /** Loads its client; asked for when the first call is made. */
  readonly client: () => Promise<OpenClient>
}

/** Declares an API; answers its argument, typed. */
export function defineApi<const D extends ApiDefinition>(definition: D): D {
  if (definition.credential.pattern !== undefined) addSecretForm(definition.credential.pattern)
  return definition
}

/** The APIs of some kinds, each once, in the order in which the kinds name them. */
export function apisOf<A extends ApiDefinition>(kinds: readonly { readonly api: A }[]): readonly A[] {
  return [...new Set(kinds.map(({ api }) => api))]
}

/** The API of this name; a name that no definition has is a bug of ours. */
export function apiNamed<A extends ApiDefinition>(apis: readonly A[], name: Api): A {
  const found = apis.find((api) => api.name === name)
  if (found === undefined) throw new TypeError(`there is no API "${name}"`)
  return found
}

/** The fields of an account that only some APIs have. */
export function ownFields({ credential, place, signsIn }: ApiDefinition): readonly string[] {
  return [
    credential.field,
    ...(place.regions === undefined ? [] : ['region']),
    ...(signsIn === true ? SIGN_IN_FIELDS : []),
  ]
}

/** The fields of an account that signs in. */
export const SIGN_IN_FIELDS: readonly string[] = ['email', 'password', 'refreshToken']
