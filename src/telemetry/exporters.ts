import { type ExportResult, ExportResultCode } from '@opentelemetry/core'
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import {
  AggregationTemporality,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
} from '@opentelemetry/sdk-metrics'
import { BatchSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace-base'

/** The longest that one request to the collector may take, its repetitions included, in milliseconds. */
const REQUEST_MS = 2000
/** How many spans wait for the collector; more are dropped. */
const MOST_SPANS = 20_000

/** Told when something could not be sent. */
type OnLost = (url: string, why: string) => void

/** Sends spans to a collector in batches; what cannot be sent is told and is not an error. */
export function spansTo(url: string, env: Timeouts, onLost: OnLost): BatchSpanProcessor {
  const inner = new OTLPTraceExporter({ url, timeoutMillis: timeoutOf(env, 'TRACES') })
  const exporter: SpanExporter = {
    export: (spans, done) => inner.export(spans, quietly(url, onLost, done)),
    shutdown: () => inner.shutdown(),
  }
  return new BatchSpanProcessor(exporter, { maxQueueSize: MOST_SPANS })
}

/** Sends metrics to a collector; what cannot be sent is told and is not an error. */
export function metricsTo(url: string, env: Timeouts, onLost: OnLost): PeriodicExportingMetricReader {
  const inner = new OTLPMetricExporter({ url, timeoutMillis: timeoutOf(env, 'METRICS') })
  const exporter: PushMetricExporter = {
    export: (metrics, done) => inner.export(metrics, quietly(url, onLost, done)),
    forceFlush: () => inner.forceFlush(),
    shutdown: () => inner.shutdown(),
    selectAggregationTemporality: () => AggregationTemporality.CUMULATIVE,
  }
  return new PeriodicExportingMetricReader({ exporter })
}

type Timeouts = Readonly<Record<string, string | undefined>>

function timeoutOf(env: Timeouts, signal: string): number {
  const given = Number(env[`OTEL_EXPORTER_OTLP_${signal}_TIMEOUT`] ?? env['OTEL_EXPORTER_OTLP_TIMEOUT'])
  return given > 0 ? Math.min(given, REQUEST_MS) : REQUEST_MS
}

function quietly(url: string, onLost: OnLost, done: (result: ExportResult) => void) {
  return ({ code, error }: ExportResult) => {
    if (code !== ExportResultCode.SUCCESS) onLost(url, codeOf(error))
    done({ code: ExportResultCode.SUCCESS })
  }
}

/** Never the message: it may repeat what the collector says, or a header. */
function codeOf(error: Error | undefined): string {
  const code = error !== undefined && 'code' in error ? error.code : undefined
  if (typeof code === 'number') return `status ${code}`
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]*$/.test(code) ? code : 'no answer'
}
