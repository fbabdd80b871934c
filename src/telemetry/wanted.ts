type Env = Readonly<Record<string, string | undefined>>

/** Where telemetry goes, by the variables of OpenTelemetry; empty: nobody wants it. */
export interface WantedTelemetry {
  readonly traces?: string
  readonly metrics?: string
}

/** What the environment asks for, or what is wrong with it. Costs nothing where no variable is set. */
export function wantedTelemetry(env: Env): WantedTelemetry | { readonly problem: string } {
  if (env['OTEL_SDK_DISABLED']?.trim().toLowerCase() === 'true') return {}
  const traces = endpointOf(env, 'TRACES')
  const metrics = endpointOf(env, 'METRICS')
  for (const place of [traces, metrics]) {
    if (place === undefined) continue
    if (!URL.canParse(place.url) || !/^https?:$/.test(new URL(place.url).protocol))
      return { problem: `${place.variable} is not an http or https URL` }
    if (place.protocol === 'grpc') return { problem: 'OTEL_EXPORTER_OTLP_PROTOCOL is grpc, and only http is spoken' }
  }
  return {
    ...(traces === undefined ? {} : { traces: traces.url }),
    ...(metrics === undefined ? {} : { metrics: metrics.url }),
  }
}

/** The endpoint of a signal alone is taken as it is; that of all signals gets the signal's path. */
function endpointOf(env: Env, signal: 'TRACES' | 'METRICS') {
  const text = (name: string) => (env[name]?.trim() === '' ? undefined : env[name]?.trim())
  if (text(`OTEL_${signal}_EXPORTER`) === 'none') return undefined
  const protocol = text(`OTEL_EXPORTER_OTLP_${signal}_PROTOCOL`) ?? text('OTEL_EXPORTER_OTLP_PROTOCOL')
  const own = text(`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`)
  if (own !== undefined) return { url: own, variable: `OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`, protocol }
  const all = text('OTEL_EXPORTER_OTLP_ENDPOINT')
  if (all === undefined) return undefined
  const url = `${all.replace(/\/$/, '')}/v1/${signal.toLowerCase()}`
  return { url, variable: 'OTEL_EXPORTER_OTLP_ENDPOINT', protocol }
}
