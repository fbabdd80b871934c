import { Invalid } from '../input/fields.ts'
import { isObject, type Json, type JsonObject } from '../input/json.ts'
import { type Chaos, noChaos } from '../mail/chaos.ts'
import type { Answer, CallSurroundings, Counters } from '../world/call.ts'
import type { Service } from '../world/definition.ts'
import { createKeeper, type Keeper } from '../world/persist.ts'
import {
  changedSettings,
  checkSettings,
  type Definitions,
  initialSettings,
  type SettingValues,
} from '../world/settings.ts'
import { definitionsOf, dumpWorld, openWorld, settingsIn, type World } from '../world/state.ts'
import { createFaults, type Fault, type Faults } from './faults.ts'

/** One call as it is remembered; secrets are masked. */
export interface LoggedRequest {
  readonly time: string
  readonly method: string
  readonly path: string
  readonly query: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Json
  /** The status that was sent; null when no answer was. */
  status: number | null
  /** Whether the operation is one that changes something. */
  readonly writes: boolean
  /** Whether a change was carried out, whatever was answered. */
  committed: boolean
  /** The faults it met. */
  readonly faults: readonly string[]
}

/** Everything that lives while the emulator runs. */
export interface Core {
  readonly services: readonly Service[]
  readonly definitions: Definitions
  world: World
  settings: SettingValues
  readonly faults: Faults
  readonly counters: Counters
  readonly log: LoggedRequest[]
  readonly keepsLog: boolean
  /** Earlier states, kept only while a `stale-list` fault is set. */
  history: { readonly time: number; readonly state: JsonObject }[]
  /** The last list each path answered, for `duplicate-page`. */
  readonly lastLists: Map<string, Answer>
  readonly now: () => Date
  /** Milliseconds by which the clock was moved on. */
  readonly clock: { ahead: number }
  readonly keeper: Keeper
  /** Steps of SMTP that a test makes fail. */
  readonly chaos: Chaos
  /** Called after each change of the world. */
  readonly watchers: Set<() => void>
  /** What it started with. */
  readonly start: { readonly state: JsonObject; readonly settings: SettingValues }
}

/** Starts from state; `settings` win over those in the state. */
export function createCore(options: {
  services: readonly Service[]
  state: JsonObject
  settings: SettingValues
  file: string | undefined
  now: () => Date
  keepsLog: boolean
}): Core {
  const { services } = options
  const definitions = definitionsOf(services)
  const settings = {
    ...initialSettings(definitions),
    ...settingsIn(options.state, definitions),
    ...checked(definitions, options.settings),
  }
  const clock = { ahead: 0 }
  const core: Core = {
    services,
    clock,
    chaos: noChaos(),
    watchers: new Set(),
    definitions,
    world: openWorld(services, options.state),
    settings,
    start: { state: structuredClone(options.state), settings },
    faults: createFaults(),
    counters: new Map(),
    log: [],
    keepsLog: options.keepsLog,
    history: [],
    lastLists: new Map(),
    now: () => new Date(options.now().getTime() + clock.ahead),
    keeper: createKeeper(options.file, () => readState(core)),
  }
  core.keeper.changed()
  return core
}

/** Checks settings that came from code; they are JSON too. */
export function checked(definitions: Definitions, settings: SettingValues): SettingValues {
  const given = Object.entries(settings).filter(([, value]) => value !== undefined)
  return checkSettings(definitions, JSON.parse(JSON.stringify(Object.fromEntries(given))))
}

/** What surrounds a call that is made now. */
export function surroundings({ settings, now, counters }: Core): CallSurroundings {
  return { settings, now: now(), counters }
}

/** The state as JSON, with the settings that were changed. */
export function readState(core: Core): JsonObject {
  const settings = changedSettings(core.definitions, core.settings)
  return { ...dumpWorld(core.world), settings: JSON.parse(JSON.stringify(settings)) }
}

/** Replaces the state; settings change only where the new state has some. */
export function writeState(core: Core, state: unknown): void {
  if (!isObject(state)) throw new Invalid('state', 'the state has to be an object')
  const world = openWorld(core.services, state)
  const settings = settingsIn(state, core.definitions)
  replaceWorld(core, world)
  core.settings = { ...core.settings, ...settings }
  core.lastLists.clear()
  noteChange(core)
}

/** Puts everything back to how it was at the start. */
export function resetCore(core: Core): void {
  replaceWorld(core, openWorld(core.services, structuredClone(core.start.state)))
  core.settings = core.start.settings
  core.clock.ahead = 0
  Object.assign(core.chaos, noChaos())
  core.log.length = 0
  core.counters.clear()
  core.lastLists.clear()
  clearFaults(core)
  noteChange(core)
}

/** What a call saw before is never what the new world calls by the same number. */
function replaceWorld(core: Core, world: World): void {
  for (const [name, { kept }] of world) kept.version = (core.world.get(name)?.kept.version ?? 0) + 1
  core.world = world
}

/** Changes settings; throws `Invalid` for a name or a value that does not exist. */
export function changeSettings(core: Core, settings: SettingValues): void {
  core.settings = { ...core.settings, ...settings }
  noteChange(core)
}

/** Adds faults and begins to remember the past when one of them needs it. */
export function addFaults(core: Core, faults: readonly Fault[]): void {
  core.faults.add(faults)
  if (core.history.length === 0 && core.faults.has('stale-list')) noteHistory(core)
}

/** Removes all faults. */
export function clearFaults(core: Core): void {
  core.faults.clear()
  core.history = []
}

/** To be called after each change of the world: lists that were remembered are forgotten. */
export function noteChange(core: Core): void {
  for (const { kept } of core.world.values()) kept.version += 1
  core.keeper.changed()
  for (const watch of core.watchers) watch()
  if (core.faults.has('stale-list')) noteHistory(core)
}

function noteHistory(core: Core): void {
  core.history.push({ time: core.now().getTime(), state: readState(core) })
}

/** The world as it was some time ago, as far as it is remembered. */
export function pastWorld(core: Core, ms: number): World {
  const at = core.now().getTime() - ms
  const known = core.history.findLast(({ time }) => time <= at) ?? core.history[0]
  return known ? openWorld(core.services, known.state) : core.world
}
