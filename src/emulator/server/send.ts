import { setTimeout as sleep } from 'node:timers/promises'
import type { HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Answer } from '../world/call.ts'
import type { Fault } from './faults.ts'

/** Sends nothing and closes the connection with a reset. */
export function reset({ incoming }: HttpBindings): Response {
  incoming.socket.resetAndDestroy()
  return RESPONSE_ALREADY_SENT
}

/** Sends nothing and keeps the connection open. */
export function hang(): Response {
  return RESPONSE_ALREADY_SENT
}

/** An answer that no API gave: a page of some proxy. */
export function html({ status = 200 }: Fault): Answer {
  const raw = '<!DOCTYPE html><html><head><title>Please wait</title></head><body>Please wait…</body></html>'
  return { status, raw, headers: { 'content-type': 'text/html; charset=utf-8' } }
}

/** Writes an answer, in the way the faults say. */
export async function send(env: HttpBindings, answer: Answer, faults: readonly Fault[]) {
  const text = answer.raw ?? (answer.body === undefined ? undefined : JSON.stringify(answer.body))
  const type = text === undefined ? {} : { 'content-type': 'application/json' }
  const wrong = faults.some(({ fault, part }) => fault === 'wrong-type' && part !== 'data')
  const headers = { ...type, ...answer.headers, ...(wrong ? { 'content-type': 'text/plain' } : {}) }
  const slow = faults.find(({ fault }) => fault === 'slow-body')
  const truncated = faults.some(({ fault }) => fault === 'truncated-body')
  if (!slow && !truncated) return new Response(text ?? null, { status: answer.status, headers })
  const bytes = Buffer.from(text ?? '')
  const half = Math.ceil(bytes.length / 2)
  env.outgoing.writeHead(answer.status, { ...headers, 'content-length': bytes.length })
  env.outgoing.write(bytes.subarray(0, half))
  if (slow) await sleep(slow.ms, undefined, { ref: false })
  if (truncated) env.outgoing.write(bytes.subarray(half, half), () => env.incoming.socket.destroy())
  if (!truncated) env.outgoing.end(bytes.subarray(half))
  return RESPONSE_ALREADY_SENT
}
