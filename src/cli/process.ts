import { execFileSync } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { homedir, networkInterfaces } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Io } from './invocation/io.ts'
import { main } from './main.ts'

/** The home of the user; empty where the user id has no name and no HOME is set, as in a container. */
function homeOf(): string {
  try {
    return homedir()
  } catch {
    return ''
  }
}

/** Runs the command line of this process; the only place that touches `process`. */
export async function run(): Promise<void> {
  const controller = new AbortController()
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(130)
    controller.abort(new Error('interrupted'))
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  process.on('SIGHUP', onSignal) // the terminal was closed
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error // `mailconfig apply | head`: nobody reads on, and the work is finished all the same
    })
  const io: Io = {
    cwd: process.cwd(),
    env: process.env,
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    prompt: process.stderr,
    signal: controller.signal,
    now: () => new Date(),
    sleep: (milliseconds, signal) => setTimeout(milliseconds, undefined, { signal }).catch(() => undefined),
    exec: (command, input) =>
      execFileSync(command, {
        shell: true,
        encoding: 'utf8',
        input,
        stdio: ['pipe', 'pipe', 'inherit'],
        timeout: 60_000,
      }),
    home: homeOf(),
    file: (name) => join(dirname(realpathSync(process.argv[1] ?? '')), name),
    platform: {
      os: process.platform === 'win32' ? 'windows' : process.platform,
      arch: process.arch === 'x64' ? 'amd64' : process.arch === 'ia32' ? '386' : process.arch,
      node: process.execPath,
    },
    addresses: () =>
      Object.values(networkInterfaces())
        .flatMap((list) => list ?? [])
        .filter((one) => !one.internal)
        .map((one) => one.address),
  }
  process.exitCode = await main(process.argv.slice(2), io)
  // Ends when all is written: kept-alive connections and their timers would hold a finished command up.
  process.stdout.write('', () => process.stderr.write('', () => process.exit()))
}
