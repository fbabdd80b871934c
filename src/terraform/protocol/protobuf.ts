import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire'

/** A type of protobuf: how one value is read and written. */
export interface Type<Read, Write = Read> {
  readonly wire: WireType
  none(): Read
  read(reader: BinaryReader): Read
  put(writer: BinaryWriter, value: Write): void
}

/** A type whose values have fields, and no length before them when they stand alone. */
export interface Message<Read, Write = Read> extends Type<Read, Write> {
  readUntil(reader: BinaryReader, end: number): Read
  fill(writer: BinaryWriter, value: Write): void
}

/** A field of a message: how its values come together, and when it is left out. */
interface Field<Read, Write = Read> {
  readonly wire: WireType
  none(): Read
  read(reader: BinaryReader, soFar: Read): Read
  write(writer: BinaryWriter, number: number, value: Write): void
}

type Fields = Readonly<Record<string, readonly [number: number, field: Field<unknown>]>>
type ReadFrom<F> = { readonly [K in keyof F]: F[K] extends readonly [number, Field<infer R, never>] ? R : never }
type WrittenTo<F> = {
  readonly [K in keyof F]?: F[K] extends readonly [number, Field<unknown, infer W>] ? W | undefined : never
}

const TEXT: Type<string> = {
  wire: WireType.LengthDelimited,
  none: () => '',
  read: (reader) => reader.string(),
  put: (writer, value) => writer.string(value),
}
const BYTES: Type<Uint8Array> = {
  wire: WireType.LengthDelimited,
  none: () => new Uint8Array(),
  read: (reader) => reader.bytes(),
  put: (writer, value) => writer.bytes(value),
}
const BOOL: Type<boolean> = {
  wire: WireType.Varint,
  none: () => false,
  read: (reader) => reader.bool(),
  put: (writer, value) => writer.bool(value),
}
/** int32, int64 and enums; no field of the protocol comes near 2^53. */
const INT: Type<number> = {
  wire: WireType.Varint,
  none: () => 0,
  read: (reader) => Number(reader.int64()),
  put: (writer, value) => writer.int64(value),
}

/** Fields that are left out when they are empty. */
export const text: Field<string> = unlessEmpty(TEXT, (value) => value === '')
export const bytes: Field<Uint8Array> = unlessEmpty(BYTES, (value) => value.length === 0)
export const bool: Field<boolean> = unlessEmpty(BOOL, (value) => !value)
export const int: Field<number> = unlessEmpty(INT, (value) => value === 0)

/** Fields that tell empty from absent: `optional`, and the members of a `oneof`. */
export const maybeText: Field<string | undefined> = maybe(TEXT)
export const maybeBytes: Field<Uint8Array | undefined> = maybe(BYTES)
export const maybeInt: Field<number | undefined> = maybe(INT)

/** Texts by text. */
export const textMap: Field<Readonly<Record<string, string>>> = map(TEXT)

/** A message; `fields` are number and field by name. Unknown fields are skipped, a number of the wrong wire type too. */
export function message<const F extends Fields>(fields: F): Message<ReadFrom<F>, WrittenTo<F>> {
  const named = Object.entries(fields)
  const byNumber = new Map(named.map(([name, [number, field]]) => [number, { name, field }]))
  const readUntil = (reader: BinaryReader, end: number): ReadFrom<F> => {
    const none: unknown[][] = named.map(([name, [, field]]) => [name, field.none()])
    const values = Object.fromEntries(none) // what this makes has no type, so it takes the declared one
    while (reader.pos < end) {
      const [number, wire] = reader.tag()
      const known = byNumber.get(number)
      if (known?.field.wire === wire) values[known.name] = known.field.read(reader, values[known.name])
      else reader.skip(wire, number)
    }
    return values
  }
  const fill = (writer: BinaryWriter, value: WrittenTo<F>) => {
    const given = new Map<string, unknown>(Object.entries(value))
    for (const [name, [number, field]] of named) {
      const one = given.get(name)
      if (one !== undefined) field.write(writer, number, one)
    }
  }
  return {
    wire: WireType.LengthDelimited,
    none: () => readUntil(new BinaryReader(new Uint8Array()), 0),
    read: (reader) => {
      const length = reader.uint32()
      return readUntil(reader, reader.pos + length)
    },
    put: (writer, value) => {
      writer.fork()
      fill(writer, value)
      writer.join()
    },
    readUntil,
    fill,
  }
}

/** A type that is looked up when it is needed first, since it holds itself. */
export function late<Write>(type: () => Type<unknown, Write>): Type<unknown, Write> {
  return {
    wire: WireType.LengthDelimited,
    none: () => type().none(),
    read: (reader) => type().read(reader),
    put: (writer, value) => type().put(writer, value),
  }
}

/** A value that may be absent. */
export function maybe<Read, Write>(type: Type<Read, Write>): Field<Read | undefined, Write | undefined> {
  return {
    wire: type.wire,
    none: () => undefined,
    read: (reader) => type.read(reader),
    write: (writer, number, value) => {
      if (value !== undefined) type.put(writer.tag(number, type.wire), value)
    },
  }
}

/** Any number of values; never packed, since the protocol has no lists of numbers. */
export function list<Read, Write>(type: Type<Read, Write>): Field<Read[], readonly Write[]> {
  return {
    wire: type.wire,
    none: () => [],
    read: (reader, soFar) => {
      soFar.push(type.read(reader))
      return soFar
    },
    write: (writer, number, values) => {
      for (const value of values) type.put(writer.tag(number, type.wire), value)
    },
  }
}

/** Values by text. */
export function map<Read, Write>(
  type: Type<Read, Write>,
): Field<Readonly<Record<string, Read>>, Readonly<Record<string, Write>>> {
  const entry = message({ key: [1, text], value: [2, maybe(type)] })
  return {
    wire: WireType.LengthDelimited,
    none: () => ({}),
    read: (reader, soFar) => {
      const { key, value } = entry.read(reader)
      return { ...soFar, [key]: value ?? type.none() }
    },
    write: (writer, number, values) => {
      for (const [key, value] of Object.entries(values)) {
        entry.put(writer.tag(number, WireType.LengthDelimited), { key, value })
      }
    },
  }
}

/** A message's bytes. */
export function encode<Write>(type: Message<unknown, Write>, value: Write): Uint8Array {
  const writer = new BinaryWriter()
  type.fill(writer, value)
  return writer.finish()
}

/** The message that bytes hold; throws when they are none. */
export function decode<Read>(type: Message<Read, never>, data: Uint8Array): Read {
  return type.readUntil(new BinaryReader(data), data.length)
}

function unlessEmpty<T>(type: Type<T>, isEmpty: (value: T) => boolean): Field<T> {
  return {
    wire: type.wire,
    none: () => type.none(),
    read: (reader) => type.read(reader),
    write: (writer, number, value) => {
      if (!isEmpty(value)) type.put(writer.tag(number, type.wire), value)
    },
  }
}
