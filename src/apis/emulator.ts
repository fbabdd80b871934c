import { type ServingOptions as Options, type RunningEmulator as Running, startServices } from '../emulator/index.ts'
import type { SettingsOf, SharedSettings } from '../emulator/world/settings.ts'
import { services } from './services.ts'

export {
  type Fault,
  type FaultName,
  type LoggedRequest,
  type Match,
  type RunningEmulator,
  type ServingOptions,
  startServices,
} from '../emulator/index.ts'
export type { Field, Fields, Values } from '../emulator/input/fields.ts'
export type { Json, JsonObject } from '../emulator/input/json.ts'
export { faultNames } from '../emulator/server/faults.ts'
export type { Answer, CallSurroundings, Context, Counters, Incoming } from '../emulator/world/call.ts'
export {
  defineService,
  type KeptState,
  type RunningService,
  type Service,
  type ServiceDefinition,
  type ServiceFacts,
} from '../emulator/world/definition.ts'
export type { Heard } from '../emulator/world/heard.ts'
export type { Evidence, Setting } from '../emulator/world/setting.ts'
export {
  type Definitions,
  type SettingsOf,
  type SettingValues,
  SHARED_SETTINGS,
  type SharedSettings,
} from '../emulator/world/settings.ts'
export { services }

/** The switches of every service, by service. */
export type SettingDefinitions = (typeof services)[number]['settings']
/** What has the members of every one of some types. */
export type Together<U> = (U extends unknown ? (one: U) => void : never) extends (all: infer All) => void ? All : never

/** The settings of every service. */
export type Settings = SharedSettings & SettingsOf<Together<SettingDefinitions>>

/** A running emulator of every API. */
export interface Emulator extends Running<Settings> {
  readonly smtp2go: string
  readonly backoffice: string
  /** A key of the master account that may do everything. */
  readonly apiKey: string
  /** A bearer token of the Back Office. */
  readonly token: string
}

/** How an emulator starts. */
export type EmulatorOptions = Options<Settings>

/** Serves every API on a loopback port; throws for any other host and for a state it does not understand. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const started = await startServices(services, options)
  const of = (api: string) => started.endpoints[api] ?? { url: '', credential: '' }
  return {
    ...started,
    get endpoints() {
      return started.endpoints
    },
    smtp2go: of('smtp2go').url,
    backoffice: of('backoffice').url,
    get apiKey() {
      return of('smtp2go').credential
    },
    get token() {
      return of('backoffice').credential
    },
  }
}
