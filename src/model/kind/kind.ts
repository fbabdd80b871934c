import type { ApiDefinition } from './api.ts'
import { type Call, isOneCall, type ListCall } from './call.ts'
import type { EntryOf, Field, Fields, Values } from './field.ts'
import type { Danger, Finding, JudgedChange, RiskRule, Surroundings } from './judgement.ts'
import { someField, walkFields } from './walk.ts'

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
export interface KindCalls {
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
  readonly api: ApiDefinition
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
  readonly oneTimeSecret?: { readonly wire: string; readonly to: string; readonly idBegins?: true }
  readonly calls: KindCalls
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
  dangers?(change: JudgedChange, around: Surroundings): readonly Danger[]
}

/** A kind that still knows the types of its fields. */
export interface KindOf<F extends Fields> extends ResourceKind {
  readonly fields: F
  readonly example: EntryOf<F> & Values
}

/** Declares a kind; answers its argument, typed. Throws `TypeError` for a secret in a list: nothing could tell one item's from another's. */
export function defineKind<const F extends Fields>(kind: KindOf<F>): KindOf<F> {
  walkFields(kind.fields, (field, path) => {
    if ((field.type === 'set' || field.type === 'list') && holdsSecret(field.items))
      throw new TypeError(`${kind.name}.${path.join('.')} is a list with a secret in it: make it a field of its own`)
  })
  return kind
}

function holdsSecret(field: Field): boolean {
  return field.secret === true || (field.type === 'object' && someField(field.fields, ({ secret }) => secret === true))
}

/** True for a kind whose objects are accounts inside an account: scopes of their own. */
export function makesScopes({ api, name }: Pick<ResourceKind, 'api' | 'name'>): boolean {
  return api.inner?.kind === name
}

/** The kind whose objects are the accounts inside an account of an API; undefined where there are none. */
export function scopeKind(kinds: readonly ResourceKind[], api: ApiDefinition): ResourceKind | undefined {
  return kinds.find((kind) => kind.api === api && makesScopes(kind))
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

/** Whether an object of this kind can get another key and stay the same object. */
export function canRename(kind: ResourceKind): boolean {
  const { update } = kind.calls
  return update !== undefined && isOneCall(update) && update.renames !== undefined
}

/** True where the API's id says more than the key: an object that was made again has another one. */
export function hasOwnId(kind: ResourceKind): boolean {
  return kind.singleton === undefined && kind.id !== '' && kind.id !== kind.key
}
