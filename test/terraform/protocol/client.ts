import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Client, credentials, Metadata } from '@grpc/grpc-js'
import type { Plugin } from '../../../src/terraform/protocol/plugin.ts'
import { decode, encode, type Message } from '../../../src/terraform/protocol/protobuf.ts'
import type { Identity } from '../../../src/terraform/server/certificate.ts'
import { type ServeOptions, serve } from '../../../src/terraform/server/serve.ts'

export const COOKIE = 'd602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2'

/** The environment that Terraform gives to a provider. */
export function terraformEnv(client?: Identity): Record<string, string> {
  const env = { TF_PLUGIN_MAGIC_COOKIE: COOKIE, PLUGIN_PROTOCOL_VERSIONS: '5,6', PLUGIN_MIN_PORT: '10000' }
  return client === undefined ? env : { ...env, PLUGIN_CLIENT_CERT: client.cert }
}

/** What a handshake line says. */
export function readLine(line: string) {
  const [core, protocol, network, place = '', kind, certificate = ''] = line.trimEnd().split('|')
  const der = Buffer.from(certificate, 'base64')
  const pem = `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`
  return { core, protocol, network, place, kind, certificate, pem }
}

/** A client of gRPC that is not ours: @grpc/grpc-js. */
export function connect(line: string, identity?: Identity) {
  const { network, place, pem } = readLine(line)
  const security =
    identity === undefined
      ? credentials.createInsecure()
      : credentials.createSsl(Buffer.from(pem), Buffer.from(identity.key), Buffer.from(identity.cert))
  const client = new Client(network === 'unix' ? `unix:${place}` : place, security, {
    'grpc.max_receive_message_length': -1,
    'grpc.max_send_message_length': -1,
    'grpc.ssl_target_name_override': 'localhost',
    'grpc.default_authority': 'localhost',
  })
  const bytes = (path: string, request: Uint8Array) =>
    new Promise<Buffer>((resolve, reject) => {
      client.makeUnaryRequest(
        path,
        (data: Buffer) => data,
        (data: Buffer) => data,
        Buffer.from(request),
        new Metadata(),
        { deadline: Date.now() + 20_000 },
        (error, answer) => (error === null ? resolve(answer ?? Buffer.alloc(0)) : reject(error)),
      )
    })
  return {
    bytes,
    async call<Q, A>(
      name: string,
      { request, response }: { request: Message<unknown, Q>; response: Message<A, never> },
      asked: Q,
    ): Promise<A> {
      return decode(response, new Uint8Array(await bytes(`/tfplugin6.Provider/${name}`, encode(request, asked))))
    },
    async stream<Q, A>(
      name: string,
      { request, response }: { request: Message<unknown, Q>; response: Message<A, never> },
      asked: Q,
    ): Promise<A[]> {
      const found: A[] = []
      const stream = client.makeServerStreamRequest(
        `/tfplugin6.Provider/${name}`,
        (data: Buffer) => data,
        (data: Buffer) => data,
        Buffer.from(encode(request, asked)),
      )
      for await (const one of stream) found.push(decode(response, new Uint8Array(one)))
      return found
    },
    shutdown: () => bytes('/plugin.GRPCController/Shutdown', new Uint8Array()),
    close: () => client.close(),
  }
}

/** A plugin that is served inside of the test; signals and the parent are the test's. */
export async function serveHere(plugin: Plugin, dir: string, more: Partial<ServeOptions> = {}) {
  const heard = new Map<string, () => void>()
  const logged: string[] = []
  let line = ''
  let written: () => void = () => undefined
  const ready = new Promise<void>((resolve) => {
    written = resolve
  })
  const over = serve(plugin, {
    env: terraformEnv(),
    version: '1.0.0',
    pid: 4711,
    platform: process.platform,
    tmpdir: dir,
    stdout: {
      write: (text) => {
        line += text
        written()
      },
    },
    stderr: { write: (text) => logged.push(text) },
    signals: { on: (signal, listener) => heard.set(signal, listener) },
    parent: () => 1,
    now: () => new Date(),
    ...more,
  })
  await Promise.race([ready, over])
  return { line, over, logged, signal: (name: 'SIGINT' | 'SIGTERM') => heard.get(name)?.() }
}

/** A script that is started as Terraform starts a provider; resolves when it has said where it listens. */
export async function start(
  script: string,
  env: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Promise<{ child: ChildProcess; line: string; exited: Promise<unknown> }> {
  const child = spawn(process.execPath, [script, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const line = await new Promise<string>((resolve) => child.stdout.once('data', (data) => resolve(String(data))))
  return { child, line, exited }
}
