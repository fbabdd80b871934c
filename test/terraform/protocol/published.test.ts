import { readFileSync } from 'node:fs'
import protobuf from 'protobufjs'
import { expect, onTestFinished, test } from 'vitest'
import { MARKDOWN, NESTING, RPC, SEVERITY } from '../../../src/terraform/protocol/messages.ts'
import { decode, encode, type Message } from '../../../src/terraform/protocol/protobuf.ts'
import { newFolder } from './bundle.ts'
import { connect, serveHere } from './client.ts'
import { toyPlugin } from './toy.ts'

// Our table against the published definition, as facts of it; protobufjs is the other side, in both directions.

const facts = readFileSync(new URL('published.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => line.split(' '))

/** What we leave out, and why; a name with a star stands for the field of that name in every message. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  '*.deferred': 'nothing is put off to a later run',
  '*.provider_meta': 'modules have nothing to tell the provider',
  '*.legacy_type_system': 'for the first SDK alone',
  'Schema.Block.block_types': 'nested attributes say it',
  'Schema.Block.deprecated': 'no resource is on its way out',
  'Schema.Object.min_items': 'never used by Terraform',
  'Schema.Object.max_items': 'never used by Terraform',
  'Function.deprecation_message': 'no function is on its way out',
  'ServerCapabilities.generate_resource_config': 'Terraform writes configurations from the state itself',
  'MoveResourceState.Request.source_identity': 'the state has all that is in it',
  'MoveResourceState.Request.source_identity_schema_version': 'the state has all that is in it',
  'ValidateListResourceConfig.Request.include_resource_object': 'every value of it will do',
  'ValidateListResourceConfig.Request.limit': 'every value of it will do',
  'GetMetadata.Response.state_stores': 'there are none',
  'GetMetadata.Response.actions': 'there are none',
  'GetProviderSchema.Response.state_store_schemas': 'there are none',
  'GetProviderSchema.Response.action_schemas': 'there are none',
  '/tfplugin6.Provider/GenerateResourceConfig': 'Terraform writes configurations from the state itself',
  '/tfplugin6.Provider/ValidateStateStoreConfig': 'there are no state stores',
  '/tfplugin6.Provider/ConfigureStateStore': 'there are no state stores',
  '/tfplugin6.Provider/ReadStateBytes': 'there are no state stores',
  '/tfplugin6.Provider/WriteStateBytes': 'there are no state stores',
  '/tfplugin6.Provider/LockState': 'there are no state stores',
  '/tfplugin6.Provider/UnlockState': 'there are no state stores',
  '/tfplugin6.Provider/GetStates': 'there are no state stores',
  '/tfplugin6.Provider/DeleteState': 'there are no state stores',
  '/tfplugin6.Provider/PlanAction': 'there are no actions',
  '/tfplugin6.Provider/InvokeAction': 'there are no actions',
  '/tfplugin6.Provider/ValidateActionConfig': 'there are no actions',
  '/plugin.GRPCStdio/StreamStdio': 'standard error carries the log, and go-plugin does without',
  '/plugin.GRPCBroker/StartStream': 'nothing is called back, and go-plugin does without',
  '/grpc.health.v1.Health/Check': 'Terraform does not ask',
}

interface PublishedField {
  readonly full: string
  readonly name: string
  readonly number: number
  readonly label: string
  readonly type: string
}

const enums = new Map<string, Record<string, number>>()
const messages = new Map<string, PublishedField[]>()
const calls: { readonly path: string; readonly asked: string; readonly answered: string }[] = []
for (const [first = '', second = '', third = '', fourth = ''] of facts) {
  if (first === 'rpc') calls.push({ path: second, asked: third, answered: fourth })
  else if (first === 'enum') enums.set(second, { ...enums.get(second), [third]: Number(fourth) })
  else if (first === 'message') messages.set(second, [])
  else {
    const [message, name] = [first.slice(0, first.lastIndexOf('.')), first.slice(first.lastIndexOf('.') + 1)]
    const [label, type] = fourth === '' ? ['', third] : [third, fourth]
    messages.set(message, [
      ...(messages.get(message) ?? []),
      { full: first, name: camel(name), number: Number(second), label, type },
    ])
  }
}
const isLeftOut = (full: string) => full in LEFT_OUT || `*${full.slice(full.lastIndexOf('.'))}` in LEFT_OUT
const fieldsOf = (message: string) => (messages.get(message) ?? []).filter(({ full }) => !isLeftOut(full))
const served = calls.filter(({ path }) => !isLeftOut(path))

function camel(name: string): string {
  return name.replace(/^[A-Z]/, (one) => one.toLowerCase()).replace(/_([a-z])/g, (_, one: string) => one.toUpperCase())
}

/** A message of protobufjs, made of the facts; with every field, or with those that we know. */
const root = new protobuf.Root()
for (const [name, fields] of messages) {
  const type = new protobuf.Type(plainName(name))
  for (const { full, name: field, number, label, type: of } of fields) {
    if (isLeftOut(full)) continue
    const scalar = enums.has(of) ? 'int32' : messages.has(of) ? plainName(of) : of
    type.add(
      label === 'map'
        ? new protobuf.MapField(field, number, 'string', scalar)
        : new protobuf.Field(field, number, scalar, label === 'repeated' ? 'repeated' : undefined),
    )
  }
  root.add(type)
}

function plainName(name: string): string {
  return name.replaceAll('.', '_')
}

type Sample = Record<string, unknown>

/** A message with something in every field, no two alike; one inside of itself is there once more, and then empty. */
function full(message: string, above: readonly string[] = []): Sample {
  const last = above.filter((one) => one === message).length > 1
  return Object.fromEntries(
    fieldsOf(message).map(({ full: path, name, number, label, type }) => {
      const value = (at: number) =>
        messages.has(type) ? full(type, [...above, message]) : scalar(type, path, number, at)
      if (label === 'repeated') return [name, last ? [] : [value(1), value(2)]]
      if (label === 'map') return [name, { one: value(1), two: value(2) }]
      return [name, last && messages.has(type) ? undefined : value(1)]
    }),
  )
}

function scalar(type: string, path: string, number: number, at: number): unknown {
  if (enums.has(type)) return 1
  switch (type) {
    case 'string':
      return `${path} ${at}`
    case 'bytes':
      return Uint8Array.of(number, at)
    case 'bool':
      return true
    default:
      return type === 'int64' ? -(2 ** 40) - number : number // whole and below zero: neither zigzag nor unsigned
  }
}

/** A message whose fields are all set to nothing: only those that tell empty from absent may come through. */
function empty(message: string, presentOnly: boolean): Sample {
  const kept = fieldsOf(message).filter(({ label, type }) => {
    const tells = label === 'optional' || label === 'oneof' || (label === '' && messages.has(type))
    return tells || !presentOnly
  })
  return Object.fromEntries(
    kept.map(({ name, label, type }) => {
      if (label === 'repeated') return [name, []]
      if (label === 'map' || messages.has(type)) return [name, {}]
      return [name, type === 'string' ? '' : type === 'bytes' ? new Uint8Array() : type === 'bool' ? false : 0]
    }),
  )
}

const theirs = (message: string) => root.lookupType(plainName(message))
const theirBytes = (message: string, value: Sample) => new Uint8Array(theirs(message).encode(value).finish())
const theirObject = (message: string, bytes: Uint8Array) =>
  theirs(message).toObject(theirs(message).decode(bytes), { longs: Number, bytes: Uint8Array })

const table: Readonly<Record<string, { readonly request: Message<unknown>; readonly response: Message<unknown> }>> = RPC
const sides = served.flatMap(({ path, asked, answered }) => {
  const ours = table[path.slice(path.lastIndexOf('/') + 1)]
  return [
    { message: asked, path, ours: ours?.request },
    { message: answered, path, ours: ours?.response },
  ]
})

test('the calls in our table are those that are published, and not one more', () => {
  expect(served.map(({ path }) => path.slice(path.lastIndexOf('/') + 1)).sort()).toEqual(Object.keys(RPC).sort())
})

test('every reason for leaving something out is about something that is published', () => {
  const known = new Set(calls.map(({ path }) => path))
  for (const { full } of [...messages.values()].flat()) known.add(full).add(`*${full.slice(full.lastIndexOf('.'))}`)
  expect(Object.keys(LEFT_OUT).filter((name) => !known.has(name))).toEqual([])
})

test.each(sides)('$message of $path: the same fields, numbers and types', ({ message, ours }) => {
  if (ours === undefined) throw new Error(`${message} is not in our table`)
  const value = full(message)
  const read = decode(ours, theirBytes(message, value))
  expect(read).toStrictEqual(value)
  expect(theirObject(message, encode(ours, read))).toEqual(theirObject(message, theirBytes(message, value)))
})

test.each(sides)('$message of $path: empty is told from absent where the definition does', ({ message, ours }) => {
  if (ours === undefined) throw new Error(`${message} is not in our table`)
  const read = decode(ours, theirBytes(message, empty(message, false)))
  expect(theirObject(message, encode(ours, read))).toEqual(
    theirObject(message, theirBytes(message, empty(message, true))),
  )
  expect([...encode(ours, decode(ours, new Uint8Array()))]).toEqual([])
})

test('the values of the enums', () => {
  const published = (type: string) =>
    Object.fromEntries(
      Object.entries(enums.get(type) ?? {})
        .filter(([name]) => name !== 'INVALID') // what nobody may send
        .map(([name, value]) => [name.toLowerCase(), value]),
    )
  expect(SEVERITY).toEqual(published('Diagnostic.Severity'))
  expect(NESTING).toEqual(published('Schema.Object.NestingMode'))
  expect({ plain: 0, markdown: MARKDOWN }).toEqual(published('StringKind'))
})

test('what is published is answered at its path; what we leave out is "Unimplemented", as both sides agree', async () => {
  const { line, over } = await serveHere(toyPlugin(), newFolder())
  const { bytes, close } = connect(line)
  onTestFinished(close)
  const status = async (path: string) => {
    const code: unknown = await bytes(path, new Uint8Array()).then(
      () => 0,
      (error: { code?: unknown }) => error.code,
    )
    return [path, code]
  }
  const last = '/plugin.GRPCController/Shutdown'
  const paths = [...calls.map(({ path }) => path).filter((path) => path !== last), last]
  const answers: unknown[] = []
  for (const path of paths) answers.push(await status(path))
  expect(answers).toEqual(paths.map((path) => [path, isLeftOut(path) ? 12 : 0]))
  expect(await over).toBe(0)
})
