import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect, createServer, type TLSSocket } from 'node:tls'
import { expect, test } from 'vitest'
import { type Identity, selfSigned } from '../../../src/terraform/server/certificate.ts'

test('the certificate is good for localhost, from a little before now for a day, as its own authority', () => {
  const now = new Date('2030-05-06T07:08:09Z')
  const certificate = new X509Certificate(selfSigned(now).cert)
  expect(certificate.subjectAltName).toBe('DNS:localhost')
  expect(certificate.checkHost('localhost')).toBe('localhost')
  expect(certificate.checkIssued(certificate)).toBe(true)
  expect(certificate.verify(certificate.publicKey)).toBe(true)
  expect(certificate.ca).toBe(true)
  expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2', '1.3.6.1.5.5.7.3.1'])
  expect([certificate.validFrom, certificate.validTo].map((one) => new Date(one).toISOString())).toEqual([
    '2030-05-06T07:07:39.000Z',
    '2030-05-07T07:08:09.000Z',
  ])
  expect(certificate.raw.equals(selfSigned(now).der)).toBe(false)
})

test('no two certificates share a serial number or a key', () => {
  const all = Array.from({ length: 50 }, () => new X509Certificate(selfSigned(new Date()).cert))
  expect(new Set(all.map(({ serialNumber }) => serialNumber)).size).toBe(50)
  expect(new Set(all.map(({ publicKey }) => publicKey.export({ type: 'spki', format: 'pem' }))).size).toBe(50)
})

test('client and server that know each other by certificate alone trust each other', async () => {
  const [server, client] = [selfSigned(new Date()), selfSigned(new Date())]
  expect(await talk(server, client, client, server)).toEqual({ server: true, client: true })
})

test('a server with another certificate than the expected one is refused', async () => {
  const [server, client] = [selfSigned(new Date()), selfSigned(new Date())]
  expect(await talk(server, client, client, selfSigned(new Date()))).toMatchObject({ client: false })
})

test('a client with another certificate than the expected one is refused', async () => {
  const [server, client] = [selfSigned(new Date()), selfSigned(new Date())]
  expect(await talk(server, selfSigned(new Date()), client, server)).toMatchObject({ server: false })
})

/** Whether each side let the other in; each has its own identity, and the one that it expects. */
async function talk(ours: Identity, expected: Identity, client: Identity, wanted: Identity) {
  const server = createServer({
    key: ours.key,
    cert: ours.cert,
    ca: expected.cert,
    requestCert: true,
    rejectUnauthorized: true,
  })
  const accepted = Promise.race([
    once(server, 'secureConnection').then(([socket]: TLSSocket[]) => socket?.end('hello') !== undefined),
    once(server, 'tlsClientError').then(() => false),
  ])
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const socket = connect({
    port,
    host: '127.0.0.1',
    servername: 'localhost',
    key: client.key,
    cert: client.cert,
    ca: wanted.cert,
  })
  const trusted = once(socket, 'secureConnect').then(
    () => socket.authorized,
    () => false,
  )
  socket.on('error', () => undefined)
  const result = { client: await trusted, server: await accepted }
  socket.destroy()
  server.close()
  return result
}
