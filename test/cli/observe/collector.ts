import { createServer, type IncomingHttpHeaders } from 'node:http'

/** One request that came. */
export interface Received {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A server on loopback that takes all it is sent: an OTLP collector, or a chat. */
export interface Collector extends AsyncDisposable {
  readonly url: string
  readonly received: Received[]
  /** What it answers; 200 and `{}` as long as nobody says. */
  answer: (at: number) => { readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** True: it takes what it is sent, and never answers. */
  silent: boolean
}

/** A span as OTLP/JSON has it, with its attributes as a map. */
export interface Span {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly kind: number
  readonly status: { readonly code: number }
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: Readonly<Record<string, unknown>>
}

/** A point of a metric, with its attributes as a map. */
export interface Point {
  readonly metric: string
  readonly value: number
  readonly attributes: Readonly<Record<string, unknown>>
}

/** Opens a collector on a free port. */
export async function openCollector(): Promise<Collector> {
  const received: Received[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text
    })
    request.on('end', () => {
      received.push({ path: request.url ?? '', headers: request.headers, body })
      if (collector.silent) return
      const { status, headers } = collector.answer(received.length)
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end('{}')
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const collector: Collector = {
    url: `http://127.0.0.1:${port}`,
    received,
    silent: false,
    answer: () => ({ status: 200 }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
  return collector
}

interface Attribute {
  readonly key: string
  readonly value: Readonly<Record<string, unknown>>
}

function attributesOf(list: readonly Attribute[] = []): Record<string, unknown> {
  return Object.fromEntries(list.map(({ key, value }) => [key, Object.values(value)[0]]))
}

interface Traces {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] }
    readonly scopeSpans: readonly {
      readonly spans: readonly (Omit<Span, 'attributes'> & { readonly attributes: readonly Attribute[] })[]
    }[]
  }[]
}

interface Metrics {
  readonly resourceMetrics: readonly {
    readonly scopeMetrics: readonly {
      readonly metrics: readonly ({ readonly name: string } & Readonly<Record<string, DataPoints | undefined>>)[]
    }[]
  }[]
}

interface DataPoints {
  readonly dataPoints?: readonly {
    readonly attributes: readonly Attribute[]
    readonly asInt?: number | string
    readonly asDouble?: number
    readonly count?: number | string
  }[]
}

/** Every span that came, and the attributes of the resource. */
export function tracesIn({ received }: Collector): {
  readonly spans: Span[]
  readonly resource: Record<string, unknown>
} {
  const bodies = received.filter(({ path }) => path === '/v1/traces').map(({ body }): Traces => JSON.parse(body))
  const all = bodies.flatMap((body) => body.resourceSpans)
  return {
    resource: attributesOf(all[0]?.resource.attributes),
    spans: all.flatMap((one) =>
      one.scopeSpans.flatMap(({ spans }) =>
        spans.map((span) => ({ ...span, attributes: attributesOf(span.attributes) })),
      ),
    ),
  }
}

/** Every point of every metric that came; of a histogram how many values it has. */
export function metricsIn({ received }: Collector): Point[] {
  const bodies = received.filter(({ path }) => path === '/v1/metrics').map(({ body }): Metrics => JSON.parse(body))
  return bodies
    .flatMap((body) => body.resourceMetrics.flatMap((one) => one.scopeMetrics.flatMap(({ metrics }) => metrics)))
    .flatMap(({ name, ...rest }) =>
      Object.values(rest).flatMap((data) =>
        (data?.dataPoints ?? []).map(({ attributes, asInt, asDouble, count }) => ({
          metric: name,
          value: Number(asInt ?? asDouble ?? count),
          attributes: attributesOf(attributes),
        })),
      ),
    )
}

/** The spans as an indented tree, in the order of their beginning: what stands in a trace view. */
export function treeOf(spans: readonly Span[], label: (span: Span) => string = ({ name }) => name): string[] {
  const known = new Set(spans.map(({ spanId }) => spanId))
  const under = (parent: Span | undefined): Span[] =>
    spans
      .filter(({ parentSpanId = '' }) =>
        parent === undefined ? !known.has(parentSpanId) : parentSpanId === parent.spanId,
      )
      .sort((a, b) => Number(BigInt(a.startTimeUnixNano) - BigInt(b.startTimeUnixNano)))
  const lines = (parent: Span | undefined, depth: number): string[] =>
    under(parent).flatMap((span) => [`${'  '.repeat(depth)}${label(span)}`, ...lines(span, depth + 1)])
  return lines(undefined, 0)
}
