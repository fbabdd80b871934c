import { expect, test } from 'vitest'
import { handshakeLine, readHandshake, reattachValue } from '../../../src/terraform/server/handshake.ts'
import { hclog } from '../../../src/terraform/server/log.ts'
import { COOKIE, terraformEnv } from '../protocol/client.ts'

test('a person who starts the provider gets a sentence', () => {
  for (const env of [{}, { TF_PLUGIN_MAGIC_COOKIE: 'another' }]) {
    expect(readHandshake(env)).toMatchObject({ ok: false, problem: expect.stringContaining('required_providers') })
  }
})

test('a person may serve by hand, in plain text', () => {
  expect(readHandshake({ PLUGIN_CLIENT_CERT: 'x' }, true)).toMatchObject({ ok: true, clientCertificate: undefined })
})

test.each([
  ['5', false],
  ['16,5', false],
  ['', false],
  ['6', true],
  ['5,6', true],
  ['6, 7', true],
])('protocol versions "%s": %s', (versions, ok) => {
  expect(readHandshake({ TF_PLUGIN_MAGIC_COOKIE: COOKIE, PLUGIN_PROTOCOL_VERSIONS: versions }).ok).toBe(ok)
})

test('ports that make no sense are any port', () => {
  const ports = (first: string, last: string) => {
    const read = readHandshake({ ...terraformEnv(), PLUGIN_MIN_PORT: first, PLUGIN_MAX_PORT: last })
    return read.ok ? read.ports : undefined
  }
  expect(ports('10000', '25000')).toEqual({ first: 10_000, last: 25_000 })
  expect(ports('x', '70000')).toEqual({ first: 0, last: 0 })
  expect(ports('10', '5')).toEqual({ first: 10, last: 10 })
})

test('the line says where to connect, and the certificate without padding', () => {
  expect(handshakeLine({ network: 'unix', path: '/tmp/a/s' }, Uint8Array.of(1))).toBe('1|6|unix|/tmp/a/s|grpc|AQ\n')
  expect(handshakeLine({ network: 'tcp', host: '127.0.0.1', port: 99 }, undefined)).toBe('1|6|tcp|127.0.0.1:99|grpc|\n')
})

test('the value for TF_REATTACH_PROVIDERS is what Terraform reads', () => {
  expect(JSON.parse(reattachValue('a/b/c', { network: 'unix', path: '/s' }, 7))).toEqual({
    'a/b/c': { Protocol: 'grpc', ProtocolVersion: 6, Pid: 7, Test: true, Addr: { Network: 'unix', String: '/s' } },
  })
})

test('a line of the log has a time with six digits', () => {
  const lines: string[] = []
  const log = hclog(
    (line) => lines.push(line),
    () => new Date('2030-01-02T03:04:05.678Z'),
    true,
  )
  log('debug', 'a "quoted"\nline')
  expect(lines).toEqual([
    '{"@level":"debug","@message":"a \\"quoted\\"\\nline","@module":"mailconfig","@timestamp":"2030-01-02T03:04:05.678000Z"}\n',
  ])
})

test('a log that nobody asked for says only what is wrong', () => {
  const lines: string[] = []
  const log = hclog(
    (line) => lines.push(line),
    () => new Date(0),
    false,
  )
  for (const level of ['debug', 'info', 'warn', 'error'] as const) log(level, level)
  expect(lines.map((line) => JSON.parse(line)['@level'])).toEqual(['warn', 'error'])
})
