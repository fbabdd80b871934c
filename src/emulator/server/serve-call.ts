import { setTimeout as sleep } from 'node:timers/promises'
import type { HttpBindings } from '@hono/node-server'
import type { Context as HonoContext } from 'hono'
import { type Json, parseJson } from '../input/json.ts'
import type { Answer, Incoming } from '../world/call.ts'
import type { Service } from '../world/definition.ts'
import { SHARED_SETTINGS, typedSettings } from '../world/settings.ts'
import { type Core, type LoggedRequest, noteChange, pastWorld, surroundings } from './core.ts'
import { falsify, wrongData } from './falsify.ts'
import type { Fault, FaultName } from './faults.ts'
import { mask } from './mask.ts'
import { hang, html, reset, send } from './send.ts'

/** Bytes of a body where a service says nothing else. */
const USUAL_BODY = 1024 * 1024
const maxLog = 50_000
const falsifying = ['empty-list', 'short-page'] as const

type Http = HonoContext<{ Bindings: HttpBindings }>

/** Serves one call of a service: faults before, the call itself, faults after. */
export async function serveCall(core: Core, service: Service, c: Http): Promise<Response> {
  const call = await readCall(c, service)
  const faults = core.faults.meet(call.method, call.path)
  const entry = remember(core, call, service, faults)
  for (const { fault, ms } of faults) if (fault === 'latency') await sleep(ms, undefined, { ref: false })
  const early = before(c.env, faults)
  if (early) {
    entry.status = early.status
    return early.send(faults)
  }
  const answer = await carryOut(core, service, call, faults, entry)
  const has = (name: FaultName) => faults.some(({ fault }) => fault === name)
  if (has('reset-after-commit')) return reset(c.env)
  if (has('hang-after-commit') || answer.hangs) return hang()
  const final = after(core, service, call, answer, faults, entry.writes)
  entry.status = final.status
  return send(c.env, final, faults)
}

async function readCall(c: Http, service: Service): Promise<Incoming> {
  const { pathname, searchParams } = new URL(c.req.url)
  const most = largestBody(service, pathname)
  const isLarge = Number(c.req.header('content-length') ?? 0) > most
  return {
    method: c.req.method,
    path: pathname,
    query: searchParams,
    text: isLarge ? ' '.repeat(most + 1) : await c.req.text(),
    address: c.env.incoming.socket.remoteAddress ?? '',
    header: (name) => c.req.header(name),
  }
}

function largestBody({ largestBody: own }: Service, path: string): number {
  return own?.(path) ?? USUAL_BODY
}

function remember(core: Core, call: Incoming, service: Service, faults: readonly Fault[]): LoggedRequest {
  const names = ['accept', 'accept-language', 'authorization', 'content-type', 'user-agent', ...headersOf(core)]
  const headers = names.flatMap((name) => {
    const value = call.header(name)
    return value === undefined ? [] : [[name, isCredential(core, name) ? shortForm(service, value) : value] as const]
  })
  const entry: LoggedRequest = {
    time: core.now().toISOString(),
    method: call.method,
    path: call.path,
    query: call.query.toString(),
    headers: Object.fromEntries(headers),
    body: shownBody(call.text, service),
    status: null,
    writes: service.writes(call.method, call.path) ?? false,
    committed: false,
    faults: faults.map(({ fault }) => fault),
  }
  if (core.keepsLog) core.log.push(entry)
  if (core.log.length > maxLog) core.log.splice(0, maxLog / 10)
  return entry
}

/** The headers that carry a credential of some service, each once. */
function headersOf({ services }: Core): readonly string[] {
  return services.map(({ header }) => header).filter((name) => name !== 'authorization')
}

function isCredential(core: Core, name: string): boolean {
  return name === 'authorization' || headersOf(core).includes(name)
}

/** A credential as reports name it: a test can tell which one was used, and nobody can use it. */
function shortForm(service: Service, value: string): string {
  const short = service.shortForm?.(value)
  return short === undefined ? '(secret)' : `${short}…(secret)`
}

function shownBody(text: string, { hidden }: Service): Json {
  if (text === '') return null
  const body = parseJson(text)
  return body === undefined ? `(${text.length} characters that are no JSON)` : mask(body, hidden)
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

async function carryOut(
  core: Core,
  service: Service,
  call: Incoming,
  faults: readonly Fault[],
  entry: LoggedRequest,
): Promise<Answer> {
  const stale = entry.writes ? undefined : faults.find(({ fault }) => fault === 'stale-list')
  const world = stale ? pastWorld(core, stale.ms ?? 0) : core.world
  const running = world.get(service.name)
  if (running === undefined) throw new Error(`there is no service "${service.name}"`)
  const { version } = running.kept
  const most = largestBody(service, call.path)
  const answered = call.text.length > most ? tooLarge(core, service, most) : running.answer(surroundings(core), call)
  // While one call is waited for, others may commit: it says itself whether it did.
  const answer = answered instanceof Promise ? await answered : answered
  entry.committed = answered instanceof Promise ? answer.commits === true : running.kept.version !== version
  if (entry.committed) noteChange(core)
  return answer
}

function tooLarge({ settings }: Core, service: Service, most: number): Answer {
  const { bodyTooLargeStatus: status } = typedSettings(SHARED_SETTINGS, settings)
  return { status, body: service.tooLarge(`The request body is larger than ${most / USUAL_BODY} MB`) }
}

/** The answer as the faults falsify it. */
function after(
  core: Core,
  service: Service,
  call: Incoming,
  answer: Answer,
  faults: readonly Fault[],
  writes: boolean,
): Answer {
  const status = faults.find(({ fault, afterCommit }) => fault === 'status' && afterCommit)
  if (status) return statusAnswer(status)
  const place = `${call.method} ${call.path}`
  const last = core.lastLists.get(place)
  if (!writes) core.lastLists.set(place, answer)
  const isCalled = (name: FaultName) => faults.some(({ fault }) => fault === name)
  const repeated = isCalled('duplicate-page') && last ? last : answer
  const falsified = falsifying
    .filter(isCalled)
    .reduce<Answer>((one, fault) => falsify(one, fault, service.lists), repeated)
  const wrong = faults.some(({ fault, part }) => fault === 'wrong-type' && part === 'data')
  return wrong ? wrongData(falsified) : falsified
}
