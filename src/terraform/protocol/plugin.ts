/** A type as Terraform writes it: a word, or a collection of another type. Tuples are not used: constructs cannot have them. */
export type CtyType =
  | 'string'
  | 'number'
  | 'bool'
  | 'dynamic'
  | readonly ['list' | 'set' | 'map', CtyType]
  | readonly ['object', Readonly<Record<string, CtyType>>]

/** A number that no JavaScript number holds exactly, as its decimal text. */
export class Decimal {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** A value that is not known before something is applied. */
export class Unknown {
  readonly unknown = true
}

/** The one unknown value. */
export const UNKNOWN = new Unknown()

/** A value of any type; whole numbers beyond 2^53 are bigint, other inexact ones `Decimal`. */
export type Value = null | boolean | string | number | bigint | Decimal | Unknown | readonly Value[] | ValueMap

/** An object or a map. */
export interface ValueMap {
  readonly [name: string]: Value
}

/** An attribute of a schema; it has a type, or nested attributes. */
export interface Attribute {
  readonly name: string
  readonly description: string
  readonly type?: CtyType
  readonly nested?: { readonly nesting: 'single' | 'list' | 'set' | 'map'; readonly attributes: readonly Attribute[] }
  readonly required?: boolean
  readonly optional?: boolean
  readonly computed?: boolean
  readonly sensitive?: boolean
  readonly writeOnly?: boolean
  readonly deprecated?: boolean
}

/** The schema of a resource, a data source, the provider itself. */
export interface Schema {
  readonly version: number
  readonly description: string
  readonly attributes: readonly Attribute[]
}

/** What identifies a resource on its own, for import blocks and lists (Terraform 1.12 and later). */
export interface IdentitySchema {
  readonly version: number
  readonly attributes: readonly {
    readonly name: string
    readonly type: CtyType
    readonly description: string
    readonly requiredForImport?: boolean
    readonly optionalForImport?: boolean
  }[]
}

/** A function that configurations can call as `provider::mailconfig::name`. */
export interface FunctionSchema {
  readonly summary: string
  readonly description: string
  readonly parameters: readonly { readonly name: string; readonly type: CtyType; readonly description: string }[]
  readonly variadic?: { readonly name: string; readonly type: CtyType; readonly description: string }
  readonly returns: CtyType
}

/** Everything that a provider says about itself. */
export interface ProviderSchema {
  readonly provider: Schema
  readonly resources: Readonly<Record<string, Schema>>
  readonly dataSources: Readonly<Record<string, Schema>>
  readonly ephemeralResources: Readonly<Record<string, Schema>>
  readonly listResources: Readonly<Record<string, Schema>>
  readonly functions: Readonly<Record<string, FunctionSchema>>
  readonly identities: Readonly<Record<string, IdentitySchema>>
}

/** A step into a value: an attribute's name, a list's index, a map's key. */
export type AttributePath = readonly (string | number)[]

/** Something that Terraform shows at the line of the configuration. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning'
  readonly summary: string
  readonly detail: string
  readonly path?: AttributePath
}

/** What Terraform can do, as far as it matters here. */
export interface Capabilities {
  readonly writeOnlyAttributes: boolean
  readonly deferral: boolean
}

/** An answer that carries a resource's state. */
export interface StateAnswer {
  readonly state: Value
  readonly private?: Uint8Array
  readonly identity?: ValueMap
  readonly diagnostics: readonly Diagnostic[]
}

/** The provider, free of the protocol: values in, values out. A method that throws is a bug and becomes a diagnostic. */
export interface Plugin {
  readonly schema: ProviderSchema
  validateProvider(config: ValueMap): Promise<readonly Diagnostic[]>
  validateResource(type: string, config: ValueMap, capabilities: Capabilities): Promise<readonly Diagnostic[]>
  validateData(type: string, config: ValueMap): Promise<readonly Diagnostic[]>
  validateEphemeral(type: string, config: ValueMap): Promise<readonly Diagnostic[]>
  validateList(type: string, config: ValueMap): Promise<readonly Diagnostic[]>
  configure(config: ValueMap, terraformVersion: string): Promise<readonly Diagnostic[]>
  /** A stored state of this or an older version, as parsed JSON. */
  upgrade(type: string, version: number, state: ValueMap): Promise<StateAnswer>
  /** `state` null: the resource is gone. */
  read(type: string, state: ValueMap, priv: Uint8Array): Promise<StateAnswer>
  plan(
    type: string,
    change: {
      readonly prior: ValueMap | null
      readonly proposed: ValueMap | null
      readonly config: ValueMap | null
      readonly private: Uint8Array
    },
  ): Promise<StateAnswer & { readonly requiresReplace: readonly AttributePath[] }>
  apply(
    type: string,
    change: {
      readonly prior: ValueMap | null
      readonly planned: ValueMap | null
      readonly config: ValueMap | null
      readonly private: Uint8Array
    },
  ): Promise<StateAnswer>
  /** `id` from `terraform import` or an import block; `identity` instead of it from a newer Terraform. */
  import(
    type: string,
    from: { readonly id: string; readonly identity?: ValueMap },
  ): Promise<{
    readonly resources: readonly { readonly type: string; readonly state: Value; readonly identity?: ValueMap }[]
    readonly diagnostics: readonly Diagnostic[]
  }>
  /** State of another provider's or type's resource, as parsed JSON. */
  move(
    from: { readonly provider: string; readonly type: string; readonly version: number; readonly state: ValueMap },
    type: string,
  ): Promise<StateAnswer>
  readData(type: string, config: ValueMap): Promise<StateAnswer>
  /** What is opened asks for no renewal: it stays good for as long as Terraform runs. */
  openEphemeral(
    type: string,
    config: ValueMap,
  ): Promise<{ readonly result: Value; readonly private?: Uint8Array; readonly diagnostics: readonly Diagnostic[] }>
  closeEphemeral(type: string, priv: Uint8Array): Promise<readonly Diagnostic[]>
  /** One event for each resource that is there. */
  list(
    type: string,
    config: ValueMap,
    wanted: { readonly resource: boolean; readonly limit: number },
  ): AsyncIterable<{
    readonly identity: ValueMap
    readonly name: string
    readonly resource?: Value
    readonly diagnostics: readonly Diagnostic[]
  }>
  call(
    name: string,
    args: readonly Value[],
  ): Promise<{ readonly result: Value } | { readonly error: string; readonly argument?: number }>
  /** Ctrl-C: calls in flight finish, nothing new starts. */
  stop(): void
  /** The end of the process: everything that is open is closed. */
  close(): Promise<void>
}
