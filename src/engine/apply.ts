import { formatScope, qualify } from '../model/address.ts'
import { isRecord } from '../model/json.ts'
import type { ResourceKind } from '../model/kind/kind.ts'
import type { Change, Real } from '../model/run/change.ts'
import type { Delivery } from '../model/run/delivery.ts'
import type { Result } from '../model/run/result.ts'
import { ApiError, type Send } from '../model/wire.ts'
import { failure, partly } from './apply-part.ts'
import { deliverSecret, giveBack, lost, ownSecretOf, refusal } from './apply-secret.ts'
import { LOOKED_UP, type Sending, scopeIdOf, sendStep } from './apply-step.ts'
import { idOf } from './decode.ts'
import type { IdLookup } from './encode.ts'
import { turnsOff } from './order.ts'
import type { Plan } from './plan.ts'
import { requestOf } from './request.ts'
import { type Step, stepsOf } from './steps.ts'

/** What applying needs beside the plan. */
export interface ApplyOptions {
  readonly send: Send
  readonly delivery: Delivery
  /** How many changes are made at the same time. */
  readonly parallelism: number
  /** Aborted by Ctrl-C: calls in flight finish, nothing new starts. */
  readonly signal?: AbortSignal | undefined
  /** Makes one change, and does what it has to before and after; without it the change is just made. */
  readonly around?: ((change: Real, make: (other?: Real) => Promise<Result>) => Promise<Result>) | undefined
  /** How secrets of an object may begin that were made before. */
  readonly ownIds?: ((change: Change) => readonly string[]) | undefined
  /** Told of each change as it ends. */
  readonly onResult?: ((result: Result, done: number, total: number) => void) | undefined
}

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
  const around = options.around ?? ((_: Real, make: (other?: Real) => Promise<Result>) => make())
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

/** Whoever stops a run may say why; Ctrl-C does not. */
function whyStopped({ reason }: AbortSignal): string {
  return typeof reason === 'string' ? `not begun, because ${reason}` : 'interrupted before it began'
}

function isReal(change: Change): change is Real {
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
function blocker(change: Real, plan: Plan, failed: ReadonlySet<string>): string | undefined {
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

/** Makes one change; every error of an API becomes its result. What took effect of it is in the result, whatever became of the rest. */
export async function applyChange(change: Real, ids: Map<string, string>, options: ApplyOptions): Promise<Result> {
  try {
    return await make(change, ids, options)
  } catch (error) {
    if (error instanceof ApiError) return failure(change, error.kind === 'cancelled' ? 'skipped' : 'failed', error)
    throw error
  }
}

async function make(change: Real, ids: Map<string, string>, options: ApplyOptions): Promise<Result> {
  const { kind } = change
  const scopeId = scopeIdOf(change, ids)
  const refused = refusal(change, options.delivery, options.ownIds?.(change) ?? [])
  if (refused !== undefined) return { change, outcome: 'failed', error: refused }
  const ownSecret = ownSecretOf(change, options.delivery)
  const steps = stepsOf(change)
  if (ownSecret === undefined && steps.some((step) => step.call.byWhat === 'secret'))
    return {
      change,
      outcome: 'failed',
      error: {
        code: 'NEEDS_SECRET',
        message: `the API changes ${change.address} only for whoever has the whole key`,
        hint: 'it is neither in the file of saveTo nor given as key:',
      },
    }
  const lookup: IdLookup = (name, key) => ids.get(`${change.scope.account}:${name}/${key}`)
  const sending: Sending = {
    change,
    ids,
    options,
    request: (step) => requestOf(change, step, { scopeId, ids: lookup, ownSecret }),
  }
  const done: Step[] = []
  let answer: unknown
  let note: string | undefined
  for (const step of steps) {
    if (done.length > 0 && options.signal?.aborted === true)
      return partly(change, done, steps, {
        change,
        outcome: 'failed',
        error: { code: 'INTERRUPTED', message: whyStopped(options.signal) },
      })
    const sent = await sendStep(step, sending)
    if ('outcome' in sent) {
      if (sent.outcome !== 'unknown') giveBack(change, options.delivery)
      return partly(change, done, steps, sent)
    }
    answer = sent.answer
    note = sent.note ?? note
    done.push(step)
  }
  const noted = note === undefined ? {} : { note }
  if (change.action !== 'create') return { change, outcome: 'done', id: change.live.id, ...noted }
  const row = firstRow(kind, answer)
  const id = row === undefined ? ids.get(qualify(change.scope, change.address)) : idOf(kind, row)
  if (id !== undefined) ids.set(qualify(change.scope, change.address), id)
  if (note === LOOKED_UP) {
    const result: Result =
      kind.yields === undefined ? { change, outcome: 'done', note } : lost(change, 'the answer that held it was lost')
    return id === undefined ? result : { ...result, id }
  }
  const result = await deliverSecret(change, row, options.delivery)
  return id === undefined ? result : { ...result, id }
}

/** An answer shows what was made as itself, as the first of a list, or as the first of the rows that a list has. */
function firstRow(kind: ResourceKind, answer: unknown): Readonly<Record<string, unknown>> | undefined {
  const { rows } = kind.calls.list
  const inner = rows !== undefined && isRecord(answer) && Array.isArray(answer[rows]) ? answer[rows] : answer
  const first: unknown = Array.isArray(inner) ? inner[0] : inner
  return isRecord(first) ? (kind.calls.list.decode?.(first) ?? first) : undefined
}
