import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { HttpBindings } from '@hono/node-server'
import type { Context as HonoContext } from 'hono'
import { backoffice } from '../backoffice/serve.ts'
import { type Json, parseJson } from '../input/json.ts'
import { smtp2go } from '../smtp2go/serve.ts'
import type { Answer, Context, Incoming, Service } from '../world/call.ts'
import { type Core, type LoggedRequest, noteChange, pastWorld } from './core.ts'
import { falsify, wrongData } from './falsify.ts'
import type { Fault, FaultName } from './faults.ts'
import { mask } from './mask.ts'
import { hang, html, reset, send } from './send.ts'

const maxBody = 1024 * 1024
const maxLog = 50_000
const falsifying = ['empty-list', 'short-page'] as const

type Http = HonoContext<{ Bindings: HttpBindings }>

/** Serves one call of either API: faults before, the call itself, faults after. */
export async function serveCall(core: Core, c: Http): Promise<Response> {
  const call = await readCall(c)
  const service = call.path.startsWith('/v3/') ? smtp2go : backoffice
  const faults = core.faults.meet(call.method, call.path)
  const entry = remember(core, call, service, faults)
  for (const { fault, ms } of faults) if (fault === 'latency') await sleep(ms, undefined, { ref: false })
  const early = before(c.env, faults)
  if (early) {
    entry.status = early.status
    return early.send(faults)
  }
  const answer = carryOut(core, service, call, faults, entry)
  const has = (name: FaultName) => faults.some(({ fault }) => fault === name)
  if (has('reset-after-commit')) return reset(c.env)
  if (has('hang-after-commit') || answer.hangs) return hang()
  const final = after(core, call, answer, faults, entry.writes)
  entry.status = final.status
  return send(c.env, final, faults)
}

async function readCall(c: Http): Promise<Incoming> {
  const { pathname, searchParams } = new URL(c.req.url)
  const isLarge = Number(c.req.header('content-length') ?? 0) > maxBody
  return {
    method: c.req.method,
    path: pathname,
    query: searchParams,
    text: isLarge ? ' '.repeat(maxBody + 1) : await c.req.text(),
    address: c.env.incoming.socket.remoteAddress ?? '',
    header: (name) => c.req.header(name),
  }
}

function remember(core: Core, call: Incoming, service: Service, faults: readonly Fault[]): LoggedRequest {
  const names = ['accept', 'accept-language', 'authorization', 'content-type', 'user-agent', 'x-smtp2go-api-key']
  const headers = names.flatMap((name) => {
    const value = call.header(name)
    return value === undefined ? [] : [[name, /^(auth|x-smtp)/.test(name) ? shortForm(value) : value] as const]
  })
  const entry: LoggedRequest = {
    time: core.now().toISOString(),
    method: call.method,
    path: call.path,
    query: call.query.toString(),
    headers: Object.fromEntries(headers),
    body: shownBody(call.text),
    status: null,
    writes: service.writes(call.method, call.path) ?? false,
    committed: false,
    faults: faults.map(({ fault }) => fault),
  }
  if (core.keepsLog) core.log.push(entry)
  if (core.log.length > maxLog) core.log.splice(0, maxLog / 10)
  return entry
}

/** A credential as reports name it: a test can tell which key was used, and nobody can use it. */
function shortForm(value: string): string {
  const key = /(api-[A-Za-z0-9]{12})[A-Za-z0-9]{20}$/.exec(value)?.[1]
  return key === undefined ? '(secret)' : `${key}…(secret)`
}

function shownBody(text: string): Json {
  if (text === '') return null
  const body = parseJson(text)
  return body === undefined ? `(${text.length} characters that are no JSON)` : mask(body)
}

/** What a fault answers without the call being carried out. */
function before(env: HttpBindings, faults: readonly Fault[]) {
  for (const fault of faults) {
    if (fault.fault === 'reset-before-commit') return { status: null, send: async () => reset(env) }
    const answer = instead(fault)
    if (answer) return { status: answer.status, send: (all: readonly Fault[]) => send(env, answer, all) }
  }
  return undefined
}

function instead(fault: Fault): Answer | undefined {
  if (fault.fault === 'html') return html(fault)
  if (fault.fault === 'redirect') {
    return { status: fault.status ?? 302, headers: { location: fault.location ?? '/', ...fault.headers } }
  }
  return fault.fault === 'status' && !fault.afterCommit ? statusAnswer(fault) : undefined
}

function statusAnswer({ status = 500, headers = {}, body }: Fault): Answer {
  if (typeof body === 'string') return { status, headers: { 'content-type': 'text/plain', ...headers }, raw: body }
  return { status, headers, body: body === undefined ? { error: `fault ${status}` } : body }
}

function carryOut(
  core: Core,
  service: Service,
  call: Incoming,
  faults: readonly Fault[],
  entry: LoggedRequest,
): Answer {
  const stale = entry.writes ? undefined : faults.find(({ fault }) => fault === 'stale-list')
  const world = stale ? pastWorld(core, stale.ms ?? 0) : core.world
  const context: Context = { world, settings: core.settings, now: core.now(), counters: core.counters }
  const version = world.version
  const answer = call.text.length > maxBody ? tooLarge(core, call) : service.answer(context, call)
  entry.committed = world.version !== version
  if (entry.committed) noteChange(core)
  return answer
}

function tooLarge({ settings }: Core, { path }: Incoming): Answer {
  const error = { error: 'The request body is larger than 1 MB', error_code: 'E_ApiResponseCodes.INVALID_IN_PAYLOAD' }
  return {
    status: settings.bodyTooLargeStatus,
    body: path.startsWith('/v3/') ? { request_id: randomUUID(), data: error } : { message: error.error },
  }
}

/** The answer as the faults falsify it. */
function after(core: Core, call: Incoming, answer: Answer, faults: readonly Fault[], writes: boolean): Answer {
  const status = faults.find(({ fault, afterCommit }) => fault === 'status' && afterCommit)
  if (status) return statusAnswer(status)
  const place = `${call.method} ${call.path}`
  const last = core.lastLists.get(place)
  if (!writes) core.lastLists.set(place, answer)
  const isCalled = (name: FaultName) => faults.some(({ fault }) => fault === name)
  const repeated = isCalled('duplicate-page') && last ? last : answer
  const falsified = falsifying.filter(isCalled).reduce<Answer>(falsify, repeated)
  const wrong = faults.some(({ fault, part }) => fault === 'wrong-type' && part === 'data')
  return wrong ? wrongData(falsified) : falsified
}
