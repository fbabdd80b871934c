import type { Secret } from '../secret.ts'
import type { Risky } from './risk.ts'

/** How a text is read, compared and sent. `sender` is an e-mail address or a domain. */
export type Format = 'email' | 'domain' | 'sender' | 'hostname' | 'url' | 'cidr' | 'period'

/** What a field may say about itself, beyond its type. Everything else is derived from these. */
export interface Flags {
  /** `true`: an entry without it is refused. `'create'`: needed to make an object, not to keep one. */
  readonly required?: boolean | 'create'
  /** Given by the API; users cannot write it. */
  readonly computed?: boolean
  /** Given by the API once, and then the same for as long as the object exists. */
  readonly stable?: boolean
  /** Given by the API, and no change of the object gives it another value but one of these fields. */
  readonly changesWith?: readonly string[]
  /** Fixed once the object exists: a difference is a problem, never a silent replace. */
  readonly immutable?: boolean
  /** No output shows it. */
  readonly secret?: boolean
  /** The API takes it and never gives it back, so it cannot be compared. */
  readonly writeOnly?: boolean
  /** For what no API shows: the computed field that says whether it is there. */
  readonly shownBy?: string
  /** The API does not always give it back; compared only when it does. */
  readonly unreadable?: 'sometimes'
  /** For mailconfig alone: never sent, never compared. */
  readonly local?: boolean
  /** What the API takes when the field is left out. For people to read: never sent, except where `sendDefault` says so. */
  readonly default?: string | number | boolean
  /** The API demands a value when an object is made; the default is sent then. */
  readonly sendDefault?: boolean
  /** The field's name in the API, where it is not the name in the API's usual style. */
  readonly wire?: string
  /** The name under which the API gives it back, where that is another one. */
  readonly wireRead?: string
  /** The kind whose key this names. */
  readonly refersTo?: string
  /** What the API wants of the referred object: its key (usual) or its id. */
  readonly refersBy?: 'id'
  /** A number that the API lists with a name: the kind in which a text is looked up. */
  readonly namedIn?: string
  /** Values that match name something else than the referred kind. */
  readonly refersUnless?: string
  /** Upper and lower case mean the same. */
  readonly caseless?: boolean
  /** mailconfig may generate this secret, because its checker accepts any value. `unless` names a field next to it that rules this out. */
  readonly generate?: { readonly length: number; readonly unless?: { readonly field: string; readonly is: unknown } }
  /** A write-only secret that is sent again when one of these fields changes. */
  readonly resendWith?: readonly string[]
  /** Of a secret that people choose: the API refuses one with fewer bits of entropy. */
  readonly leastBits?: number
  /** At least one object of the collection must keep this true: turning off comes last, and never for the only one. */
  readonly keepOne?: boolean
  /** What a change of it could break. */
  readonly risky?: readonly Risky[]
  readonly format?: Format
  readonly min?: number
  readonly max?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
  /** What a value that the pattern refuses should look like. */
  readonly expects?: string
  /** The empty text, or `off` for a number, is a value too: it clears the field, which the API then shows as null. */
  readonly clearable?: boolean
}

export type FieldShape =
  | { readonly type: 'string' }
  | { readonly type: 'text' }
  | { readonly type: 'integer'; readonly values?: readonly number[] }
  | { readonly type: 'boolean'; readonly wireAs?: 'integer' }
  | {
      readonly type: 'enum'
      readonly values: readonly string[]
      readonly wireValues?: Readonly<Record<string, string>>
    }
  | { readonly type: 'set'; readonly items: Field }
  | { readonly type: 'list'; readonly items: Field }
  | { readonly type: 'object'; readonly fields: Fields; readonly flat?: boolean; readonly off?: Off }
  | { readonly type: 'record' }

/** How an object that can be switched off says so to the API: a wire field and its value when off (and when on). */
export interface Off {
  readonly wire: string
  readonly off: unknown
  readonly on?: unknown
}

