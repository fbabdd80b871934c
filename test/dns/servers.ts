import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { ask } from '../../src/dns/wire/ask.ts'
import { type DnsServer, serverAt } from '../../src/dns/wire/server.ts'

const PROGRAMS = ['nsd', 'knotd', 'unbound'] as const

/** Debian's programs for administrators are not on everybody's path. */
const PATH = [process.env['PATH'] ?? '', '/usr/sbin', '/sbin'].join(delimiter)

/** True where a program is there; in CI it has to be. */
export function hasProgram(name: string): boolean {
  const found = spawnSync('sh', ['-c', `command -v ${name}`], { env: { PATH } }).status === 0
  if (!found && process.env['CI'] === 'true') throw new Error(`${name} is missing, and CI tests with it`)
  if (!found) process.stderr.write(`${name} is not installed: what needs it is skipped\n`)
  return found
}

/** Runs a program and answers how it ended and what it said. */
export function runProgram(name: string, args: readonly string[], input?: string) {
  const { status, stdout, stderr } = spawnSync(name, args, { env: { PATH, HOME: tmpdir() }, encoding: 'utf8', input })
  return { status, said: `${stdout}${stderr}` }
}

/** True where the name servers and the resolver of these tests are installed. */
export const hasServers = PROGRAMS.every(hasProgram)

/** Zones by name; the text of a zone file without its head. A zone that a server lacks is one that it refuses. */
export type Zones = Readonly<Record<string, string>>

/** NSD at 127.0.0.1 and Knot at 127.0.0.2, which may disagree, and Unbound at 127.0.0.3, which asks both. */
export interface DnsServers extends AsyncDisposable {
  readonly nsd: DnsServer
  readonly knot: DnsServer
  readonly unbound: DnsServer
  /** Where both name servers listen. */
  readonly port: number
  /** Publishes other zones at one of them, or at both; resolves when they are served. */
  readonly publish: (zones: { readonly nsd?: Zones; readonly knot?: Zones }) => Promise<void>
  /** Stops one of them for good. */
  readonly stop: (which: 'nsd' | 'knot' | 'unbound') => Promise<void>
}

let serial = 1

function zoneFile(name: string, text: string): string {
  return [
    `$ORIGIN ${name}.`,
    '$TTL 60',
    `@ 60 IN SOA ns1.dnshost.example. host.dnshost.example. ${serial} 60 60 600 30`,
    '@ IN NS ns1.dnshost.example.',
    '@ IN NS ns2.dnshost.example.',
    text,
    '',
  ].join('\n')
}

/** What every test has: the name servers' own names, and the targets of the service. */
const COMMON: Zones = {
  'dnshost.example': 'ns1 IN A 127.0.0.1\nns2 IN A 127.0.0.2',
  'smtp2go.net': 'dkim IN TXT "v=DKIM1; p=MIIB"\nreturn IN A 192.0.2.20\ntrack IN A 192.0.2.30',
}

interface BothZones {
  readonly nsd: Zones
  readonly knot: Zones
}

/** Starts the three on loopback, with free ports and a folder of their own; with other ports where somebody was quicker. */
export async function startServers(zones: BothZones): Promise<DnsServers> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await startOnce(zones)
    } catch (error) {
      if (tries === 3) throw error
    }
  }
}

