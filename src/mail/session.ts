import { isIP } from 'node:net'
import { TLSSocket } from 'node:tls'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { isRecord } from '../model/json.ts'
import type { Secret } from '../model/secret.ts'
import { isLoopbackHost } from '../model/value/loopback.ts'

/** Where a mail server is: `ssl` speaks TLS from the first byte, `tls` by STARTTLS and not without. */
export interface MailServer {
  readonly host: string
  readonly port: number
  readonly encryption: 'tls' | 'ssl'
}

/** The certificate that a server showed. */
interface ServerCertificate {
  /** `TLSv1.3` */
  readonly protocol: string
  /** The names that it is for. */
  readonly names: readonly string[]
  /** ISO 8601, in UTC. */
  readonly validTo: string
  /** Why it is not trusted; left out for one that is. A server on this machine needs no trusted one. */
  readonly distrust?: string
}

/** What became of each recipient, and what the server said last. */
interface Handover {
  readonly accepted: readonly string[]
  readonly refused: readonly { readonly address: string; readonly response: string }[]
  readonly response: string
}

/** Where in a dialogue something went wrong. */
type MailStage = 'connect' | 'tls' | 'login' | 'send'

/** A dialogue that did not get to its end; `response` is what the server said, where it said something. */
export class MailError extends Error {
  override readonly name = 'MailError'
  readonly stage: MailStage
  readonly response: string | undefined

  constructor(stage: MailStage, message: string, response?: string) {
    super(message)
    this.stage = stage
    this.response = response
  }
}

/** A dialogue with a mail server. Every method throws `MailError`. */
export interface MailSession {
  /** Every line so far, `C: ` ours and `S: ` the server's, without secrets and without the message. */
  readonly dialogue: readonly string[]
  readonly certificate: ServerCertificate | undefined
  /** What the server offers after the encryption began: `AUTH PLAIN LOGIN`, `SIZE 52428800`. */
  readonly extensions: readonly string[]
  /** Signs in; never where the certificate is not trusted. */
  readonly login: (user: string, password: Secret) => Promise<void>
  readonly send: (from: string, to: readonly string[], raw: Buffer) => Promise<Handover>
  readonly close: () => void
}

/** Connects, greets and encrypts. Sends nothing else. Throws `MailError`. */
export async function openSession(server: MailServer, timeoutMs = 10_000): Promise<MailSession> {
  const { host, port, encryption } = server
  const dialogue: string[] = []
  const connection = new SMTPConnection({
    host,
    port,
    secure: encryption === 'ssl',
    requireTLS: encryption === 'tls',
    name: 'mailconfig.invalid',
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    allowInternalNetworkInterfaces: true,
    tls: { rejectUnauthorized: false, ...(isIP(host) === 0 ? { servername: host } : {}) }, // it is looked at below
    logger: scribe(dialogue),
    transactionLog: true,
  })
  connection.on('error', () => undefined) // each method tells its own
  await new Promise<void>((done, failed) => {
    connection.once('error', (error) => failed(errorAt('connect', error)))
    connection.once('end', () => failed(new MailError('connect', 'the server closed the connection')))
    connection.connect((error) => (error ? failed(errorAt('connect', error)) : done()))
  })
  const certificate = certificateOf(connection, host)
  return {
    dialogue,
    certificate,
    extensions: extensionsIn(dialogue),
    login: async (user, password) => {
      if (certificate?.distrust !== undefined)
        throw new MailError('tls', `the certificate is not trusted: ${certificate.distrust}`)
      await call('login', (done) => connection.login({ credentials: { user, pass: password.reveal() } }, done))
    },
    send: (from, to, raw) => handOver(connection, from, to, raw),
    close: () => connection.close(),
  }
}

function call(stage: MailStage, run: (done: (error?: unknown) => void) => void): Promise<void> {
  return new Promise((done, failed) => run((error) => (error ? failed(errorAt(stage, error)) : done())))
}

