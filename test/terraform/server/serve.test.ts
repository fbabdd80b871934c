import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { connect as connectHttp2 } from 'node:http2'
import { createConnection, createServer as createTcpServer } from 'node:net'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { decodeValue, encodeValue, isMap, typeOf } from '../../../src/terraform/protocol/cty.ts'
import { RPC, SEVERITY } from '../../../src/terraform/protocol/messages.ts'
import type { CtyType, Plugin, Value } from '../../../src/terraform/protocol/plugin.ts'
import { encode, message, text } from '../../../src/terraform/protocol/protobuf.ts'
import { selfSigned } from '../../../src/terraform/server/certificate.ts'
import { bundleToy, newFolder } from '../protocol/bundle.ts'
import { connect, readLine, serveHere, start, terraformEnv } from '../protocol/client.ts'
import { toyPlugin } from '../protocol/toy.ts'

const dir = newFolder()
const EMPTY = new Uint8Array()
const toy = toyPlugin()
const boxType = typeOf(toy.schema.resources['mailconfig_box']?.attributes ?? [])
const pack = (type: CtyType, value: Value) => ({ msgpack: encodeValue(type, value) })
const unpack = (type: CtyType, wire: { msgpack: Uint8Array; json: Uint8Array } | undefined) =>
  wire === undefined ? undefined : decodeValue(type, wire)

const bytesOf = (text: string) => new TextEncoder().encode(text)

/** A toy that listens within this process, and a client of it; `change` replaces methods. */
async function served(change: Partial<Plugin> = {}) {
  const identity = selfSigned(new Date())
  const plugin = { ...toyPlugin(), ...change }
  const server = await serveHere(plugin, dir, { env: { ...terraformEnv(identity), TF_LOG: 'trace' } })
  const client = connect(server.line, identity)
  const end = async () => {
    await client.shutdown()
    expect(await server.over).toBe(0)
    client.close()
  }
  return { ...server, ...client, identity, end }
}

test('Shutdown closes the plugin, removes the socket, and ends with 0', async () => {
  let closed = 0
  const { line, over, shutdown, close } = await served({ close: async () => void closed++ })
  const socket = readLine(line).place
  expect(existsSync(socket)).toBe(true)
  await shutdown()
  expect(await over).toBe(0)
  expect([closed, existsSync(dirname(socket))]).toEqual([1, false])
  close()
})

test('Shutdown does not wait for a plugin that never closes', async () => {
  const { over, shutdown, close } = await served({ close: () => new Promise(() => undefined) })
  const before = Date.now()
  await shutdown()
  expect(await over).toBe(0)
  expect(Date.now() - before).toBeLessThan(2000)
  close()
})

test('a plugin that fails to close ends like any other', async () => {
  const { over, shutdown, close, logged } = await served({ close: async () => Promise.reject(new Error('stuck')) })
  await shutdown()
  expect(await over).toBe(0)
  expect(logged.join('')).toContain('closing: Error: stuck')
  close()
})

test('the line has five parts and the certificate, and nothing else is on stdout', async () => {
  const { line, end } = await served()
  expect(line).toMatch(/^1\|6\|unix\|\/[^|]+\|grpc\|[A-Za-z0-9+/]+\n$/)
  await end()
})

test('a call that nobody knows is unimplemented', async () => {
  const { bytes, end } = await served()
  for (const path of [
    '/tfplugin6.Provider/InvokeAction',
    '/grpc.health.v1.Health/Check',
    '/plugin.GRPCStdio/StreamStdio',
  ]) {
    await expect(bytes(path, EMPTY)).rejects.toMatchObject({ code: 12 })
  }
  await end()
})

test('bytes that are no message fail that call, and no other', async () => {
  const { bytes, call, end } = await served()
  await expect(bytes('/tfplugin6.Provider/ReadResource', Uint8Array.of(0x0a, 200))).rejects.toMatchObject({ code: 13 })
  expect((await call('GetMetadata', RPC.GetMetadata, {})).resources).toEqual([{ typeName: 'mailconfig_box' }])
  await end()
})

