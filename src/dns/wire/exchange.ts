import { createSocket } from 'node:dgram'
import { connect, isIPv6 } from 'node:net'
import type { DnsServer } from './server.ts'

/** Octets out and octets back, with an end: milliseconds, or the signal. */
interface Exchange<T> {
  readonly server: DnsServer
  readonly bytes: Buffer
  readonly timeoutMs: number
  readonly signal: AbortSignal
  /** What an answer is; undefined for octets that are none, which are waited past. */
  readonly read: (bytes: Buffer) => T | undefined
}

/** Why no answer came, as people say it: `no answer within 5 s`, `the connection was refused`. */
export interface Silence {
  readonly why: string
}

/** One datagram and its answer, on a port of its own; only the server that was asked is listened to. */
export function overUdp<T>({ server, bytes, timeoutMs, signal, read }: Exchange<T>): Promise<T | Silence> {
  return new Promise((done) => {
    const socket = createSocket(isIPv6(server.address) ? 'udp6' : 'udp4')
    const end = ending(timeoutMs, signal, () => socket.close(), done)
    socket.on('error', (error) => end({ why: reasonOf(error) }))
    socket.on('message', (message) => {
      const found = read(message)
      if (found !== undefined) end(found)
    })
    socket.connect(server.port, server.address, () => {
      if (!end.isOver()) socket.send(bytes)
    })
  })
}

/** The same over a connection, where an answer is too large for a datagram. */
export function overTcp<T>({ server, bytes, timeoutMs, signal, read }: Exchange<T>): Promise<T | Silence> {
  return new Promise((done) => {
    const socket = connect(server.port, server.address)
    const end = ending(timeoutMs, signal, () => socket.destroy(), done)
    let got = Buffer.alloc(0)
    socket.on('error', (error) => end({ why: reasonOf(error) }))
    socket.on('close', () => end({ why: 'the connection was closed' }))
    socket.on('connect', () => {
      const head = Buffer.alloc(2)
      head.writeUInt16BE(bytes.length)
      socket.write(Buffer.concat([head, bytes]))
    })
    socket.on('data', (more) => {
      got = Buffer.concat([got, more])
      const size = got.length < 2 ? undefined : got.readUInt16BE(0)
      if (size === undefined || got.length < size + 2) return
      end(read(got.subarray(2, size + 2)) ?? { why: 'the answer cannot be read' })
    })
  })
}

/** Ends an exchange once, however it ends. */
function ending<T>(timeoutMs: number, signal: AbortSignal, close: () => void, done: (value: T | Silence) => void) {
  let over = false
  const end = Object.assign(
    (value: T | Silence) => {
      if (over) return
      over = true
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
      close()
      done(value)
    },
    { isOver: () => over },
  )
  const abort = () => end({ why: 'interrupted' })
  const timer = setTimeout(() => end({ why: `no answer within ${timeoutMs / 1000} s` }), timeoutMs)
  signal.addEventListener('abort', abort)
  if (signal.aborted) abort()
  return end
}

function reasonOf(error: Error): string {
  const code = 'code' in error ? String(error.code) : ''
  if (code === 'ECONNREFUSED') return 'the connection was refused'
  return code === 'ENETUNREACH' || code === 'EHOSTUNREACH' ? 'there is no way to it' : `${code || error.message}`
}
