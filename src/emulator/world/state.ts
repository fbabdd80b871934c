import { Invalid } from '../input/fields.ts'
import { isObject, type Json, type JsonObject } from '../input/json.ts'
import type { RunningService, Service } from './definition.ts'
import { checkSettings, type Definitions, type SettingValues, SHARED_SETTINGS } from './settings.ts'

/** Services with what they keep, by name. */
export type World = ReadonlyMap<string, RunningService>

/** Every switch of some services. */
export function definitionsOf(services: readonly Service[]): Definitions {
  return Object.assign({}, SHARED_SETTINGS, ...services.map(({ settings }) => settings))
}

/** Opens services with a state, any part of which may be missing; throws `Invalid` for a name it does not know. */
export function openWorld(services: readonly Service[], state: JsonObject): World {
  const names = [...services.map(({ name }) => name), 'counters', 'settings']
  refuseOthers(state, 'state', names)
  const counters = objectIn(state, 'counters')
  refuseOthers(
    counters,
    'counters',
    services.flatMap((one) => one.counters),
  )
  try {
    return new Map(services.map((service) => [service.name, service.open(state[service.name], counters)]))
  } catch (error) {
    if (error instanceof Invalid) throw new Invalid(`state.${error.field}`, `state.${error.field}: ${error.message}`)
    throw error
  }
}

/** The state of a world; secrets included. */
export function dumpWorld(world: World): JsonObject {
  const counters = Object.assign({}, ...[...world.values()].map(({ kept }) => kept.counters))
  const states = [...world].map(([name, service]) => [name, service.dump()] as const)
  return JSON.parse(JSON.stringify({ ...Object.fromEntries(states), counters }))
}

/** The settings in a state, checked. */
export function settingsIn(state: JsonObject, definitions: Definitions): SettingValues {
  return checkSettings(definitions, objectIn(state, 'settings'))
}

function objectIn(state: JsonObject, name: string): JsonObject {
  const value: Json | undefined = state[name]
  if (value === undefined || value === null) return {}
  if (isObject(value)) return value
  throw new Invalid(name, `'${name}' has to be an object`)
}

function refuseOthers(value: JsonObject, name: string, known: readonly string[]): void {
  const other = Object.keys(value).find((key) => !known.includes(key))
  if (other !== undefined) throw new Invalid(name, `${name}: '${name}' has no '${other}'; it has: ${known.join(', ')}`)
}
