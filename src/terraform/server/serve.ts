import { once } from 'node:events'
import { writeSync } from 'node:fs'
import type { Http2Session } from 'node:http2'
import { tmpdir } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import type { Plugin } from '../protocol/plugin.ts'
import { selfSigned } from './certificate.ts'
import { answerCalls, type GrpcCall } from './grpc.ts'
import { handshakeLine, readHandshake, reattachValue } from './handshake.ts'
import { http2Server, listen } from './listen.ts'
import { hclog, type Log } from './log.ts'
import { providerCalls } from './procedures.ts'

/** What serving needs of the process; `thisProcess` is the real one. */
export interface ServeOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  /** The provider's own version, for the log. */
  readonly version: string
  readonly pid: number
  readonly platform: NodeJS.Platform
  readonly tmpdir: string
  /** For the one line that Terraform reads, and for nothing else. */
  readonly stdout: { write(text: string): unknown }
  readonly stderr: { write(text: string): unknown }
  readonly signals: { on(signal: 'SIGINT' | 'SIGTERM', heard: () => void): unknown }
  /** The process that started this one; when the answer changes, that one is gone. */
  readonly parent: () => number
  readonly now: () => Date
  readonly log?: Log
  /** Serve without being started by Terraform, in plain text, until a signal; `provider` is `HOST/NAMESPACE/TYPE`. */
  readonly debug?: { readonly provider: string } | undefined
}

/** Milliseconds that closing may take; Terraform waits for two seconds. */
const CLOSING = 1400
/** Milliseconds for the last answers. */
const GOODBYE = 200
const LOOK_FOR_PARENT = 1000
const SHUTDOWN = '/plugin.GRPCController/Shutdown'

/** Serves a plugin until Terraform is done with it, and resolves to the exit code. Nothing is left open. */
export async function serve(plugin: Plugin, options: ServeOptions): Promise<number> {
  const { debug, env } = options
  const chatty = (env['TF_LOG'] ?? env['TF_LOG_PROVIDER']) !== undefined
  const log = options.log ?? hclog((line) => options.stderr.write(line), options.now, chatty)
  const handshake = readHandshake(env, debug !== undefined)
  if (!handshake.ok) {
    options.stderr.write(`${handshake.problem}\n`)
    return 1
  }
  const over = new AbortController()
  const end = () => over.abort()
  options.signals.on('SIGTERM', end)
  // Ctrl-C reaches every process of the terminal; Terraform then calls StopProvider, and still needs the answers.
  options.signals.on('SIGINT', () => (debug === undefined ? log('debug', 'SIGINT is left to Terraform') : end()))

  const ours = handshake.clientCertificate === undefined ? undefined : selfSigned(options.now())
  const server = http2Server(ours, handshake.clientCertificate)
  const { address, remove } = await listen(server, {
    platform: options.platform,
    dir: handshake.socketDir ?? options.tmpdir,
    ports: handshake.ports,
  })
  const sessions = new Set<Http2Session>()
  server.on('session', (session) => {
    sessions.add(session)
    session.once('close', () => sessions.delete(session))
  })
  for (const event of ['error', 'sessionError', 'tlsClientError']) {
    server.on(event, (error: Error) => log('debug', `${event}: ${error.message}`)) // resets at the end are normal
  }
  const shutdown: GrpcCall = async () => {
    if (debug === undefined) setImmediate(end) // the answer first
    return new Uint8Array()
  }
  server.on('stream', answerCalls(new Map([...providerCalls(plugin, log), [SHUTDOWN, shutdown]]), log))

  const parent = options.parent()
  const watch = setInterval(() => debug === undefined && options.parent() !== parent && end(), LOOK_FOR_PARENT)
  log('debug', `mailconfig ${options.version} listens on ${address.network}`)
  options.stdout.write(
    debug === undefined
      ? handshakeLine(address, ours?.der)
      : `TF_REATTACH_PROVIDERS='${reattachValue(debug.provider, address, options.pid)}'\n`,
  )

  if (!over.signal.aborted) await once(over.signal, 'abort')
  clearInterval(watch)
  server.close()
  await closed(plugin, log)
  await within(GOODBYE, Promise.all([...sessions].map((session) => new Promise<void>((done) => session.close(done)))))
  for (const session of sessions) session.destroy()
  await remove()
  return 0
}

async function closed(plugin: Plugin, log: Log): Promise<void> {
  try {
    if (!(await within(CLOSING, plugin.close()))) log('warn', 'closing takes too long and is given up')
  } catch (error) {
    log('error', `closing: ${String(error)}`)
  }
}

/** Whether something is done in that many milliseconds. */
async function within(milliseconds: number, done: Promise<unknown>): Promise<boolean> {
  const timer = new AbortController()
  const late = setTimeout(milliseconds, false, { signal: timer.signal }).catch(() => false)
  try {
    return await Promise.race([done.then(() => true), late])
  } finally {
    timer.abort()
  }
}

/** The options of a provider that is this very process. */
export function thisProcess(version: string, debug?: ServeOptions['debug']): ServeOptions {
  return {
    env: process.env,
    version,
    pid: process.pid,
    platform: process.platform,
    tmpdir: tmpdir(),
    stdout: { write: (text) => writeSync(1, text) }, // at once: Terraform waits for this line
    stderr: process.stderr,
    signals: process,
    parent: () => process.ppid,
    now: () => new Date(),
    debug,
  }
}
