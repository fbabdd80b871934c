import { isObject, type Json, type JsonObject } from './input/json.ts'
import { makeCertificate } from './server/certificate.ts'
import { durationOf, runControl } from './server/control.ts'
import {
  addFaults,
  changeSettings,
  checked,
  clearFaults,
  createCore,
  type LoggedRequest,
  readState,
  resetCore,
  writeState,
} from './server/core.ts'
import { runErrands } from './server/errands.ts'
import { type Fault, type FaultName, type Match, readFaults } from './server/faults.ts'
import { openMailPorts } from './server/mail-ports.ts'
import { listen, loopback } from './server/server.ts'
import type { Service } from './world/definition.ts'
import { readKept } from './world/persist.ts'
import type { SettingValues } from './world/settings.ts'

export type { Fault, FaultName, LoggedRequest, Match }

/** How an emulator starts. */
export interface ServingOptions<Settings = SettingValues> {
  /** 0, the default, is any free port. */
  readonly port?: number
  /** 127.0.0.1, ::1 or localhost; any other address only with `allowHosts`. */
  readonly host?: string
  /** Names under which others may call it, such as that of its container; without any it is for this machine alone. */
  readonly allowHosts?: readonly string[]
  /** Serves https: with this certificate and key (PEM), or with one that is made when it starts. */
  readonly tls?: true | { readonly cert: string; readonly key: string }
  /** Takes mail on this port, with STARTTLS; 0 is any free port. */
  readonly smtpPort?: number
  /** Takes mail on this port, with TLS from the first byte; 0 is any free port. */
  readonly smtpsPort?: number
  /** A file that keeps the state: read if it is there, written after changes. */
  readonly data?: string
  /** The state to start from when there is no such file; any part may be missing. */
  readonly seed?: unknown
  readonly settings?: Partial<Settings>
  readonly now?: () => Date
  /** False keeps no log of calls. */
  readonly log?: boolean
}

/** A running emulator. */
export interface RunningEmulator<Settings = SettingValues> {
  /** Where the accounts of each API are, and a credential that may do everything, by the name of the API. */
  readonly endpoints: Readonly<Record<string, { readonly url: string; readonly credential: string }>>
  /** The certificate that it serves https with, as PEM. */
  readonly certificate?: string
  readonly port: number
  /** Where mail is taken: `127.0.0.1:2525`. */
  readonly smtp?: string
  readonly smtps?: string
  requests(): LoggedRequest[]
  clearRequests(): void
  state(): unknown
  /** Replaces the state; what it leaves out is empty. */
  setState(state: unknown): void
  /** Adds faults. */
  faults(list: readonly Fault[]): void
  clearFaults(): void
  /** Back to the contents and settings that it started with; no faults, no log. */
  reset(): void
  /** Changes settings; the others stay. */
  settings(changes: Partial<Settings>): void
  /** Moves the clock on by `8 days`, `90 minutes` or milliseconds; what falls due on the way is done at its time. */
  advance(time: string | number): Promise<void>
  /** Waits until what is due by now is done: webhooks are called, schedules kept. */
  settled(): Promise<void>
  /** Asks a service under `/__emulator/`: `control('GET /webhooks')`. Throws for what there is not. */
  control(name: string, body?: unknown): unknown
  close(): Promise<void>
}

/** Serves APIs on a loopback port; throws for any other host and for a state it does not understand. */
export async function startServices(
  services: readonly Service[],
  options: ServingOptions = {},
): Promise<RunningEmulator> {
  const { host = '127.0.0.1', port = 0, data, allowHosts = [], now = () => new Date() } = options
  if (!loopback.some((one) => one === host) && allowHosts.length === 0) {
    throw new Error(`the emulator listens on ${loopback.join(', ')}, not on ${host}, unless a host is allowed`)
  }
  const names = [...loopback, ...allowHosts.map((one) => one.toLowerCase())]
  const tls = options.tls === true ? makeCertificate(names, now()) : options.tls
  const state = readKept(data) ?? seedOf(options.seed)
  const core = createCore({
    services,
    state,
    settings: options.settings ?? {},
    file: data,
    now,
    keepsLog: options.log ?? true,
  })
  const errands = runErrands(core)
  const listening = await listen(core, errands, { host, port, allowHosts: names.slice(loopback.length), tls })
  const mailTls =
    tls ??
    (options.smtpPort === undefined && options.smtpsPort === undefined ? undefined : makeCertificate(names, now()))
  const mail =
    mailTls &&
    (await openMailPorts(core, { host, tls: mailTls, smtpPort: options.smtpPort, smtpsPort: options.smtpsPort }))
  const called = loopback.some((one) => one === host) ? host : '127.0.0.1'
  const name = called === '::1' ? '[::1]' : called
  const origin = `${tls === undefined ? 'http' : 'https'}://${name}:${listening.port}`
  return {
    port: listening.port,
    ...(mailTls === undefined ? {} : { certificate: mailTls.cert }),
    ...(mail?.smtp === undefined ? {} : { smtp: `${name}:${mail.smtp.port}` }),
    ...(mail?.smtps === undefined ? {} : { smtps: `${name}:${mail.smtps.port}` }),
    get endpoints() {
      const pairs = services.map(({ name, base }) => {
        const credential = core.world.get(name)?.credential() ?? ''
        return [name, { url: `${origin}${base}`, credential }] as const
      })
      return Object.fromEntries(pairs)
    },
    requests: () => structuredClone(core.log),
    clearRequests: () => {
      core.log.length = 0
    },
    state: () => readState(core),
    setState: (next) => writeState(core, asJson(next)),
    faults: (list) => addFaults(core, readFaults(asJson(list))),
    clearFaults: () => clearFaults(core),
    reset: () => resetCore(core),
    settings: (changes) => changeSettings(core, checked(core.definitions, changes)),
    advance: (time) => errands.advance(typeof time === 'number' ? time : durationOf(time)),
    settled: () => errands.settled(),
    control: (control, body) => runControl(core, control, body === undefined ? undefined : asJson(body)),
    close: async () => {
      errands.stop()
      await mail?.close()
      listening.server.closeAllConnections()
      await new Promise((resolve) => listening.server.close(resolve))
      core.keeper.flush()
    },
  }
}

function asJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value ?? null))
}

function seedOf(seed: unknown): JsonObject {
  const json = asJson(seed)
  if (json === null) return {}
  if (isObject(json)) return json
  throw new Error('the seed of an emulator has to be an object')
}
