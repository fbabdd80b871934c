import { afterEach, describe, expect, test } from 'vitest'
import { closeHomes, type Home, home, lintsOff, STRONG, state } from '../harness.ts'
import { type Collector, metricsIn, openCollector, type Span, tracesIn, treeOf } from './collector.ts'

const opened: Collector[] = []
afterEach(async () => {
  await closeHomes()
  await Promise.all(opened.splice(0).map((one) => one[Symbol.asyncDispose]()))
})

async function collector(): Promise<Collector> {
  const one = await openCollector()
  opened.push(one)
  return one
}

const SPEC = 'smtpUsers:\n  - { username: first-app, password: "${env:PASSWORD}" }\n'
const PASSWORD = { PASSWORD: STRONG }

async function applied(to: Collector, env: Readonly<Record<string, string>> = {}): Promise<Home> {
  const at = await home()
  at.spec(SPEC)
  const { code, stderr } = await at.spawn('apply --auto-approve', {
    env: { ...PASSWORD, OTEL_EXPORTER_OTLP_ENDPOINT: to.url, ...env },
  })
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining('warning') })
  return at
}

const spanOf = (spans: readonly Span[], name: string) => spans.find((span) => span.name === name)

describe('traces', () => {
  test('a command, its phases, its changes and their calls are one tree', async () => {
    const to = await collector()
    await applied(to)
    const { spans } = tracesIn(to)
    expect(treeOf(spans)).toEqual([
      'mailconfig apply',
      '  load',
      '  read',
      '    POST /users/smtp/view',
      '  plan',
      '  apply',
      '    create smtpUsers',
      '      POST /users/smtp/add',
      '  read back',
      '    POST /users/smtp/view',
    ])
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1)
    expect(spanOf(spans, 'create smtpUsers')?.attributes).toEqual({
      'mailconfig.account': 'main',
      'mailconfig.kind': 'smtpUsers',
      'mailconfig.address': 'smtpUsers/first-app',
      'mailconfig.action': 'create',
      'mailconfig.outcome': 'done',
    })
    const CLIENT = 3
    expect(spanOf(spans, 'POST /users/smtp/add')).toMatchObject({
      kind: CLIENT,
      attributes: {
        'mailconfig.account': 'main',
        'http.request.method': 'POST',
        'url.template': '/users/smtp/add',
        'http.response.status_code': 200,
        'mailconfig.attempt': 1,
      },
    })
    expect(spanOf(spans, 'mailconfig apply')?.attributes).toMatchObject({
      'mailconfig.command': 'apply',
      'process.exit.code': 0,
    })
    for (const { startTimeUnixNano, endTimeUnixNano } of spans)
      expect(BigInt(endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(startTimeUnixNano))
  })

  test('each try of a call has a span, and the calls of changes side by side do not mix', async () => {
    const to = await collector()
    const at = await home()
    const names = ['a', 'b', 'c', 'd', 'e']
    at.spec(
      `smtpUsers:\n${names.map((name) => `  - { username: ${name}-app, password: "\${env:PASSWORD}" }\n`).join('')}`,
    )
    at.emulator.faults([
      { match: { path: '/v3/users/smtp/view', nth: 1 }, fault: 'status', status: 503 },
      {
        match: { path: '/v3/users/smtp/add', nth: 2 },
        fault: 'status',
        status: 400,
        body: { data: { error: 'no', error_code: 'X' } },
      },
    ])
    const env = { ...PASSWORD, OTEL_EXPORTER_OTLP_ENDPOINT: to.url }
    const { code } = await at.spawn('apply --auto-approve', { env })
    expect(code).toBe(4)
    const { spans } = tracesIn(to)
    const reads = spans.filter(({ name }) => name === 'POST /users/smtp/view')
    expect(
      reads
        .slice(0, 2)
        .map(({ attributes, status }) => [
          attributes['mailconfig.attempt'],
          attributes['http.response.status_code'],
          status.code,
        ]),
    ).toEqual([
      [1, 503, 2],
      [2, 200, 0],
    ])
    const changes = spans.filter(({ name }) => name === 'create smtpUsers')
    expect(changes).toHaveLength(5)
    for (const change of changes) {
      const calls = spans.filter(({ parentSpanId }) => parentSpanId === change.spanId)
      const failed = change.attributes['mailconfig.outcome'] !== 'done'
      expect(calls.map(({ name, attributes }) => [name, attributes['http.response.status_code']])).toEqual([
        ['POST /users/smtp/add', failed ? 400 : 200],
      ])
      expect(change.status.code).toBe(failed ? 2 : 0)
    }
    expect(changes.filter(({ status }) => status.code === 2)).toHaveLength(1)
  })

  test('ids do not stand in the names of spans', async () => {
    const to = await collector()
    const at = await home()
    const provider = (host: string) =>
      at.both(
        `providers:\n  - { caption: Relay, host: ${host}, port: 587, username: relay, password: "\${env:PASSWORD}", sendFrom: a@example.com, sendFromName: A, encryption: tls }\n`,
      )
    provider('old.example.com')
    expect((await at.spawn('apply --auto-approve', { env: PASSWORD })).code).toBe(0)
    provider('new.example.com')
    const env = { ...PASSWORD, OTEL_EXPORTER_OTLP_ENDPOINT: to.url }
    expect((await at.spawn('apply --auto-approve', { env })).code).toBe(0)
    expect(tracesIn(to).spans.map(({ name }) => name)).toContain('PATCH /api/v2/mail/providers/{id}')
  })

  test('belong to the step of CI that TRACEPARENT names, and to the resource that OTEL_* names', async () => {
    const to = await collector()
    await applied(to, {
      TRACEPARENT: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      OTEL_SERVICE_NAME: 'mail-of-billing',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment=prod,team=mail',
    })
    const { spans, resource } = tracesIn(to)
    expect(spanOf(spans, 'mailconfig apply')).toMatchObject({
      traceId: '0af7651916cd43dd8448eb211c80319c',
      parentSpanId: 'b7ad6b7169203331',
    })
    expect(resource).toMatchObject({
      'service.name': 'mail-of-billing',
      'service.version': expect.any(String),
      'deployment.environment': 'prod',
      team: 'mail',
    })
  })

  test('carry the headers of OTEL_EXPORTER_OTLP_HEADERS, and can go elsewhere than metrics', async () => {
    const [traces, metrics] = [await collector(), await collector()]
    const at = await home()
    at.spec(SPEC)
    const env = {
      ...PASSWORD,
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${traces.url}/my/traces`,
      OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${metrics.url}/my/metrics`,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-token=abc',
    }
    expect((await at.spawn('plan', { env })).code).toBe(0)
    expect(traces.received.map(({ path, headers }) => [path, headers['x-token']])).toEqual([['/my/traces', 'abc']])
    expect(metrics.received.map(({ path, headers }) => [path, headers['x-token']])).toEqual([['/my/metrics', 'abc']])
  })

  test('end with the exit code where a run is refused', async () => {
    const to = await collector()
    const at = await home()
    at.spec(SPEC)
    const { code } = await at.spawn('plan', { env: { OTEL_EXPORTER_OTLP_ENDPOINT: to.url } })
    expect(code).toBe(1)
    const root = spanOf(tracesIn(to).spans, 'mailconfig plan')
    expect(root).toMatchObject({ status: { code: 2 }, attributes: { 'process.exit.code': 1 } })
  })
})

