import { decodeValue, encodeValue, isMap, typeOf } from './cty.ts'
import type { CtyType, IdentitySchema, ProviderSchema, Schema, Value, ValueMap } from './plugin.ts'
import { Unknown } from './plugin.ts'

/** A value as it comes in a message. */
export interface Wire {
  readonly msgpack: Uint8Array
  readonly json: Uint8Array
}

/** Reads and writes the values of one schema. */
interface Codec {
  readonly type: CtyType
  /** An object, or null. */
  read(wire: Wire | undefined): ValueMap | null
  /** An object with every attribute, even when the whole is null or not known. */
  readConfig(wire: Wire | undefined): ValueMap
  write(value: Value): { readonly msgpack: Uint8Array }
}

/** What a schema is of. */
export type Part = 'resources' | 'dataSources' | 'ephemeralResources' | 'listResources'

/** The codecs of a provider's schemas, each made when it is needed first. */
export class Codecs {
  readonly #schema: ProviderSchema
  readonly #made = new Map<string, Codec>()

  constructor(schema: ProviderSchema) {
    this.#schema = schema
  }

  get provider(): Codec {
    return this.#once('provider', () => schemaCodec(this.#schema.provider))
  }

  /** The codec of a resource, a data source, …; throws when the provider has none of that name. */
  of(part: Part, name: string): Codec {
    return this.#once(`${part} ${name}`, () => schemaCodec(named(this.#schema[part], name)))
  }

  /** The codec of a resource's identity, if it has one. */
  identity(name: string): Codec | undefined {
    if (!Object.hasOwn(this.#schema.identities, name)) return undefined
    return this.#once(`identity ${name}`, () => codec(identityType(named(this.#schema.identities, name))))
  }

  #once(key: string, make: () => Codec): Codec {
    const made = this.#made.get(key) ?? make()
    this.#made.set(key, made)
    return made
  }
}

/** What stands under a name; throws when nothing does. */
export function named<T>(all: Readonly<Record<string, T>>, name: string): T {
  const one = Object.hasOwn(all, name) ? all[name] : undefined
  if (one === undefined) throw new Error(`there is no "${name}"`)
  return one
}

function schemaCodec({ attributes }: Schema): Codec {
  return codec(typeOf(attributes))
}

function identityType({ attributes }: IdentitySchema): CtyType {
  return ['object', Object.fromEntries(attributes.map(({ name, type }) => [name, type]))]
}

function codec(type: CtyType): Codec {
  const names = typeof type !== 'string' && type[0] === 'object' ? Object.keys(type[1]) : []
  const read = (wire: Wire | undefined) => (wire === undefined ? null : decodeValue(type, wire))
  return {
    type,
    read: (wire) => {
      const value = read(wire)
      return isMap(value) ? value : null
    },
    readConfig: (wire) => {
      const value = read(wire)
      if (isMap(value)) return value
      return Object.fromEntries(names.map((name) => [name, value instanceof Unknown ? value : null]))
    },
    write: (value) => ({ msgpack: encodeValue(type, value) }),
  }
}
