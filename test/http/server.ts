import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import type { Clock } from '../../src/model/transport.ts'
import { ApiError } from '../../src/model/wire.ts'

/** A key of the right form that belongs to nobody. */
export const KEY = `api-${'C4naryKey'.repeat(4).slice(0, 32)}`

/** What a test server saw of one request. */
export type Seen = { method: string; url: string; headers: IncomingMessage['headers']; body: string }

/** How a test server answers: one function for each request, or the n-th function for the n-th request. */
export type Reply = (response: ServerResponse, request: Seen) => void

/** A real HTTP server on a free port that ends with the test; the last reply serves all further requests. */
export async function serve(...replies: Reply[]): Promise<{ url: string; seen: Seen[]; connections: () => number }> {
  const seen: Seen[] = []
  let connections = 0
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const one = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body }
    seen.push(one)
    const reply = replies[Math.min(seen.length, replies.length) - 1]
    reply?.(response, one)
  })
  server.on('connection', () => {
    connections += 1
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // it listens on TCP
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${port}`, seen, connections: () => connections }
}

/** Replies with JSON. */
export function json(status: number, body: unknown, headers: Record<string, string> = {}): Reply {
  return (response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

/** Replies with any text of any type. */
export function text(status: number, type: string, body: string): Reply {
  return (response) => response.writeHead(status, { 'content-type': type }).end(body)
}

/** Hangs up after the request was read. */
export const hangUp: Reply = (response) => response.socket?.destroy()

/** Sends half of what it announced, then hangs up. */
export const breakOff: Reply = (response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
  response.write('{"data":{"results":[{"email_password":"half-a-secret"')
  setTimeout(() => response.socket?.destroy(), 20)
}

/** Never answers. */
export const silence: Reply = () => undefined

/** A clock that sleeps no longer than a moment and keeps what it was asked for; its time moves by as much. */
export function fastClock(start = Date.parse('2026-01-01T00:00:00Z')): Clock & { slept: number[] } {
  const slept: number[] = []
  let now = start
  return {
    slept,
    now: () => now,
    sleep: async (ms, signal) => {
      slept.push(ms)
      await new Promise((resolve) => setImmediate(resolve))
      if (!signal?.aborted) now += ms
    },
  }
}

/** The error a promise ends with. */
export async function errorOf(promise: Promise<unknown>): Promise<ApiError> {
  const result = await promise.then(
    () => 'no error',
    (error: unknown) => error,
  )
  if (result instanceof ApiError) return result
  throw new Error('expected an ApiError', { cause: result })
}
