import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerSession } from 'smtp-server'
import type { Envelope, MailClient, MailRefusal } from '../world/mail.ts'

/** What stands behind a submission server. */
export interface SmtpBackend {
  signIn(username: string, password: string): MailRefusal | undefined
  sender(): MailRefusal | undefined
  recipient(client: MailClient, envelope: Envelope, recipient: string): MailRefusal | undefined
  take(client: MailClient, envelope: Envelope, raw: Buffer): MailRefusal | undefined
}

/** How a submission server is reached. */
interface SmtpListening {
  readonly host: string
  readonly port: number
  /** Whether a connection begins with TLS; otherwise STARTTLS is offered. */
  readonly secure: boolean
  readonly tls: { readonly cert: string; readonly key: string }
}

/** A submission server that listens. */
export interface SmtpListener {
  readonly port: number
  close(): Promise<void>
}

/** The largest message that the vendor takes, in bytes. */
const LARGEST_MESSAGE = 50 * 1024 * 1024

/** Listens for mail: EHLO, STARTTLS, AUTH PLAIN and LOGIN, and the rest of RFC 5321. */
export async function listenForMail(
  { host, port, secure, tls }: SmtpListening,
  backend: SmtpBackend,
): Promise<SmtpListener> {
  const server = new SMTPServer({
    ...tls,
    secure,
    name: 'mailconfig.emulator',
    banner: 'mailconfig emulator',
    size: LARGEST_MESSAGE,
    authMethods: ['PLAIN', 'LOGIN'],
    authOptional: true,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    hideENHANCEDSTATUSCODES: true, // the service shows none
    logger: false,
    closeTimeout: 100,
    onAuth: ({ username = '', password }, _, done) => {
      const refused = backend.signIn(username, password ?? '')
      if (refused === undefined) done(null, { user: username })
      else done(asError(refused))
    },
    onMailFrom: (_, __, done) => done(asError(backend.sender())),
    onRcptTo: ({ address }, session, done) => {
      done(asError(backend.recipient(clientOf(session), envelopeOf(session), address)))
    },
    onData: (stream, session, done) => {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('error', done)
      stream.on('end', () => {
        if (stream.sizeExceeded) return done(asError({ code: 552, lines: ['message exceeds the maximum of 50 MB'] }))
        const refused = backend.take(clientOf(session), envelopeOf(session), Buffer.concat(parts))
        if (refused === undefined) done(null, 'OK')
        else done(asError(refused))
      })
    },
  })
  server.on('error', () => undefined) // of one connection: the client sees it
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject)
    server.listen(port, host, resolve)
  })
  return {
    port: portOf(server.server.address()),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('the submission server has no port')
  return address.port
}

function clientOf({ user, remoteAddress, id, transaction }: SMTPServerSession): MailClient {
  const login = typeof user === 'string' ? { login: user } : {}
  return { ip: remoteAddress, transaction: `${id} ${transaction}`, ...login }
}

function envelopeOf({ envelope: { mailFrom, rcptTo } }: SMTPServerSession): Envelope {
  return { from: mailFrom === false ? '' : mailFrom.address, to: rcptTo.map(({ address }) => address) }
}

/** An error as the server wants it: a list of lines becomes a reply of several. */
function asError(refused: MailRefusal | undefined): Error | null {
  if (refused === undefined) return null
  const { code, lines } = refused
  return Object.assign(new Error(lines[0]), { responseCode: code, message: lines.length > 1 ? lines : lines[0] })
}