test('a client without a certificate is refused, and one with another certificate too', async () => {
  const { line, end } = await served()
  for (const identity of [undefined, selfSigned(new Date())]) {
    const stranger = connect(line, identity)
    await expect(stranger.bytes('/tfplugin6.Provider/GetMetadata', EMPTY)).rejects.toMatchObject({ code: 14 })
    stranger.close()
  }
  await end()
})

test('without a certificate of Terraform nothing is encrypted', async () => {
  const { line, over } = await serveHere(toyPlugin(), dir)
  expect(readLine(line).certificate).toBe('')
  const { call, shutdown, close } = connect(line)
  expect((await call('GetMetadata', RPC.GetMetadata, {})).functions).toEqual([{ name: 'join' }])
  await shutdown()
  expect(await over).toBe(0)
  close()
})

test('a port is taken where there are no sockets, the next one when it is in use', async () => {
  const blocker = createTcpServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => blocker.once('listening', resolve))
  const bound = blocker.address()
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0
  const env = { ...terraformEnv(), PLUGIN_MIN_PORT: String(port), PLUGIN_MAX_PORT: String(port + 50) }
  const { line, over } = await serveHere(toyPlugin(), dir, { env, platform: 'win32' })
  const { network, place } = readLine(line)
  expect([network, Number(place.split(':')[1]) > port]).toEqual(['tcp', true])
  const { shutdown, close } = connect(line)
  await shutdown()
  expect(await over).toBe(0)
  close()
  blocker.close()
})

test('a folder whose name is too long for a socket means a port', async () => {
  const long = join(dir, 'x'.repeat(100))
  mkdirSync(long)
  const { line, over, signal } = await serveHere(toyPlugin(), long, {
    env: { ...terraformEnv(), PLUGIN_MIN_PORT: '0' },
  })
  expect(readLine(line).network).toBe('tcp')
  signal('SIGTERM')
  expect(await over).toBe(0)
})

test('the host says where sockets are', async () => {
  const own = newFolder()
  const { line, over, signal } = await serveHere(toyPlugin(), dir, {
    env: { ...terraformEnv(), PLUGIN_UNIX_SOCKET_DIR: own },
  })
  expect(readLine(line).place.startsWith(`${own}/`)).toBe(true)
  signal('SIGTERM')
  await over
  expect(readdirSync(own)).toEqual([])
})

test('a person who starts the provider gets a sentence and 1', async () => {
  const { line, over, logged } = await serveHere(toyPlugin(), dir, { env: {} })
  expect([line, await over, logged.join('')]).toEqual([
    '',
    1,
    expect.stringMatching(/^this is a provider for Terraform.*\n$/),
  ])
})

test('--debug prints what to export, and ends with a signal, not with Terraform', async () => {
  const debug = { provider: 'registry.terraform.io/mailconfig/mailconfig' }
  const { line, over, signal } = await serveHere(toyPlugin(), dir, { env: {}, debug })
  const [, json = ''] = /^TF_REATTACH_PROVIDERS='(.+)'\n$/.exec(line) ?? []
  const { Addr, Pid } = JSON.parse(json)[debug.provider]
  expect(Pid).toBe(4711)
  const client = connect(`1|6|${Addr.Network}|${Addr.String}|grpc|`)
  await client.shutdown()
  await setTimeout(50)
  expect((await client.call('GetMetadata', RPC.GetMetadata, {})).dataSources).toEqual([
    { typeName: 'mailconfig_boxes' },
  ])
  client.close()
  signal('SIGINT')
  expect(await over).toBe(0)
})

test('the provider ends when its parent is gone', async () => {
  let parent = 1
  const { over } = await serveHere(toyPlugin(), dir, { parent: () => parent })
  parent = 0
  expect(await over).toBe(0)
})

test('StopProvider reaches the plugin; SIGINT does not end anything', async () => {
  let stopped = 0
  const { call, signal, end } = await served({ stop: () => void stopped++ })
  signal('SIGINT')
  expect(await call('StopProvider', RPC.StopProvider, {})).toEqual({ error: '' })
  expect(stopped).toBe(1)
  await end()
})