function handOver(connection: SMTPConnection, from: string, to: readonly string[], raw: Buffer): Promise<Handover> {
  return new Promise((done, failed) => {
    connection.send({ from, to: [...to] }, raw, (error, info) => {
      const refused = refusedIn(error ?? info)
      if (!error) done({ accepted: info?.accepted ?? [], refused, response: info?.response ?? '' })
      else if (refused.length === to.length) done({ accepted: [], refused, response: refused.at(-1)?.response ?? '' })
      else failed(errorAt('send', error))
    })
  })
}

function refusedIn(told: unknown): Handover['refused'] {
  const all = isRecord(told) || told instanceof Error ? Reflect.get(told, 'rejectedErrors') : undefined
  return (Array.isArray(all) ? all : []).map((one: unknown) => ({
    address: textOf(one, 'recipient'),
    response: textOf(one, 'response'),
  }))
}

function errorAt(stage: MailStage, error: unknown): MailError {
  const response = textOf(error, 'response') || undefined
  const code = textOf(error, 'code')
  const message = wordsOf(error instanceof Error ? error.message : String(error))
  return new MailError(code === 'ETLS' ? 'tls' : stage, response ?? message, response)
}

/** What went wrong, without the words of OpenSSL. */
function wordsOf(message: string): string {
  if (/wrong version number|packet length too long/i.test(message))
    return 'the server does not speak TLS from the first byte on this port'
  if (/unsupported protocol|alert protocol version/i.test(message))
    return 'the server speaks no TLS that is safe enough'
  return message.split('\n')[0] ?? message
}

function textOf(one: unknown, name: string): string {
  const value: unknown = typeof one === 'object' && one !== null ? Reflect.get(one, name) : undefined
  return typeof value === 'string' ? value.replaceAll('\r', '') : ''
}

function certificateOf({ _socket: socket }: SMTPConnection, host: string): ServerCertificate | undefined {
  if (!(socket instanceof TLSSocket)) return undefined
  const { valid_to, subjectaltname = '', subject } = socket.getPeerCertificate()
  const names = subjectaltname.split(', ').flatMap((one) => /^(?:DNS|IP Address):(.+)$/.exec(one)?.[1] ?? [])
  const why: unknown = socket.authorizationError
  const distrust = why === null || why === undefined ? undefined : why instanceof Error ? why.message : String(why)
  return {
    protocol: socket.getProtocol() ?? '',
    names: names.length > 0 ? names : [subject?.CN ?? ''].flat().filter((one) => one !== ''),
    validTo: new Date(valid_to).toISOString(),
    ...(distrust === undefined || isLoopbackHost(host) ? {} : { distrust }),
  }
}

/** What the last EHLO was answered with, without the greeting. */
function extensionsIn(dialogue: readonly string[]): string[] {
  const from = dialogue.findLastIndex((line) => line.startsWith('C: EHLO'))
  const answer = dialogue.slice(from + 1).filter((line) => /^S: 250[ -]/.test(line))
  return answer.slice(1).map((line) => line.slice('S: 250 '.length))
}

/** Writes the dialogue down; what answers a challenge is a secret, and so is what stands behind AUTH. */
function scribe(dialogue: string[]) {
  let isChallenged = false
  const note = (entry: unknown, text?: unknown, ...parts: readonly unknown[]) => {
    const by = isRecord(entry) ? entry['tnx'] : undefined
    if (typeof text !== 'string' || (by !== 'client' && by !== 'server')) return
    const said = parts.reduce<string>((all, part) => all.replace('%s', () => String(part)), text)
    for (const line of said.split(/\r?\n/).filter((one) => one !== '')) {
      if (by === 'server') {
        isChallenged = line.startsWith('334')
        dialogue.push(`S: ${line}`)
      } else {
        dialogue.push(`C: ${isChallenged ? '(secret)' : line.replace(/^(AUTH \S+) .*/, '$1 (secret)')}`)
      }
    }
  }
  return { level: () => undefined, trace: note, debug: note, info: note, warn: note, error: note, fatal: note }
}
