import { AsyncLocalStorage } from 'node:async_hooks'
import {
  type Attributes,
  type Context,
  defaultTextMapGetter,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources'
import { MeterProvider } from '@opentelemetry/sdk-metrics'
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base'
import { defined } from '../model/json.ts'
import { metricsTo, spansTo } from './exporters.ts'
import { instruments } from './instruments.ts'
import { routeOf } from './route.ts'
import type { WantedTelemetry } from './wanted.ts'
import type { Watch, WatchedChange, WatchedOutcome } from './watch.ts'

/** The longest that a run waits at its end for the collector, in milliseconds. */
const FLUSH_MS = 3000

/** What is known of a run when it begins. */
interface RunAttributes {
  readonly command: string
  readonly version: string
  readonly commit?: string
  readonly url?: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly now: () => number
}

/** Begins the trace of a run: spans and metrics go to a collector while it goes on. */
export function openWatch(wanted: WantedTelemetry, about: RunAttributes): Watch {
  const { command, version, env, now } = about
  let lost: string | undefined
  const onLost = (url: string, why: string) => {
    lost ??= `${new URL(url).host} (${why})`
  }
  const resource = defaultResource()
    .merge(resourceFromAttributes({ 'service.name': 'mailconfig', 'service.version': version }))
    .merge(detectResources({ detectors: [envDetector] }))
  const spans = wanted.traces === undefined ? [] : [spansTo(wanted.traces, env, onLost)]
  const readers = wanted.metrics === undefined ? [] : [metricsTo(wanted.metrics, env, onLost)]
  const tracers = new BasicTracerProvider({ resource, spanProcessors: spans })
  const meters = new MeterProvider({ resource, readers })
  const tracer = tracers.getTracer('mailconfig', version)
  const counted = instruments(meters, version)

  const startedAt = now()
  const root = tracer.startSpan(
    `mailconfig ${command}`,
    { startTime: startedAt, attributes: rootAttributes(about) },
    parentOf(env),
  )
  let phase: Span | undefined
  const current = new AsyncLocalStorage<Span>()
  const inside = (span: Span): Context => trace.setSpan(ROOT_CONTEXT, span)
  const start = (name: string, attributes: Attributes, options: { kind?: SpanKind; startTime?: number } = {}): Span =>
    tracer.startSpan(name, { startTime: now(), attributes, ...options }, inside(current.getStore() ?? phase ?? root))

  return {
    phase(name) {
      phase?.end(now())
      phase = tracer.startSpan(name, { startTime: now() }, inside(root))
    },
    call(call) {
      const { account, method, path, attempt, ms, status, failure } = call
      const route = routeOf(path)
      const endTime = now()
      const attributes = {
        'mailconfig.account': account,
        'http.request.method': method,
        'url.template': route,
        'mailconfig.attempt': attempt,
        ...(attempt > 1 ? { 'http.request.resend_count': attempt - 1 } : {}),
        ...defined({ 'http.response.status_code': status, 'error.type': failure }),
      }
      const span = start(`${method} ${route}`, attributes, { kind: SpanKind.CLIENT, startTime: endTime - ms })
      if (failure !== undefined || (status ?? 0) >= 400) span.setStatus({ code: SpanStatusCode.ERROR })
      span.end(endTime)
      counted.call(call, route)
    },
    async change(change, make) {
      const span = start(`${change.action} ${change.kind}`, changeAttributes(change))
      try {
        const result = await current.run(span, make)
        noteOutcome(span, result)
        return result
      } finally {
        span.end(now())
      }
    },
    results(results) {
      for (const result of results) counted.change(result)
    },
    drift: counted.drift,
    async close(exitCode) {
      phase?.end(now())
      root.setAttribute('process.exit.code', exitCode)
      if (exitCode !== 0 && exitCode !== 2) root.setStatus({ code: SpanStatusCode.ERROR })
      root.end(now())
      counted.run({ command, exitCode, ms: now() - startedAt })
      const flushed = await within(FLUSH_MS, [tracers.forceFlush(), meters.forceFlush()])
      if (!flushed) lost ??= `${new URL(wanted.traces ?? wanted.metrics ?? '').host} (no answer in time)`
      return lost === undefined ? undefined : `traces and metrics could not all be sent to ${lost}`
    },
  }
}

/** The step of a CI job that this run belongs to. */
function parentOf(env: RunAttributes['env']): Context {
  const carrier = { traceparent: env['TRACEPARENT'], tracestate: env['TRACESTATE'] }
  return new W3CTraceContextPropagator().extract(ROOT_CONTEXT, carrier, defaultTextMapGetter)
}

function rootAttributes({ command, commit, url }: RunAttributes): Attributes {
  return {
    'mailconfig.command': command,
    ...defined({ 'vcs.ref.head.revision': commit, 'cicd.pipeline.run.url.full': url }),
  }
}

function changeAttributes({ account, subaccount, kind, address, action }: WatchedChange): Attributes {
  return {
    'mailconfig.account': account,
    ...(subaccount === null ? {} : { 'mailconfig.subaccount': subaccount }),
    'mailconfig.kind': kind,
    'mailconfig.address': address,
    'mailconfig.action': action,
  }
}

function noteOutcome(span: Span, { outcome, error }: WatchedOutcome): void {
  span.setAttribute('mailconfig.outcome', outcome)
  if (outcome === 'done') return
  span.setAttribute('error.type', error?.code ?? outcome)
  span.setStatus({ code: SpanStatusCode.ERROR })
}

/** Whether all came to an end in time; none of them fails the run. */
async function within(ms: number, work: readonly Promise<unknown>[]): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((done) => {
    timer = setTimeout(() => done(false), ms)
  })
  const all = Promise.allSettled(work).then(() => true)
  return await Promise.race([all, late]).finally(() => clearTimeout(timer))
}