test('calls run at the same time', async () => {
  let running = 0
  let most = 0
  const { call, end } = await served({
    validateProvider: async () => {
      most = Math.max(most, ++running)
      await setTimeout(20)
      running--
      return []
    },
  })
  const { type } = { type: typeOf(toy.schema.provider.attributes) }
  const one = () => call('ValidateProviderConfig', RPC.ValidateProviderConfig, { config: pack(type, {}) })
  await Promise.all(Array.from({ length: 50 }, one))
  expect(most).toBe(50)
  await end()
})

test('20 MB pass in both directions', async () => {
  const { call, end } = await served({ upgrade: async (_, __, state) => ({ state, diagnostics: [] }) })
  const long = 'ä"'.repeat(7_000_000)
  const asked = {
    typeName: 'mailconfig_box',
    version: 1,
    rawState: { json: Buffer.from(JSON.stringify({ name: long })) },
  }
  const { upgradedState } = await call('UpgradeResourceState', RPC.UpgradeResourceState, asked)
  const read = unpack(boxType, upgradedState)
  expect(isMap(read) && read['name'] === long).toBe(true)
  await end()
})

test('small calls pass while a large answer waits to be read', async () => {
  const { line, over, signal } = await serveHere(
    { ...toyPlugin(), upgrade: async () => ({ state: { name: 'x'.repeat(20_000_000) }, diagnostics: [] }) },
    dir,
  )
  const session = connectHttp2('http://localhost', { createConnection: () => createConnection(readLine(line).place) })
  const ask = (name: string, body: Uint8Array) => {
    const stream = session.request({ ':method': 'POST', ':path': `/tfplugin6.Provider/${name}` })
    stream.end(Buffer.concat([Buffer.of(0, 0, 0, 0, body.length), body]))
    return stream
  }
  const asked = encode(RPC.UpgradeResourceState.request, {
    typeName: 'mailconfig_box',
    rawState: { json: bytesOf('{}') },
  })
  await once(ask('UpgradeResourceState', asked), 'response') // and nobody reads on
  const small = ask('StopProvider', EMPTY).resume()
  const [trailers] = await once(small, 'trailers')
  expect(trailers['grpc-status']).toBe('0')
  session.destroy()
  signal('SIGTERM')
  expect(await over).toBe(0)
})

test('fields of a newer Terraform are skipped', async () => {
  const { bytes, end } = await served()
  const newer = message({ typeName: [1, text], future: [99, text] })
  const asked = encode(newer, { typeName: 'mailconfig_box', future: 'x' })
  expect(await bytes('/tfplugin6.Provider/ReadResource', asked)).toEqual(Buffer.alloc(0))
  await end()
})

const bug = expect.objectContaining({
  severity: SEVERITY.error,
  detail: expect.stringMatching(/^broken\n\nThis is a bug in the provider/),
})
const broken = async () => {
  throw new Error('broken')
}