describe('metrics', () => {
  test('count changes, calls, tries and runs', async () => {
    const to = await collector()
    const at = await home({ seed: state({ smtpUsers: [{ username: 'gone-app' }] }) })
    at.spec(`${SPEC}  - { username: gone-app, state: absent }\n`)
    at.emulator.faults([{ match: { path: '/v3/users/smtp/view', nth: 1 }, fault: 'status', status: 503 }])
    const env = { ...PASSWORD, OTEL_EXPORTER_OTLP_ENDPOINT: to.url }
    expect((await at.spawn('apply --auto-approve', { env })).code).toBe(0)
    const points = metricsIn(to)
    const of = (name: string) => points.filter(({ metric }) => metric === name)
    expect(of('mailconfig.changes')).toEqual(
      expect.arrayContaining([
        {
          metric: 'mailconfig.changes',
          value: 1,
          attributes: { account: 'main', kind: 'smtpUsers', action: 'create', outcome: 'done' },
        },
        {
          metric: 'mailconfig.changes',
          value: 1,
          attributes: { account: 'main', kind: 'smtpUsers', action: 'delete', outcome: 'done' },
        },
      ]),
    )
    const route = { account: 'main', 'http.request.method': 'POST', 'url.template': '/users/smtp/view' }
    expect(
      of('mailconfig.calls').filter(({ attributes }) => attributes['url.template'] === '/users/smtp/view'),
    ).toEqual([
      { metric: 'mailconfig.calls', value: 1, attributes: { ...route, result: '503' } },
      { metric: 'mailconfig.calls', value: 2, attributes: { ...route, result: '200' } },
    ])
    expect(of('mailconfig.call.retries')).toEqual([{ metric: 'mailconfig.call.retries', value: 1, attributes: route }])
    expect(of('mailconfig.call.duration').reduce((sum, { value }) => sum + value, 0)).toBe(
      of('mailconfig.calls').reduce((sum, { value }) => sum + value, 0),
    )
    expect(of('mailconfig.runs')).toEqual([
      { metric: 'mailconfig.runs', value: 1, attributes: { command: 'apply', 'process.exit.code': 0 } },
    ])
    expect(of('mailconfig.drift.objects')).toEqual([
      { metric: 'mailconfig.drift.objects', value: 0, attributes: { account: 'main' } },
    ])
  })

  test('tell how many objects were changed outside the spec', async () => {
    const at = await applied(await collector())
    const user = { username: 'first-app', description: 'edited in the console', email_password: STRONG }
    at.spec(`${SPEC.replace(' }', ', description: Mine }')}`)
    expect((await at.spawn('apply --auto-approve', { env: PASSWORD })).code).toBe(0)
    at.emulator.setState(state({ smtpUsers: [user] }))
    const to = await collector()
    const env = { ...PASSWORD, OTEL_EXPORTER_OTLP_ENDPOINT: to.url }
    expect((await at.spawn('plan', { env })).code).toBe(0)
    expect(metricsIn(to)).toContainEqual({
      metric: 'mailconfig.drift.objects',
      value: 1,
      attributes: { account: 'main' },
    })
  })
})

