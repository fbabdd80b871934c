import { resolve } from 'node:path'
import { parseJson } from '../../model/json.ts'
import { readText } from '../../model/text-file.ts'
import { EXIT, Stop } from '../io.ts'
import type { Invocation } from '../main.ts'
import { openEmulator } from '../open-emulator.ts'

/** Serves both APIs on loopback until it is told to stop; prints one line of JSON when it is ready. */
export async function emulator({ io, options }: Invocation): Promise<number> {
  const seed = options.seed === undefined ? undefined : await seedOf(resolve(io.cwd, options.seed), options.seed)
  const running = await openEmulator({
    host: options.host ?? '127.0.0.1',
    port: options.port ?? 0,
    ...(options.data === undefined ? {} : { data: resolve(io.cwd, options.data) }),
    ...(seed === undefined ? {} : { seed }),
  })
  const { smtp2go, backoffice, apiKey, token } = running
  io.stdout.write(`${JSON.stringify({ smtp2go, backoffice, apiKey, token })}\n`)
  await new Promise<void>((stop) => {
    if (io.signal.aborted) stop()
    io.signal.addEventListener('abort', () => stop(), { once: true })
  })
  await running.close()
  return EXIT.ok
}

async function seedOf(path: string, name: string): Promise<unknown> {
  const read = readText(path)
  if (!read.ok) throw new Stop(`cannot read the file "${name}" of --seed: ${read.message}`)
  const { text } = read
  try {
    return /\.json$/i.test(path) ? parseJson(text) : (await import('../../engine/parse.ts')).parseOnly(text)
  } catch (cause) {
    throw new Stop(`the file "${name}" of --seed is broken: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
}
