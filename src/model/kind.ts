import { type Call, isOneCall, type ListCall } from './call.ts'
import type { Change } from './change.ts'
import type { EntryOf, Fields } from './field.ts'
import type { Path } from './position.ts'
import type { RiskRule } from './risk.ts'

/** Which API a kind lives in. */
export type Api = 'smtp2go' | 'backoffice'

/** Values by field name, in the words of the spec. */
export type Values = Readonly<Record<string, unknown>>

/** Something a kind's own check found in an entry; the path is inside the entry. */
export interface Finding {
  readonly code: string
  readonly message: string
  readonly hint?: string
  readonly severity?: 'warning'
  readonly path: Path
}

/** Why a change needs somebody's explicit word, found by a kind. */
export interface Danger {
  readonly code: string
  /** A sentence that names the object and says what would happen. */
  readonly reason: string
  /** Nobody may accept it: the run could not go on, or nothing could undo it. */
  readonly final?: true
}

/** What a kind may look at to judge a change: the whole plan's surroundings, as far as they were read. */
export interface Surroundings {
  /** The live objects of a kind in the scope of the change; undefined if they were not read. */
  live(kind: string): readonly LiveObject[] | undefined
  /** The addresses that the runner's calls come from, as far as it can tell. */
  readonly runnerAddresses: readonly string[]
  /** True if this text is the credential that the run itself uses, or its short form. */
  usesCredential(text: string): boolean
}

/** An object as an API shows it, in the words of the spec. */
export interface LiveObject {
  readonly key: string
  readonly id: string
  readonly values: Values
  /** True for an object that is still listed but counts as gone (a closed subaccount). */
  readonly dormant: boolean
  /** Names of the API's own fields that have a value and that the kind does not know. */
  readonly unknown?: readonly string[]
}

/** A singleton's field whose members are added and removed one by one, so that nobody else's entry is written over. */
export interface Members {
  readonly field: string
  /** For members that are objects: the field that tells them apart. */
  readonly key?: string
  readonly add: Call
  readonly edit?: Call
  /** Left out where `update` replaces the whole list. */
  readonly remove?: Call
  /** One call carries all the members to add. */
  readonly batch: boolean
}

/** The calls of a kind; one that is left out does not exist in the API. */
export interface Calls {
  readonly list: ListCall
  /** Fields that the list lacks cost one more call for each object that the spec names. */
  readonly view?: Call
  readonly create?: Call
  /** One call for everything, or one for each field that has its own. */
  readonly update?: Call | Readonly<Record<string, Call>>
  readonly delete?: Call
  /** Brings a dormant object back. */
  readonly reopen?: Call
}

/** A kind of object, as data: what it is, not what is done with it. */
export interface ResourceKind {
  readonly name: string
  readonly api: Api
  /** One of them, in words: "SMTP user". */
  readonly title: string
  /** Its name in Terraform: `smtp_user`. */
  readonly resource: string
  /** One sentence. */
  readonly doc: string
  /** More for the reference page: what the API does that surprises. */
  readonly notes?: readonly string[]
  /** The field by which people tell two apart; empty for a kind of which a scope has one. */
  readonly key: string
  /** The field by which the API does; empty where no call needs one. */
  readonly id: string
  readonly fields: Fields
  /** `account`: its API takes no `subaccount_id`, so it cannot be kept in a subaccount's document. */
  readonly scope: 'account' | 'subaccount'
  /** `one`: a section is one object. A list of names: a section is a map with these keys. Else a section is a list. */
  readonly singleton?: 'one' | readonly string[]
  readonly members?: Members
  /** The field that a bare text stands for. */
  readonly shorthand?: string
  /** Entries may come from a file of addresses. */
  readonly bulk?: boolean
  /** A true value of this field marks an object that is listed but counts as gone. */
  readonly dormant?: string
  /** The word for a deletion where the API has another one: "close". */
  readonly deleteVerb?: string
  /** Wire names that the API shows and that mean nothing to a spec. */
  readonly passes?: readonly string[]
  /** The API lets several objects have one key, or none: an entry may name one by its id. `beside`: the field that tells people which is which. */
  readonly twins?: { readonly beside: string }
  /** What nobody can bring back once an object was deleted, and what making it again does instead. */
  readonly lost?: string
  /** How a second one takes over from the first without a gap: what stands between the name and the day, and what shuts the first one off. */
  readonly twin?: { readonly join: string; readonly retire: { readonly field: string; readonly is: unknown } }
  /** The create answer carries, under this wire name, a secret that the API never shows again; `to` is the field that says where it goes. `idBegins`: the id is how the secret begins. */
  readonly yields?: { readonly wire: string; readonly to: string; readonly idBegins?: true }
  readonly calls: Calls
  /** Lists in which texts of its fields are looked up (`namedIn`): only read, and no section of a spec. */
  readonly lookups?: readonly ResourceKind[]
  /** A complete entry, for the documentation and for the tests. */
  readonly example: Values
  /** What an object must have so that mail goes through it: a plan that leaves none of several has to be accepted. */
  readonly keepsMail?: { readonly field: string; readonly is: unknown }
  /** What happens when one is deleted, as the second half of a sentence. */
  readonly whenDeleted?: string
  /** What a change could break, beyond what its fields say. */
  readonly risks?: readonly RiskRule[]
  check?(entry: Values): readonly Finding[]
  dangers?(change: Change, around: Surroundings): readonly Danger[]
}

/** A kind that still knows the types of its fields. */
export interface KindOf<F extends Fields> extends ResourceKind {
  readonly fields: F
  readonly example: EntryOf<F> & Values
}

/** Declares a kind; answers its argument, typed. */
export function defineKind<const F extends Fields>(kind: KindOf<F>): KindOf<F> {
  return kind
}

/** The field of a kind, by name; a name that the kind lacks is a bug of ours. */
export function fieldOf(kind: ResourceKind, name: string): Fields[string] {
  const field = kind.fields[name]
  if (field === undefined) throw new TypeError(`${kind.name} has no field ${name}`)
  return field
}

/** True for a kind whose update wants all of an object, whatever changes. */
export function isWhole({ calls: { update } }: ResourceKind): boolean {
  return update !== undefined && isOneCall(update) && update.whole === true
}
