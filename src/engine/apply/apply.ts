import { formatScope, qualify } from '../../model/address.ts'
import type { Change, EffectiveChange } from '../../model/run/change.ts'
import type { Result } from '../../model/run/result.ts'
import { turnsOff } from '../gates/last-one.ts'
import type { Plan } from '../plan/plan.ts'
import { applyChange } from './change.ts'
import { whyStopped } from './failure.ts'
import type { ApplyOptions } from './options.ts'

/** Makes the changes, wave after wave; a change whose ground failed is skipped, the independent ones go on. */
export async function apply(plan: Plan, options: ApplyOptions): Promise<readonly Result[]> {
  const results: Result[] = []
  const failed = new Set<string>()
  const total = plan.waves.reduce((sum, wave) => sum + wave.length, 0)
  const ids = knownIds(plan)
  const ownIds = ({ scope, kind, key, desired }: Change) => {
    const twinOf = desired?.twinOf
    const keys = twinOf === undefined ? [key] : [key, twinOf]
    return keys.flatMap(
      (one) => plan.memory.entry(scope, kind.name, one)?.id ?? ids.get(qualify(scope, `${kind.name}/${one}`)) ?? [],
    )
  }
  const around = options.around ?? ((_: EffectiveChange, make: (other?: EffectiveChange) => Promise<Result>) => make())
  for (const wave of plan.waves) {
    await inParallel(wave.filter(isReal), options.parallelism, async (change) => {
      const reason = options.signal?.aborted === true ? whyStopped(options.signal) : blocker(change, plan, failed)
      const result: Result =
        reason === undefined
          ? await around(change, (other = change) => applyChange(other, ids, { ...options, ownIds }))
          : { change, outcome: 'skipped', error: { message: reason, code: 'NOT_TRIED' } }
      if (result.outcome !== 'done') failed.add(qualify(change.scope, change.address))
      results.push(result)
      options.onResult?.(result, results.length, total)
    })
  }
  const order = new Map(plan.waves.flat().map((change, at) => [qualify(change.scope, change.address), at]))
  const placeOf = ({ change }: Result) => order.get(qualify(change.scope, change.address)) ?? 0
  return results.sort((a, b) => placeOf(a) - placeOf(b)) // not as they happened to end
}

function isReal(change: Change): change is EffectiveChange {
  return change.action !== 'noop'
}

async function inParallel<T>(items: readonly T[], limit: number, work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values()
  const worker = async () => {
    for (const item of queue) await work(item)
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker))
}

/** Ids by kind and key, in each account: those that were read, and those that this run makes. */
function knownIds(plan: Plan): Map<string, string> {
  const ids = new Map<string, string>()
  for (const [scope, { collections }] of plan.live)
    for (const [kind, collection] of collections) {
      if (!collection.known) continue
      for (const one of collection.objects) if (one.dormant) ids.set(`${scope}:${kind}/${one.key}`, one.id)
      for (const one of collection.objects) if (!one.dormant) ids.set(`${scope}:${kind}/${one.key}`, one.id)
    }
  for (const { scope } of plan.spec.scopes) {
    const id = plan.live.get(formatScope(scope))?.id // what was planned against is what is written to
    if (scope.subaccount !== null && typeof id === 'string')
      ids.set(`${scope.account}:subaccounts/${scope.subaccount}`, id)
  }
  for (const change of plan.changes)
    if (change.action === 'update') ids.set(qualify(change.scope, change.address), change.live.id) // it may get a new name
  return ids
}

/** What a change stands on: the objects that it names, its subaccount, and for a deletion all that is built there. */
function blocker(change: EffectiveChange, plan: Plan, failed: ReadonlySet<string>): string | undefined {
  if (failed.size === 0) return undefined
  const scope = formatScope(change.scope)
  const isOff = turnsOff(change)
  if (change.action === 'delete' || isOff) {
    const near = [...failed].find((address) => address.startsWith(`${scope}:`))
    if (near !== undefined) return `not ${isOff ? 'switched off' : 'deleted'}, because ${near} did not succeed`
    if (change.action === 'delete') return undefined
  }
  const parent = `${change.scope.account}:subaccounts/${change.scope.subaccount}`
  if (change.scope.subaccount !== null && failed.has(parent)) return `its subaccount ${parent} did not succeed`
  const needed = plan.spec.references
    .filter((reference) => reference.from === change.desired)
    .map((reference) => qualify(change.scope, `${reference.kind}/${reference.key}`))
    .find((address) => failed.has(address))
  return needed === undefined ? undefined : `it refers to ${needed}, which did not succeed`
}
