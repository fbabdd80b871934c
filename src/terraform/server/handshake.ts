/** What Terraform sets, so that a plugin that somebody starts by hand can tell. */
const COOKIE = 'd602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2'
const PROTOCOL = '6'

/** How Terraform wants to talk, or a sentence about why nobody can. */
type Handshake =
  | {
      readonly ok: true
      /** Terraform's own certificate (PEM); without one nothing is encrypted. */
      readonly clientCertificate: string | undefined
      readonly socketDir: string | undefined
      /** Where a TCP port has to be. */
      readonly ports: { readonly first: number; readonly last: number }
    }
  | { readonly ok: false; readonly problem: string }

/** Where the server listens. */
export type Address =
  | { readonly network: 'unix'; readonly path: string }
  | { readonly network: 'tcp'; readonly host: string; readonly port: number }

type Environment = Readonly<Record<string, string | undefined>>

/** What the environment says about the talk that is to come; `byHand`: somebody else than Terraform may start it. */
export function readHandshake(env: Environment, byHand = false): Handshake {
  if (!byHand && env['TF_PLUGIN_MAGIC_COOKIE'] !== COOKIE) {
    return {
      ok: false,
      problem:
        'this is a provider for Terraform, which starts it by itself; name it in required_providers, or serve with --debug',
    }
  }
  const versions = (env['PLUGIN_PROTOCOL_VERSIONS'] ?? PROTOCOL).split(',').map((one) => one.trim())
  if (!versions.includes(PROTOCOL)) {
    const theirs = versions.join(', ')
    return {
      ok: false,
      problem: `this plugin speaks protocol 6, Terraform ${theirs}; Terraform 1.5 or later is needed`,
    }
  }
  const first = portOf(env['PLUGIN_MIN_PORT'])
  return {
    ok: true,
    clientCertificate: byHand ? undefined : env['PLUGIN_CLIENT_CERT'] || undefined,
    socketDir: env['PLUGIN_UNIX_SOCKET_DIR'] || undefined,
    ports: { first, last: Math.max(first, portOf(env['PLUGIN_MAX_PORT'])) },
  }
}

/** The line that tells Terraform where to connect; `certificate` is the server's own, in DER. */
export function handshakeLine(address: Address, certificate: Uint8Array | undefined): string {
  const place = address.network === 'unix' ? address.path : `${address.host}:${address.port}`
  const der = certificate === undefined ? '' : Buffer.from(certificate).toString('base64').replace(/=+$/, '')
  return `${['1', PROTOCOL, address.network, place, 'grpc', der].join('|')}\n`
}

/** The value of TF_REATTACH_PROVIDERS with which Terraform uses a provider that already runs. */
export function reattachValue(provider: string, address: Address, pid: number): string {
  const place = address.network === 'unix' ? address.path : `${address.host}:${address.port}`
  const Addr = { Network: address.network, String: place }
  return JSON.stringify({ [provider]: { Protocol: 'grpc', ProtocolVersion: 6, Pid: pid, Test: true, Addr } })
}

function portOf(text: string | undefined): number {
  const port = Number(text ?? 0)
  return Number.isInteger(port) && port >= 0 && port < 65_536 ? port : 0
}
