import { execFileSync } from 'node:child_process'
import { networkInterfaces } from 'node:os'
import { join, resolve } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import type { Io } from '../../src/cli/invocation/io.ts'

/** The world of a command. */
export interface World {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly home: string
  readonly stdin: string | undefined
}

type Main = (argv: readonly string[], io: Io) => Promise<number>

const DIST = resolve(process.env['MAILCONFIG_DIST'] ?? 'dist')

/** Runs the built command line in this process: what `process.ts` makes of a process is made of a world here. */
export async function runHere(argv: readonly string[], { cwd, env, home, stdin }: World) {
  if ('NODE_OPTIONS' in env) throw new Error('options of Node are for a process: use spawn')
  const { main }: { main: Main } = await import(join(DIST, 'main.js'))
  const said = { stdout: '', stderr: '' }
  const output = (name: 'stdout' | 'stderr') => ({
    write: (text: string) => {
      said[name] += text
    },
  })
  const [stdout, stderr] = [output('stdout'), output('stderr')]
  const io: Io = {
    ...{ cwd, env, home, stdout, stderr },
    prompt: new Writable({
      write: (chunk, _, done) => {
        said.stderr += String(chunk)
        done()
      },
    }),
    stdin: Readable.from(stdin === undefined ? [] : [Buffer.from(stdin)]),
    signal: new AbortController().signal,
    now: () => new Date(),
    sleep: (milliseconds, signal) => wait(milliseconds, undefined, { signal }).catch(() => undefined),
    exec: (command, input) =>
      execFileSync(command, {
        ...{ shell: true, encoding: 'utf8', input, timeout: 60_000, cwd, env },
        stdio: ['pipe', 'pipe', 'pipe'],
      }),
    file: (name) => join(DIST, name),
    platform: { os: 'linux', arch: 'amd64', node: process.execPath },
    addresses: () =>
      Object.values(networkInterfaces())
        .flatMap((list) => list ?? [])
        .filter((one) => !one.internal)
        .map((one) => one.address),
  }
  const code = await main(argv, io)
  return { code, ...said }
}