async function startOnce(zones: BothZones): Promise<DnsServers> {
  const folder = mkdtempSync(join(tmpdir(), 'mailconfig-dns-'))
  const [port, resolverPort] = [await freePort(), await freePort()]
  const names = new Set([...Object.keys(COMMON), ...Object.keys(zones.nsd), ...Object.keys(zones.knot)])
  const write = (which: 'nsd' | 'knot', all: Zones) => {
    serial += 1
    mkdirSync(join(folder, which), { recursive: true })
    for (const [name, text] of Object.entries({ ...COMMON, ...all }))
      writeFileSync(join(folder, which, name), zoneFile(name, text))
  }
  write('nsd', zones.nsd)
  write('knot', zones.knot)
  const config = (name: string, lines: readonly string[]) => {
    const path = join(folder, name)
    writeFileSync(path, `${lines.join('\n')}\n`)
    return path
  }
  const served = (all: Zones) => [...Object.keys(COMMON), ...Object.keys(all)]
  const nsdConfig = config('nsd.conf', [
    'server:',
    `  ip-address: 127.0.0.1@${port}`,
    ...['username: ""', 'chroot: ""', 'database: ""', 'server-count: 1', 'verbosity: 0', 'rrl-ratelimit: 0'].map(
      (line) => `  ${line}`,
    ),
    ...['pidfile: nsd.pid', 'zonelistfile: zone.list', 'xfrdfile: xfrd.state', 'logfile: nsd.log'].map(
      (line) => `  ${line.replace(': ', `: ${folder}/`)}`,
    ),
    `  xfrdir: ${folder}`,
    'remote-control:',
    '  control-enable: no',
    ...served(zones.nsd).flatMap((name) => ['zone:', `  name: ${name}`, `  zonefile: ${folder}/nsd/${name}`]),
  ])
  const knotConfig = config('knot.conf', [
    'server:',
    `  listen: 127.0.0.2@${port}`,
    `  rundir: ${folder}/run`,
    '  udp-workers: 1',
    '  tcp-workers: 1',
    '  background-workers: 1',
    'database:',
    `  storage: ${folder}/db`,
    'log:',
    '  - target: stderr',
    '    any: error',
    'template:',
    '  - id: default',
    `    storage: ${folder}/knot`,
    '    file: "%s"',
    '    zonefile-load: whole',
    '    journal-content: none',
    'zone:',
    ...served(zones.knot).map((name) => `  - domain: ${name}`),
  ])
  mkdirSync(join(folder, 'run'))
  mkdirSync(join(folder, 'db'))
  const unboundConfig = config('unbound.conf', [
    'server:',
    `  interface: 127.0.0.3@${resolverPort}`,
    ...[
      'username: ""',
      'chroot: ""',
      `directory: "${folder}"`,
      `pidfile: "${folder}/unbound.pid"`,
      'use-syslog: no',
      'do-daemonize: no',
      'num-threads: 1',
      'module-config: "iterator"',
      'do-not-query-localhost: no',
      'do-ip6: no',
      'access-control: 127.0.0.0/8 allow',
      'local-zone: "example." nodefault',
      'verbosity: 0',
      'infra-host-ttl: 1',
      // What no stub has is not asked for anywhere: tests stay on loopback.
      'local-zone: "." static',
      ...[...names].map((name) => `local-zone: "${name}." transparent`),
    ].map((line) => `  ${line}`),
    'remote-control:',
    '  control-enable: no',
    ...[...names].flatMap((name) => [
      'stub-zone:',
      `  name: "${name}"`,
      `  stub-addr: 127.0.0.1@${port}`,
      `  stub-addr: 127.0.0.2@${port}`,
    ]),
  ])
  const children = {
    nsd: start('nsd', ['-d', '-c', nsdConfig]),
    knot: start('knotd', ['-c', knotConfig]),
    unbound: start('unbound', ['-d', '-c', unboundConfig]),
  }
  const servers = {
    nsd: serverAt('127.0.0.1', port),
    knot: serverAt('127.0.0.2', port),
    unbound: serverAt('127.0.0.3', resolverPort),
  }
  const stop = async (which: keyof typeof children) => await ended(children[which])
  const dispose = async () => {
    await Promise.all([stop('nsd'), stop('knot'), stop('unbound')])
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await Promise.all([
      answers(servers.nsd, serial, false),
      answers(servers.knot, serial, false),
      listens(servers.unbound),
    ])
  } catch (error) {
    await dispose()
    throw error
  }
  return {
    ...servers,
    port,
    publish: async ({ nsd, knot }) => {
      if (nsd !== undefined) {
        write('nsd', nsd)
        children.nsd.kill('SIGHUP')
        await answers(servers.nsd, serial, true)
      }
      if (knot !== undefined) {
        write('knot', knot)
        children.knot.kill('SIGHUP')
        await answers(servers.knot, serial, true)
      }
    },
    stop,
    [Symbol.asyncDispose]: dispose,
  }
}

function start(name: string, args: readonly string[]): ChildProcess {
  const child = spawn(name, args, { env: { PATH }, stdio: ['ignore', 'ignore', 'pipe'] })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    if (/fatal|cannot|could not|failed/i.test(text) && !/nsd starting|shutting/i.test(text))
      process.stderr.write(`${name}: ${text}`)
  })
  return child
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const over = new Promise<void>((done) => child.once('exit', () => done()))
  child.kill('SIGTERM')
  const late = setTimeout(() => child.kill('SIGKILL'), 3000)
  await over
  clearTimeout(late)
}

/** Patience for a server on this machine. */
export const quick = { timeoutMs: 1000, signal: new AbortController().signal }

/** Waits until a name server has this serial, or any. */
async function answers(server: DnsServer, wanted: number, exactly: boolean): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const reply = await ask(
      server,
      { name: 'dnshost.example', type: 'SOA', recursion: false },
      { ...quick, timeoutMs: 100 },
    )
    const soa = 'why' in reply ? undefined : reply.answers.find(({ type }) => type === 'SOA')
    if (soa?.type === 'SOA' && (!exactly || soa.serial === wanted)) return
    await wait(20)
  }
  throw new Error(`${server.name} does not answer`)
}

async function listens(server: DnsServer): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const reply = await ask(
      server,
      { name: 'nobody.invalid', type: 'SOA', recursion: true },
      { ...quick, timeoutMs: 100 },
    )
    if (!('why' in reply)) return
    await wait(20)
  }
  throw new Error(`${server.name} does not answer`)
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const socket = createSocket('udp4')
    socket.on('error', fail)
    socket.bind(0, '127.0.0.1', () => {
      const { port } = socket.address()
      socket.close(() => done(port))
    })
  })
}
