import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'

/** A key and the certificate that it signed itself; both PEM, the certificate in DER too. */
export interface Identity {
  readonly key: string
  readonly cert: string
  readonly der: Uint8Array
}

const DAY = 24 * 60 * 60 * 1000

/** A certificate for "localhost", good for a day, as client and as server; Node makes keys, and no certificates. */
export function selfSigned(now: Date): Identity {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const algorithm = sequence(oid('2a8648ce3d040302')) // ecdsa-with-SHA256
  const name = sequence(der(0x31, sequence(oid('550403'), der(0x0c, Buffer.from('localhost')))))
  const validity = sequence(time(now.getTime() - 30_000), time(now.getTime() + DAY))
  const extensions = sequence(
    extension('551d0f', der(0x03, Buffer.from('02ac', 'hex'))), // digitalSignature keyEncipherment keyAgreement keyCertSign
    extension('551d25', sequence(oid('2b06010505070302'), oid('2b06010505070301'))), // clientAuth serverAuth
    extension('551d13', sequence(der(0x01, Buffer.from('ff', 'hex')))), // CA: it vouches for itself
    extension('551d11', sequence(der(0x82, Buffer.from('localhost')))), // the DNS name
  )
  const serial = randomBytes(16)
  serial[0] = 0x40 | ((serial[0] ?? 0) & 0x3f) // positive, and never shorter
  const signed = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, serial),
    algorithm,
    name,
    validity,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, extensions),
  )
  const certificate = sequence(signed, algorithm, der(0x03, Buffer.from([0]), sign('sha256', signed, privateKey)))
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? []
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
    der: certificate,
  }
}

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts)
  const size = body.length
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff]
  return Buffer.concat([Buffer.from([tag, ...length]), body])
}

function sequence(...parts: readonly Uint8Array[]): Buffer {
  return der(0x30, ...parts)
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, 'hex'))
}

function extension(id: string, value: Uint8Array): Buffer {
  return sequence(oid(id), der(0x04, value))
}

/** UTCTime: RFC 5280 wants it for every year before 2050. */
function time(milliseconds: number): Buffer {
  const digits = new Date(milliseconds).toISOString().replace(/\.\d+|[-:T]/g, '')
  return der(0x17, Buffer.from(digits.slice(2)))
}
