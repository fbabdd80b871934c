import { mkdtemp, rm } from 'node:fs/promises'
import { createSecureServer, createServer, type Http2Server } from 'node:http2'
import { join } from 'node:path'
import type { Identity } from './certificate.ts'
import type { Address } from './handshake.ts'

/** Bytes; the systems allow 104 to 108 for the path of a socket. */
const LONGEST_SOCKET = 100

// A session that holds more than 10 MB would be refused by default, and one message can be larger.
const OPTIONS = { maxSessionMemory: 4096, settings: { initialWindowSize: 2 ** 24, maxFrameSize: 2 ** 20 } }

/** A server for HTTP/2: with `ours`, over TLS, and only for who has the key of the certificate `theirs`. */
export function http2Server(ours: Identity | undefined, theirs: string | undefined): Http2Server {
  if (ours === undefined || theirs === undefined) return createServer(OPTIONS)
  const { key, cert } = ours
  const tls = { requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.2' as const }
  return createSecureServer({ ...OPTIONS, ...tls, key, cert, ca: [theirs] })
}

/** Where to listen. */
interface ListenAddress {
  readonly platform: NodeJS.Platform
  readonly dir: string
  readonly ports: { readonly first: number; readonly last: number }
}

/** Listens on a socket that only this user reaches, or on a port of this machine where there are no such sockets. */
export async function listen(
  server: Http2Server,
  { platform, dir, ports }: ListenAddress,
): Promise<{ readonly address: Address; readonly remove: () => Promise<void> }> {
  if (platform === 'win32' || Buffer.byteLength(join(dir, 'mailconfig-123456', 's')) > LONGEST_SOCKET) {
    return { address: await listenOnPort(server, ports), remove: async () => undefined }
  }
  const own = await mkdtemp(join(dir, 'mailconfig-')) // nobody else may enter it
  const path = join(own, 's')
  await listening(server, { path })
  return { address: { network: 'unix', path }, remove: () => rm(own, { recursive: true, force: true }) }
}

async function listenOnPort(server: Http2Server, { first, last }: ListenAddress['ports']): Promise<Address> {
  const host = '127.0.0.1'
  for (let port = first; ; port++) {
    try {
      await listening(server, { host, port })
      const bound = server.address()
      return { network: 'tcp', host, port: bound !== null && typeof bound === 'object' ? bound.port : port }
    } catch (error) {
      if (port >= last) throw error
    }
  }
}

function listening(
  server: Http2Server,
  where: { readonly path: string } | { host: string; port: number },
): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(where, () => {
      server.off('error', reject)
      resolve()
    })
  })
}
