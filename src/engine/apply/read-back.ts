import { formatScope } from '../../model/address.ts'
import type { ScopeSpec } from '../../model/desired/spec.ts'
import { defined } from '../../model/json.ts'
import { type ResourceKind, scopeKind } from '../../model/kind/kind.ts'
import type { LiveObject } from '../../model/kind/live-object.ts'
import { needsIds } from '../../model/kind/references.ts'
import { formatPath } from '../../model/position.ts'
import type { Change } from '../../model/run/change.ts'
import type { Result } from '../../model/run/result.ts'
import { diff } from '../diff/diff.ts'
import { differences } from '../diff/fields.ts'
import type { Plan } from '../plan/plan.ts'
import { maskedLive } from '../read/mask.ts'
import { type ReadOptions, read } from '../read/read.ts'
import type { Wanted } from '../read/wanted.ts'

/** Milliseconds to wait before reading again what does not hold yet. */
const PATIENCE = [250, 1000]

/** Reads back what was written and says what was not kept: a change is done when the API shows it. */
export async function readBack(
  plan: Plan,
  results: readonly Result[],
  options: ReadOptions & { readonly sleep: (milliseconds: number) => Promise<void> },
): Promise<readonly Result[]> {
  let current = await check(plan, results, options)
  for (const wait of PATIENCE) {
    if (!current.some(isUnproven)) return current
    await options.sleep(wait)
    current = await check(plan, results, options)
  }
  return current
}

/** True for what only reading back has shown to be otherwise than it was told while it was applied. */
export function isLate(result: Result): boolean {
  return isUnproven(result) || result.error?.code === 'CHANGED_TOO'
}

/** True for a change that the API took, and of which nobody has seen yet that it holds. */
function isUnproven({ error }: Result): boolean {
  return error?.code === 'DID_NOT_STICK' || error?.code === 'NOT_READ_BACK'
}

async function check(plan: Plan, results: readonly Result[], options: ReadOptions): Promise<readonly Result[]> {
  const done = results.filter((result) => result.outcome === 'done')
  if (done.length === 0) return results
  const back = wantedBack(
    done.map((result) => result.change),
    options.kinds,
  )
  const live = maskedLive(await read(back, options), plan.spec)
  const touched = new Set(done.map((result) => collectionOf(result.change)))
  const scopes: ScopeSpec[] = plan.spec.scopes.map((scope) => ({
    ...scope,
    sections: new Map([...scope.sections].filter(([kind]) => touched.has(`${formatScope(scope.scope)}:${kind}`))),
  }))
  const left = new Map(
    diff({ ...plan.spec, scopes }, live, plan.memory).changes.map((change) => [
      `${formatScope(change.scope)}:${change.address}`,
      change,
    ]),
  )
  return results.map((result) => {
    const { change } = result
    if (result.outcome !== 'done') return result
    const collection = live.get(formatScope(change.scope))?.collections.get(change.kind.name)
    if (collection?.known !== true) return notReadBack(result, collection?.error.message)
    const after = collection.objects.find(({ id, key }) =>
      id === '' ? key === change.key : id === (result.id ?? idOf(change)),
    )
    return verdict(result, left.get(`${formatScope(change.scope)}:${change.address}`), alsoChanged(change, after))
  })
}

function notReadBack(result: Result, why: string | undefined): Result {
  const about = why === undefined ? '' : `: ${why}`
  return {
    ...result,
    outcome: 'unknown',
    error: {
      code: 'NOT_READ_BACK',
      message: `the API accepted the ${result.change.action}, but it could not be read back${about}`,
      hint: 'run plan to see the live state',
    },
  }
}

function resetToo(result: Result, paths: readonly string[]): Result {
  return {
    ...result,
    outcome: 'failed',
    error: {
      code: 'CHANGED_TOO',
      message: `the change was made, and ${paths.join(', ')} also changed, although the spec does not mention it`,
      hint: 'check it in the console, and add the fields to the entry',
    },
  }
}

function collectionOf(change: Change): string {
  return `${formatScope(change.scope)}:${change.kind.name}`
}

function idOf(change: Change): string {
  return change.action === 'create' ? '' : (change.live?.id ?? '')
}

/** The fields that nobody named and that have another value after an update: the API reset them, or somebody else was at work. */
function alsoChanged(change: Change, after: LiveObject | undefined): string[] {
  if (change.action !== 'update' || after === undefined) return []
  const { kind, live, desired, fields } = change
  const named = new Set(fields.map(({ path }) => path.split('.')[0] ?? path))
  return Object.entries(kind.fields).flatMap(([name, field]) => {
    const [before, now] = [live.values[name], after.values[name]]
    if (name in desired.values || named.has(name) || name === kind.key || name === kind.dormant) return []
    return before === undefined || now === undefined
      ? []
      : differences(field, name, now, before).map(({ path }) => path)
  })
}

function verdict(result: Result, left: Change | undefined, also: readonly string[]): Result {
  const shown = left?.action === 'update' ? left.fields.filter((field) => !field.sensitive) : [] // a secret never shows
  if (left === undefined || left.action === 'noop' || (left.action === 'update' && shown.length === 0))
    return also.length === 0 ? result : resetToo(result, also)
  const paths =
    left.action === 'update' ? shown.map((field) => formatPath(field.path.split('.'))).join(', ') : 'all of it'
  return {
    change: result.change,
    outcome: 'failed',
    ...defined({ id: result.id }),
    error: {
      code: 'DID_NOT_STICK',
      message: `the API accepted the ${result.change.action} but does not show it: ${paths}`,
      hint: 'run plan to see the live state',
    },
  }
}

function wantedBack(changes: readonly Change[], kinds: readonly ResourceKind[]): Wanted[] {
  const wanted = new Map<string, { wanted: Wanted; keys: Set<string> }>()
  const add = (scope: Change['scope'], kind: ResourceKind, key: string) => {
    const id = `${formatScope(scope)}:${kind.name}`
    const known = wanted.get(id)
    if (known !== undefined) known.keys.add(key)
    else wanted.set(id, { wanted: { scope, kind, instances: [], details: new Set() }, keys: new Set([key]) })
  }
  for (const { scope, kind, key, desired } of changes) {
    add(scope, kind, key)
    const parent = scopeKind(kinds, kind.api)
    if (parent === undefined) continue
    if (scope.subaccount !== null) add({ ...scope, subaccount: null }, parent, scope.subaccount)
    else if (needsIds(kind.fields, desired?.values ?? {})) add(scope, parent, '')
  }
  return [...wanted.values()].map(({ wanted: one, keys }) => ({ ...one, instances: [...keys], details: keys }))
}