test('a plugin that throws leaves everything as it was, and says that it is a bug', async () => {
  const { call, logged, end } = await served({
    validateProvider: broken,
    validateResource: broken,
    configure: broken,
    upgrade: broken,
    read: broken,
    plan: broken,
    apply: broken,
    import: broken,
    move: broken,
    readData: broken,
    openEphemeral: broken,
    closeEphemeral: broken,
    call: broken,
    stop: () => {
      throw new Error('broken')
    },
    // biome-ignore lint/correctness/useYield: it throws before it would
    list: async function* () {
      throw new Error('broken')
    },
  })
  const typeName = 'mailconfig_box'
  const state = pack(boxType, { name: 'before' })
  const before = { msgpack: new Uint8Array(state.msgpack), json: EMPTY }
  const kept = bytesOf('kept')
  const rawState = { json: Buffer.from('{}') }
  expect(await call('ValidateProviderConfig', RPC.ValidateProviderConfig, {})).toEqual({ diagnostics: [bug] })
  expect(await call('ValidateResourceConfig', RPC.ValidateResourceConfig, { typeName })).toEqual({ diagnostics: [bug] })
  expect(await call('ConfigureProvider', RPC.ConfigureProvider, {})).toEqual({ diagnostics: [bug] })
  expect(await call('UpgradeResourceState', RPC.UpgradeResourceState, { typeName, rawState })).toMatchObject({
    diagnostics: [bug],
  })
  expect(await call('ReadResource', RPC.ReadResource, { typeName, currentState: state, private: kept })).toMatchObject({
    newState: before,
    private: kept,
    diagnostics: [bug],
  })
  expect(
    await call('PlanResourceChange', RPC.PlanResourceChange, { typeName, priorState: state, priorPrivate: kept }),
  ).toMatchObject({ plannedState: before, plannedPrivate: kept, diagnostics: [bug] })
  expect(
    await call('ApplyResourceChange', RPC.ApplyResourceChange, { typeName, priorState: state, plannedPrivate: kept }),
  ).toMatchObject({ newState: before, private: kept, diagnostics: [bug] })
  expect(await call('ImportResourceState', RPC.ImportResourceState, { typeName, id: 'x' })).toMatchObject({
    diagnostics: [bug],
  })
  expect(
    await call('MoveResourceState', RPC.MoveResourceState, { targetTypeName: typeName, sourceState: rawState }),
  ).toMatchObject({ diagnostics: [bug] })
  expect(await call('ReadDataSource', RPC.ReadDataSource, { typeName: 'mailconfig_boxes' })).toMatchObject({
    diagnostics: [bug],
  })
  const token = { typeName: 'mailconfig_token' }
  expect(await call('OpenEphemeralResource', RPC.OpenEphemeralResource, token)).toMatchObject({ diagnostics: [bug] })
  expect(await call('CloseEphemeralResource', RPC.CloseEphemeralResource, token)).toEqual({ diagnostics: [bug] })
  expect(await call('CallFunction', RPC.CallFunction, { name: 'join' })).toMatchObject({
    error: { text: expect.stringContaining('This is a bug') },
  })
  expect(await call('StopProvider', RPC.StopProvider, {})).toEqual({ error: expect.stringContaining('broken') })
  expect(logged.filter((one) => one.includes('"error"')).length).toBe(14)
  await end()
})

test('a value of the wrong type from the plugin is a bug too, and no crash', async () => {
  const { call, end } = await served({ readData: async () => ({ state: { count: 'two' }, diagnostics: [] }) })
  const { diagnostics } = await call('ReadDataSource', RPC.ReadDataSource, { typeName: 'mailconfig_boxes' })
  expect(diagnostics).toEqual([
    expect.objectContaining({ detail: expect.stringContaining('"count" is a string, and should be a number') }),
  ])
  await end()
})

test('a type that nobody knows is an error of that call', async () => {
  const { call, end } = await served()
  const { diagnostics } = await call('ReadDataSource', RPC.ReadDataSource, { typeName: 'constructor' })
  expect(diagnostics).toEqual([
    expect.objectContaining({ detail: expect.stringContaining('there is no "constructor"') }),
  ])
  await end()
})

test('a path becomes steps by the type: names, places, keys; it ends at a set', async () => {
  const paths = [['parts', 0, 'at', 'x'], ['notes', 'a'], ['sides', 'left', 'colour'], ['lids', 0, 'colour'], []]
  const { call, end } = await served({
    validateResource: async () => paths.map((path) => ({ severity: 'warning', summary: 's', detail: 'd', path })),
  })
  const { diagnostics } = await call('ValidateResourceConfig', RPC.ValidateResourceConfig, {
    typeName: 'mailconfig_box',
  })
  const name = (attributeName: string) => ({ attributeName })
  expect(JSON.parse(JSON.stringify(diagnostics.map(({ attribute }) => attribute?.steps ?? null)))).toEqual([
    [name('parts'), { elementKeyInt: 0 }, name('at'), name('x')],
    [name('notes'), { elementKeyString: 'a' }],
    [name('sides'), { elementKeyString: 'left' }, name('colour')],
    [name('lids')],
    null,
  ])
  await end()
})

