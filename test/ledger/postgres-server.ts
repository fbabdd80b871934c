import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { portOf } from './http-server.ts'

/** A real PostgreSQL on this machine, with a folder of its own. */
export interface PostgresServer {
  readonly port: number
  readonly password: string
  /** Runs SQL as the one who may do everything. */
  sql(text: string): string
  sqlIn(database: string, text: string): string
  close(): Promise<void>
}

/** Nobody, where the tests run as root: PostgreSQL refuses to run as root. */
const NOBODY = { uid: 65_534, gid: 65_534 }

/** The folder of PostgreSQL's programs; undefined where there are none. */
export function postgresPrograms(): string | undefined {
  const versions = '/usr/lib/postgresql'
  const installed = existsSync(versions) ? readdirSync(versions).sort((one, other) => Number(other) - Number(one)) : []
  const named = process.env['MAILCONFIG_TEST_POSTGRES']
  const folders = [
    ...(named === undefined ? [] : [named]),
    ...(process.env['PATH'] ?? '').split(delimiter),
    ...installed.map((version) => join(versions, version, 'bin')),
  ]
  return folders.find((folder) => ['initdb', 'postgres', 'psql'].every((name) => existsSync(join(folder, name))))
}

export async function startPostgres(programs: string): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'mailconfig-postgres-'))
  const password = 'hush-hush-1234'
  const who = process.getuid?.() === 0 ? NOBODY : {}
  const secret = join(folder, 'password')
  writeFileSync(secret, password, { mode: 0o600 })
  if (process.getuid?.() === 0) for (const path of [folder, secret]) chownSync(path, NOBODY.uid, NOBODY.gid)
  const env = { PATH: process.env['PATH'], LC_ALL: 'C', PGPASSWORD: password }

  const made = spawnSync(
    join(programs, 'initdb'),
    ['-D', join(folder, 'data'), '-U', 'admin', '-A', 'scram-sha-256', `--pwfile=${secret}`, '-E', 'UTF8', '--no-sync'],
    { ...who, env, encoding: 'utf8' },
  )
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr}${made.error?.message ?? ''}`)
  const port = await freePort()
  const settings = [
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${folder}`,
    'fsync=off',
    'max_connections=60',
  ]
  const server = spawn(
    join(programs, 'postgres'),
    ['-D', join(folder, 'data'), '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    { ...who, env, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  await untilReady(server)

  const sqlIn = (database: string, text: string): string => {
    const { stdout, stderr, status } = spawnSync(
      join(programs, 'psql'),
      ['-h', '127.0.0.1', '-p', String(port), '-U', 'admin', '-d', database, '-Atqc', text],
      { env, encoding: 'utf8' },
    )
    if (status !== 0) throw new Error(stderr)
    return stdout.trim()
  }

  return {
    port,
    password,
    sql: (text) => sqlIn('postgres', text),
    sqlIn,
    close: async () => {
      const ended = new Promise((done) => server.once('exit', done))
      if (server.exitCode === null) {
        server.kill('SIGQUIT')
        await ended
      }
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function untilReady(server: ChildProcess): Promise<void> {
  return new Promise((done, fail) => {
    let said = ''
    server.stderr?.on('data', (chunk) => {
      said += chunk
      if (said.includes('ready to accept connections')) done()
    })
    server.once('exit', (code) => fail(new Error(`postgres ended with ${code}: ${said}`)))
    server.once('error', fail)
  })
}

function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const port = portOf(server.address())
      server.close(() => done(port))
    })
  })
}
