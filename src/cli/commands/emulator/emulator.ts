import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { readText } from '../../../model/files/text-file.ts'
import { defined, isRecord, parseJson } from '../../../model/json.ts'
import { EXIT, Stop } from '../../invocation/exit.ts'
import type { Invocation } from '../../invocation/invocation.ts'
import type { Io } from '../../invocation/io.ts'
import { openEmulator } from '../../session/open-emulator.ts'

/** Serves both APIs until it is told to stop; prints one line of JSON when it is ready. */
export async function emulator({ io, options }: Invocation): Promise<number> {
  const { seed, settings, data, tlsCert, tlsKey } = options
  if ((tlsCert === undefined) !== (tlsKey === undefined))
    throw new Stop('"--tls-cert" and "--tls-key" go together', { hint: '"--tls" alone makes both' })
  const pem = (file: string, option: string) => textOf(io, file, option)
  const tls =
    tlsCert === undefined || tlsKey === undefined
      ? options.tls === true || undefined
      : { cert: pem(tlsCert, '--tls-cert'), key: pem(tlsKey, '--tls-key') }
  const running = await openEmulator({
    host: options.host ?? '127.0.0.1',
    port: options.port ?? 0,
    allowHosts: options.allowHost ?? [],
    ...defined({ tls, smtpPort: options.smtpPort, smtpsPort: options.smtpsPort }),
    ...(data === undefined ? {} : { data: resolve(io.cwd, data) }),
    ...(seed === undefined ? {} : { seed: await contentsOf(io, seed, '--seed') }),
    ...(settings === undefined ? {} : { settings: await settingsOf(io, settings) }),
  })
  const { smtp2go, backoffice, apiKey, token, smtp, smtps, inbox, certificate } = running
  io.stdout.write(`${JSON.stringify({ smtp2go, backoffice, apiKey, token, smtp, smtps, inbox, certificate })}\n`)
  await stopped(io, options.withParent === true)
  await running.close()
  return EXIT.ok
}

/** Waits for a signal; with its parent, for the end of that, too. */
async function stopped({ signal }: Io, withParent: boolean): Promise<void> {
  const parent = process.ppid
  await new Promise<void>((stop) => {
    const end = () => {
      clearInterval(timer)
      stop()
    }
    const look = () => {
      if (process.ppid !== parent) end()
    }
    const timer = withParent ? setInterval(look, 500) : undefined
    if (signal.aborted) end()
    else signal.addEventListener('abort', end, { once: true })
  })
}

async function settingsOf(io: Io, given: string): Promise<Readonly<Record<string, unknown>>> {
  const isText = given.trim().startsWith('{')
  if (!isText && !existsSync(resolve(io.cwd, given)))
    throw new Stop(`there is no file "${given}" of --settings`, {
      hint: `JSON itself is fine, too: --settings '{"maxWebhooks":1}'`,
    })
  const settings = isText ? parsed(given, '--settings') : await contentsOf(io, given, '--settings')
  if (isRecord(settings)) return settings
  throw new Stop('"--settings" expects an object of settings')
}

function parsed(text: string, option: string): unknown {
  try {
    return parseJson(text)
  } catch {
    throw new Stop(`the JSON of ${option} is broken`)
  }
}

function textOf(io: Io, name: string, option: string): string {
  const read = readText(resolve(io.cwd, name))
  if (read.ok) return read.text
  throw new Stop(`cannot read the file "${name}" of ${option}: ${read.message}`)
}

async function contentsOf(io: Io, name: string, option: string): Promise<unknown> {
  const text = textOf(io, name, option)
  try {
    return /\.json$/i.test(name) ? parseJson(text) : (await import('../../../engine/yaml/parse.ts')).parseOnly(text)
  } catch (cause) {
    throw new Stop(
      `the file "${name}" of ${option} is broken: ${cause instanceof Error ? cause.message : String(cause)}`,
    )
  }
}