test('what newer versions of Terraform ask is answered: identities, lists, moves', async () => {
  const own: Plugin['list'] = async function* (_, __, wanted) {
    for (const id of ['box-a', 'box-b']) {
      const resource = { id, name: String(wanted.limit) }
      yield { identity: { id }, name: `Box ${id}`, diagnostics: [], ...(wanted.resource ? { resource } : {}) }
    }
  }
  const { schema } = toy
  const listResources = { mailconfig_box: { version: 0, description: '', attributes: [] } }
  const { call, stream, end } = await served({ list: own, schema: { ...schema, listResources } })
  const idType: CtyType = ['object', { id: 'string' }]
  const typeName = 'mailconfig_box'

  const events = await stream('ListResource', RPC.ListResource, { typeName, includeResourceObject: true, limit: 7 })
  expect(events.map(({ displayName }) => displayName)).toEqual(['Box box-a', 'Box box-b'])
  expect(unpack(idType, events[1]?.identity?.identityData)).toEqual({ id: 'box-b' })
  expect(unpack(boxType, events[1]?.resourceObject)).toMatchObject({ id: 'box-b', name: '7' })
  const [first] = await stream('ListResource', RPC.ListResource, { typeName })
  expect(first?.resourceObject).toBe(undefined)

  const identities = await call('GetResourceIdentitySchemas', RPC.GetResourceIdentitySchemas, {})
  expect(identities.identitySchemas).toMatchObject({
    mailconfig_box: {
      version: 0,
      identityAttributes: [{ name: 'id', type: bytesOf('"string"'), requiredForImport: true }],
    },
  })
  const rawIdentity = { json: Buffer.from('{"id":"x"}') }
  const upgraded = await call('UpgradeResourceIdentity', RPC.UpgradeResourceIdentity, { typeName, rawIdentity })
  expect(unpack(idType, upgraded.upgradedIdentity?.identityData)).toEqual({ id: 'x' })
  expect(await call('UpgradeResourceIdentity', RPC.UpgradeResourceIdentity, { typeName, version: 3 })).toMatchObject({
    diagnostics: [{ detail: expect.stringContaining('version 3') }],
  })

  const moved = await call('MoveResourceState', RPC.MoveResourceState, {
    sourceTypeName: 'other',
    sourceState: { json: Buffer.from('{"id":"y"}') },
    targetTypeName: typeName,
  })
  expect(unpack(boxType, moved.targetState)).toMatchObject({ id: 'y', name: 'moved' })

  const identity = { identityData: pack(idType, { id: 'known' }) }
  const planned = await call('PlanResourceChange', RPC.PlanResourceChange, {
    typeName,
    proposedNewState: pack(boxType, { name: 'a' }),
    priorIdentity: identity,
  })
  expect(unpack(idType, planned.plannedIdentity?.identityData)).toEqual({ id: 'known' })
  await end()
})

let script = ''
beforeAll(async () => {
  script = await bundleToy(dir)
  writeFileSync(join(dir, 'parent.mjs'), PARENT)
})
afterAll(() => expect(readdirSync(dir).filter((one) => one.startsWith('mailconfig-'))).toEqual([]))

/** Starts the provider, says its pid, and dies without a word to it. */
const PARENT = `import { spawn } from 'node:child_process'
const child = spawn(process.execPath, [process.argv[2]], { stdio: ['ignore', 'pipe', 'ignore'] })
child.stdout.once('data', () => process.stdout.write(child.pid + '\\n', () => process.kill(process.pid, 'SIGKILL')))`

test('the process lives on after SIGINT, and ends within two seconds of Shutdown', async () => {
  const identity = selfSigned(new Date())
  const { child, line, exited } = await start(script, { ...terraformEnv(identity), TMPDIR: dir })
  const { call, shutdown, close } = connect(line, identity)
  child.kill('SIGINT')
  await setTimeout(50)
  expect((await call('GetMetadata', RPC.GetMetadata, {})).resources).toEqual([{ typeName: 'mailconfig_box' }])
  const before = Date.now()
  await shutdown()
  expect(await exited).toEqual([0, null])
  expect(Date.now() - before).toBeLessThan(2000)
  expect(existsSync(dirname(readLine(line).place))).toBe(false)
  close()
})

test('the process ends when the one that started it is killed', async () => {
  const { line } = await start(join(dir, 'parent.mjs'), { ...terraformEnv(), TMPDIR: dir }, [script])
  const pid = Number(line)
  expect(isAlive(pid)).toBe(true)
  for (let waited = 0; isAlive(pid) && waited < 5000; waited += 50) await setTimeout(50)
  expect(isAlive(pid)).toBe(false)
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
