import { isRecord } from '../../model/json.ts'
import type { Field, Fields, Values } from '../../model/kind/field.ts'
import type { Change } from '../../model/run/change.ts'
import { Secret } from '../../model/secret.ts'
import { stepsOf } from './calls.ts'

/**
 * The values of a call that may reset what it leaves out: what nobody manages goes along as it lives. Secrets, and what stands beside a
 * secret that no API shows, do not: half of them would be worse than nothing.
 */
export function carried(fields: Fields, given: Values, live: Values): Values {
  const result: Record<string, unknown> = { ...given }
  for (const [name, field] of Object.entries(fields)) {
    const [wanted, there] = [given[name], live[name]]
    if (there === undefined || there === null || !isPlain(field)) continue
    if (wanted === undefined) result[name] = there
    else if (field.type === 'object' && isRecord(wanted) && isRecord(there))
      result[name] = carried(field.fields, wanted, there)
  }
  return result
}

function isPlain(field: Field): boolean {
  if (field.computed === true || field.local === true || field.writeOnly === true || field.secret === true) return false
  return field.type !== 'object' || !Object.values(field.fields).some((one) => one.secret === true)
}

/** What an update may reset, because the API has it, does not show it, and the spec does not say it: paths of secrets. */
export function wouldReset(change: Change): string[] {
  if (change.action !== 'update' || !stepsOf(change).some(({ call }) => call.carries === true)) return []
  const { kind, live, desired } = change
  return Object.entries(kind.fields).flatMap(([name, field]) => {
    const there = live.values[name]
    if (field.shownBy !== undefined)
      return live.values[field.shownBy] === true && !(desired.values[name] instanceof Secret) ? [name] : []
    if (field.type !== 'object' || !isRecord(there)) return [] // not there, or switched off
    const wanted = desired.values[name]
    if (wanted !== undefined && !isRecord(wanted)) return []
    return Object.entries(field.fields)
      .filter(([inner, one]) => one.secret === true && one.writeOnly === true && !(wanted?.[inner] instanceof Secret))
      .map(([inner]) => `${name}.${inner}`)
  })
}
