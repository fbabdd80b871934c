import { Invalid, need } from '../input/fields.ts'
import type { JsonObject } from '../input/json.ts'
import { choice, number, type Setting } from './setting.ts'

/** Switches by name. */
export type Definitions = Readonly<Record<string, Setting<unknown>>>

/** The value of every switch. */
export type SettingsOf<D> = { -readonly [K in keyof D]: D[K] extends Setting<infer T> ? T : never }

/** Values of switches by name, each checked by its definition. */
export type SettingValues = Readonly<Record<string, unknown>>

/** Values as the code of those switches sees them. */
export function typedSettings<D extends Definitions>(definitions: D, values: SettingValues): SettingsOf<D> {
  return Object.fromEntries(Object.keys(definitions).map((name) => [name, values[name]])) as SettingsOf<D>
}

/** The switches that every service has. */
export const SHARED_SETTINGS = {
  bodyTooLargeStatus: choice([413, 400], 413, 'invented', 'Status for a body above 1 MB.'),
  retryAfter: number(null, 'documented', 'Seconds in the Retry-After header of a 429; null: no header.'),
} as const

/** Their values. */
export type SharedSettings = SettingsOf<typeof SHARED_SETTINGS>

/** How switches are set where nobody has touched them. */
export function initialSettings(definitions: Definitions): SettingValues {
  return Object.fromEntries(Object.entries(definitions).map(([name, { initial }]) => [name, structuredClone(initial)]))
}

/** Checks named values; throws `Invalid` for a name or a value that does not exist. */
export function checkSettings(definitions: Definitions, values: JsonObject): SettingValues {
  const checked = Object.entries(values).map(([name, one]) => {
    const definition = Object.hasOwn(definitions, name) ? definitions[name] : undefined
    if (!definition) throw new Invalid(name, `no setting '${name}'; there are: ${Object.keys(definitions).join(', ')}`)
    return [name, need(definition.field)(one, name)]
  })
  return Object.fromEntries(checked)
}

/** The settings that differ from how they start. */
export function changedSettings(definitions: Definitions, settings: SettingValues): SettingValues {
  const initial = initialSettings(definitions)
  return Object.fromEntries(
    Object.entries(settings).filter(([name, one]) => JSON.stringify(one) !== JSON.stringify(initial[name])),
  )
}
