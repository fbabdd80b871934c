import type { Dispatcher } from 'undici'
import type { AnswerHeaders, Attempt, Failure } from './attempt.ts'
import { onAbort } from './pace/signal.ts'

/** The bytes of one try. */
type Outgoing = {
  readonly origin: string
  readonly path: string
  readonly method: Dispatcher.HttpMethod
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

/** Where tries go: several kept-alive connections to each origin. */
export type Transport = { readonly dispatcher: Dispatcher; readonly close: () => Promise<void> }

/** No answer of a configuration call comes near this; more is a mistake or an attack. */
const MOST_BYTES = 64 * 1024 * 1024

/** Loads undici when the first call is made, since it costs a tenth of a second, and opens its pool. */
export async function openWire(options: { connections: number; proxy: string | undefined }): Promise<Transport> {
  const settings = {
    connections: options.connections,
    pipelining: 1,
    keepAliveTimeout: 4_000, // shorter than servers keep them, so that a change seldom meets a closing one
    headersTimeout: 0, // one clock for the whole try, ours
    bodyTimeout: 0,
  }
  const connect = { timeout: 10_000 }
  const dispatcher = await openDispatcher()
  return { dispatcher, close: () => dispatcher.close() }

  async function openDispatcher(): Promise<Dispatcher> {
    if (options.proxy === undefined) {
      const { default: Agent } = await import('undici/lib/dispatcher/agent.js')
      return new Agent({ ...settings, connect })
    }
    const { ProxyAgent } = (await import('undici')).default // CommonJS: a bundle has it there alone
    return new ProxyAgent({ ...settings, uri: options.proxy, requestTls: connect, proxyTls: connect })
  }
}

/** Sends one try and waits for the whole answer; it never rejects and never repeats. */
export function exchange(
  { dispatcher }: Transport,
  out: Outgoing,
  limits: { readonly timeoutMs: number; readonly signal: AbortSignal | undefined },
): Promise<Attempt> {
  return new Promise((resolve) => {
    const { timeoutMs, signal } = limits
    let sent = false
    let settled = false
    let abort: ((reason: Error) => void) | undefined
    let status = 0
    let size = 0
    let headers: AnswerHeaders = {}
    const chunks: Buffer[] = []

    const settle = (outcome: Attempt) => {
      if (settled) return
      settled = true
      clearTimeout(timer)
      forget()
      resolve(outcome)
    }
    const fail = (why: Failure, cause: Error & { code: string }) => {
      settle({ got: 'failure', why, sent, cause })
      abort?.(cause)
    }
    const stop = () => fail('stopped', named('ABORTED', 'stopped by the caller'))
    const timer = setTimeout(() => fail('timeout', named('TIMEOUT', `no answer within ${timeoutMs} ms`)), timeoutMs)
    const forget = onAbort(signal, stop)
    if (signal?.aborted) return stop()

    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(controller) {
        if (settled) return controller.abort(named('ABORTED', 'given up before it was sent'))
        sent = true
        abort = (reason) => controller.abort(reason)
      },
      onResponseStart(_controller, code, fields) {
        if (code < 200) return
        status = code
        headers = flat(fields)
      },
      onResponseData(_controller, chunk) {
        size += chunk.length
        if (size > MOST_BYTES) return fail('too-large', named('TOO_LARGE', `more than ${MOST_BYTES} bytes`))
        chunks.push(chunk)
      },
      onResponseEnd() {
        settle({ got: 'answer', status, headers, text: Buffer.concat(chunks).toString('utf8') })
      },
      onResponseError(_controller, error) {
        fail('broken', plain(error))
      },
    }
    try {
      dispatcher.dispatch(
        { origin: out.origin, path: out.path, method: out.method, headers: out.headers, body: out.body ?? null },
        handler,
      )
    } catch (error) {
      fail('broken', plain(error))
    }
  })
}

function named(code: string, message: string): Error & { code: string } {
  return Object.assign(new Error(message), { code })
}

/** Keeps what says why, and drops what undici hangs on its errors: sockets, and the bytes of answers. */
function plain(error: unknown): Error & { code: string } {
  if (!(error instanceof Error)) return named('UNKNOWN', 'the connection failed')
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name
  const inner = error instanceof AggregateError ? error.errors.find((one) => one instanceof Error) : undefined
  return named(code, error.message || (inner instanceof Error ? inner.message : code))
}

function flat(fields: Readonly<Record<string, string | string[] | undefined>>): AnswerHeaders {
  const pairs = Object.entries(fields).map(([name, value]) => [
    name.toLowerCase(),
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ])
  return Object.fromEntries(pairs)
}

/** A `fetch` that goes through a proxy; credentials in the proxy's URL go to the proxy alone. */
export async function proxyFetch(proxy: string): Promise<typeof fetch> {
  const { fetch: undiciFetch, ProxyAgent } = (await import('undici')).default // CommonJS: a bundle has it there alone
  const dispatcher = new ProxyAgent(proxy)
  const through: unknown = (input: Parameters<typeof undiciFetch>[0], init?: Parameters<typeof undiciFetch>[1]) =>
    undiciFetch(input, { ...init, dispatcher })
  if (isFetch(through)) return through
  throw new TypeError('undici has no fetch')
}

function isFetch(value: unknown): value is typeof fetch {
  return typeof value === 'function'
}
