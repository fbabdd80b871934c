import type { SectionSpec } from '../../model/desired/spec.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import type { LiveObject } from '../../model/kind/live-object.ts'
import type { Change } from '../../model/run/change.ts'
import { aboutOf, addressesOf, type DraftGate, firstOf } from './draft-gate.ts'

interface Kept {
  readonly field: string
  readonly is: unknown
  /** The API itself refuses to go without, so one object alone counts, too. */
  readonly strict: boolean
}

/** Nothing of a kind that keeps mail flowing would be left. */
export function lastOneGates(
  changes: readonly Change[],
  there: readonly LiveObject[],
  section: SectionSpec,
): DraftGate[] {
  const { kind } = section
  const kept = keptBy(kind)
  if (kept === undefined) return []
  const keeps = (values: Readonly<Record<string, unknown>>) =>
    (values[kept.field] ?? kind.fields[kept.field]?.default) === kept.is
  const after = new Map(there.map((one) => [one.id, keeps(one.values)]))
  const losing: Change[] = []
  let fresh = 0
  for (const change of changes) {
    const before = 'live' in change && change.live !== undefined && !change.live.dormant && keeps(change.live.values)
    if (change.action === 'delete') after.delete(change.live.id)
    else if (change.action === 'create') fresh += keeps(change.desired.values) ? 1 : 0
    else if (change.action === 'update')
      after.set(change.live.id, keeps({ ...change.live.values, ...change.desired.values }))
    const stays = change.action === 'update' && after.get(change.live.id) === true
    if (before && change.action !== 'noop' && !stays) losing.push(change)
  }
  if (losing.length === 0 || fresh > 0 || [...after.values()].includes(true)) return []
  const addresses = addressesOf(losing)
  const gate = (reason: string): DraftGate => ({ code: 'LAST_ONE', reason, addresses, about: aboutOf(losing) })
  const verb = `none of the ${kind.name} would be ${wordOf(kept)} any more`
  if (!kept.strict) return isMeant(changes, there, section) ? [] : [gate(`${verb}: ${firstOf(addresses)}`)]
  if (there.length === 1 && losing.every(turnsOff))
    return [{ ...gate(`${verb}: the only ${kind.title} there is cannot be disabled`), final: true }]
  return [gate(`${verb}: ${firstOf(addresses)}`)]
}

function keptBy(kind: ResourceKind): Kept | undefined {
  if (kind.keepsMail !== undefined) return { ...kind.keepsMail, strict: false }
  const name = Object.entries(kind.fields).find(([, field]) => field.keepOne === true)?.[0]
  return name === undefined ? undefined : { field: name, is: true, strict: true }
}

function wordOf({ field, is }: Kept): string {
  return is === true ? field.replace(/^\w+(?=Verified$)/, '').toLowerCase() : String(is)
}

/** A single object is named by its own line of the spec; a collection that goes whole, by every tombstone or by `allowEmpty`. */
function isMeant(changes: readonly Change[], there: readonly LiveObject[], section: SectionSpec): boolean {
  if (there.length < 2) return true
  const deletes = changes.filter((change) => change.action === 'delete')
  if (deletes.length < there.length) return false
  return section.allowEmpty || deletes.every((change) => change.desired !== undefined)
}

/** True if a change takes away what at least one object of its collection must have, or with which mail goes through this one. */
export function turnsOff(change: Change): boolean {
  if (change.action !== 'update') return false
  const { keepsMail, fields } = change.kind
  return change.fields.some(
    ({ path, before, after }) =>
      (fields[path]?.keepOne === true && after === false) ||
      (keepsMail?.field === path && before === keepsMail.is && after !== keepsMail.is),
  )
}
