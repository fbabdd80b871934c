import { Decoder, Encoder, ExtData } from '@msgpack/msgpack'
import { UNKNOWN, Unknown } from './plugin.ts'

/** Terraform's only extension: a value that is not known yet, with or without what is known about it. */
const extensionCodec = {
  tryToEncode: (value: unknown) => (value instanceof Unknown ? new ExtData(0, new Uint8Array(1)) : null),
  decode: () => UNKNOWN,
}

const encoder = new Encoder({ extensionCodec, useBigInt64: true, maxDepth: 1000 })
// Texts come as bytes, since the package's own decoder drops a byte order mark at the beginning of a long text.
const decoder = new Decoder({ extensionCodec, useBigInt64: true, rawStrings: true })

/** MessagePack of texts, numbers, bigints, booleans, null, bytes, unknown values, lists and objects. */
export function pack(value: unknown): Uint8Array {
  return encoder.encode(value)
}

/** What MessagePack holds; texts are bytes, the keys of maps are texts, 64 bit numbers bigints. */
export function unpack(bytes: Uint8Array): unknown {
  return decoder.decode(bytes)
}