describe('a collector that', () => {
  const plan = async (env: Readonly<Record<string, string>>) => {
    const at = await home()
    at.spec(SPEC)
    return await at.spawn(`plan ${lintsOff(at)}`, { env: { ...PASSWORD, ...env } })
  }

  test('is not there costs one warning, and nothing else', async () => {
    const gone = await openCollector()
    await gone[Symbol.asyncDispose]()
    const { code, stdout, stderr } = await plan({ OTEL_EXPORTER_OTLP_ENDPOINT: gone.url })
    expect(code).toBe(0)
    expect(stdout).toContain('1 to create')
    expect(stderr).toBe(
      `warning: traces and metrics could not all be sent to ${gone.url.slice('http://'.length)} (ECONNREFUSED)\n`,
    )
  })

  test('never answers does not hold the run up for good', async () => {
    const to = await collector()
    to.silent = true
    const { code, stderr } = await plan({ OTEL_EXPORTER_OTLP_ENDPOINT: to.url })
    expect(code).toBe(0)
    expect(stderr).toMatch(/^warning: traces and metrics could not all be sent to 127\.0\.0\.1:\d+ \([^)]+\)\n$/)
  })

  test('refuses is named with its status, and its words are not repeated', async () => {
    const to = await collector()
    to.answer = () => ({ status: 401 })
    const { code, stderr } = await plan({ OTEL_EXPORTER_OTLP_ENDPOINT: to.url, OTEL_EXPORTER_OTLP_HEADERS: 'k=s3cret' })
    expect(code).toBe(0)
    expect(stderr).toMatch(/^warning: traces and metrics could not all be sent to 127\.0\.0\.1:\d+ \(status 401\)\n$/)
  })

  test.each([
    [
      'has no address',
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'not a url' },
      'OTEL_EXPORTER_OTLP_ENDPOINT is not an http or https URL',
    ],
    [
      'is asked for over gRPC',
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
      'OTEL_EXPORTER_OTLP_PROTOCOL is grpc, and only http is spoken',
    ],
  ])('%s is said', async (_, env, why) => {
    const { code, stderr } = await plan(env)
    expect({ code, stderr }).toEqual({ code: 0, stderr: `warning: no traces and no metrics: ${why}\n` })
  })

  test.each([
    ['OTEL_SDK_DISABLED', { OTEL_SDK_DISABLED: 'true' }],
    ['both exporters set to none', { OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none' }],
  ])('nobody wants gets nothing: %s', async (_, env) => {
    const to = await collector()
    const { code, stderr } = await plan({ OTEL_EXPORTER_OTLP_ENDPOINT: to.url, ...env })
    expect({ code, stderr, received: to.received }).toEqual({ code: 0, stderr: '', received: [] })
  })
})