/** One field of a kind, as data. */
export type Field = FieldShape & Flags & { readonly doc: string }

/** The fields of a kind or of an object field, by name. */
export type Fields = Readonly<Record<string, Field>>

declare const type: unique symbol
/** A field that also knows the TypeScript type of its value and whether an entry must have it. */
export type Typed<T, F> = Field & { readonly [type]?: readonly [T, F] }

/** The TypeScript type of a field's value in a spec. */
export type ValueOf<D> = D extends { readonly [type]?: readonly [infer T, unknown] } ? T : unknown
export type FlagsOf<D> = D extends { readonly [type]?: readonly [unknown, infer F] } ? F : unknown

export type RequiredFields<Fs> = { [K in keyof Fs]: FlagsOf<Fs[K]> extends { required: true } ? K : never }[keyof Fs]
export type ComputedFields<Fs> = { [K in keyof Fs]: FlagsOf<Fs[K]> extends { computed: true } ? K : never }[keyof Fs]

/** The TypeScript type of an entry as a user writes it. */
export type EntryOf<Fs> = { readonly [K in RequiredFields<Fs>]: ValueOf<Fs[K]> } & {
  readonly [K in Exclude<keyof Fs, RequiredFields<Fs> | ComputedFields<Fs>>]?: ValueOf<Fs[K]>
}

/** A short text. */
export function string<const F extends Flags>(doc: string, flags?: F): Typed<string, F> {
  return { type: 'string', doc, ...flags }
}

/** A long text, written out or as `{ file: path }`; compared without regard to line endings. */
export function text<const F extends Flags>(doc: string, flags?: F): Typed<string | { file: string }, F> {
  return { type: 'text', doc, ...flags }
}

/** A text that no output may show; in the spec a reference (`${env:…}`), in memory a `Secret`. */
export function secret<const F extends Flags>(doc: string, flags?: F): Typed<string | Secret, F> {
  return { type: 'string', doc, secret: true, ...flags }
}

/** A whole number. */
export function integer<const F extends Flags & { values?: readonly number[] }>(
  doc: string,
  flags?: F,
): Typed<number, F> {
  return { type: 'integer', doc, ...flags }
}

/** True or false; APIs that write 1 and 0 say `wireAs: 'integer'`, and every form is read. */
export function boolean<const F extends Flags & { wireAs?: 'integer' }>(doc: string, flags?: F): Typed<boolean, F> {
  return { type: 'boolean', doc, ...flags }
}

/** One of some words; `wireValues` translates where the API has other words. */
export function oneOf<
  const V extends string,
  const F extends Flags & { wireValues?: Readonly<Record<string, string>> },
>(doc: string, values: readonly V[], flags?: F): Typed<V, F> {
  return { type: 'enum', doc, values, ...flags }
}

/** Values whose order does not matter and that occur once. */
export function set<I extends Field, const F extends Flags>(
  items: I,
  doc: string,
  flags?: F,
): Typed<readonly ValueOf<I>[], F> {
  return { type: 'set', items, doc, ...flags }
}

/** Values whose order matters, or objects. */
export function list<I extends Field, const F extends Flags>(
  items: I,
  doc: string,
  flags?: F,
): Typed<readonly ValueOf<I>[], F> {
  return { type: 'list', items, doc, ...flags }
}

/** Fields in a group of their own. `flat`: the API has them beside the others. `off`: the word `off` is a value too. */
export function object<const Fs extends Fields, const F extends Flags & { flat?: boolean; off?: Off }>(
  fields: Fs,
  doc: string,
  flags?: F,
): Typed<EntryOf<Fs> | (F extends { off: Off } ? 'off' : never), F> {
  return { type: 'object', fields, doc, ...flags }
}

/** Any JSON object. */
export function record<const F extends Flags>(doc: string, flags?: F): Typed<Readonly<Record<string, unknown>>, F> {
  return { type: 'record', doc, ...flags }
}

/** Values by field name, in the words of the spec. */
export type Values = Readonly<Record<string, unknown>>
