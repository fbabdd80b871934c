import { formatScope, qualify } from '../model/address.ts'
import { isRecord } from '../model/canon.ts'
import type { Change, Result } from '../model/change.ts'
import type { Delivery } from '../model/deliver.ts'
import type { ResourceKind } from '../model/kind.ts'
import { Secret } from '../model/secret.ts'
import { ApiError, type Send } from '../model/wire.ts'
import { idOf } from './decode.ts'
import type { IdLookup } from './encode.ts'
import { listAll } from './list.ts'
import { realKey } from './mask-live.ts'
import type { Plan } from './plan.ts'
import { requestOf } from './request.ts'
import { stepsOf } from './steps.ts'

/** What applying needs beside the plan. */
export interface ApplyOptions {
  readonly send: Send
  readonly delivery: Delivery
  /** How many changes are made at the same time. */
  readonly parallelism: number
  /** Aborted by Ctrl-C: calls in flight finish, nothing new starts. */
  readonly signal?: AbortSignal | undefined
  /** Makes one change, and does what it has to before and after; without it the change is just made. */
  readonly around?: ((change: Real, make: () => Promise<Result>) => Promise<Result>) | undefined
  /** Told of each change as it ends. */
  readonly onResult?: ((result: Result, done: number, total: number) => void) | undefined
}

/** A change that does something. */
export type Real = Exclude<Change, { readonly action: 'noop' }>

/** Makes the changes, wave after wave; a change whose ground failed is skipped, the independent ones go on. */
export async function apply(plan: Plan, options: ApplyOptions): Promise<readonly Result[]> {
  const results: Result[] = []
  const failed = new Set<string>()
  const total = plan.waves.reduce((sum, wave) => sum + wave.length, 0)
  const ids = knownIds(plan)
  const around = options.around ?? ((_: Real, make: () => Promise<Result>) => make())
  for (const wave of plan.waves) {
    await inParallel(wave.filter(isReal), options.parallelism, async (change) => {
      const reason = options.signal?.aborted === true ? whyStopped(options.signal) : blocker(change, plan, failed)
      const result: Result =
        reason === undefined
          ? await around(change, () => applyChange(change, ids, options))
          : { change, outcome: 'skipped', error: { message: reason, code: 'NOT_TRIED' } }
      if (result.outcome !== 'done') failed.add(qualify(change.scope, change.address))
      results.push(result)
      options.onResult?.(result, results.length, total)
    })
  }
  return results
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
    for (const [kind, collection] of collections)
      if (collection.known) for (const one of collection.objects) ids.set(`${scope}:${kind}/${one.key}`, one.id)
  for (const change of plan.changes)
    if (change.action === 'update') ids.set(qualify(change.scope, change.address), change.live.id) // it may get a new name
  return ids
}

/** What a change stands on: the objects that it names, its subaccount, and for a deletion all that is built there. */
function blocker(change: Real, plan: Plan, failed: ReadonlySet<string>): string | undefined {
  if (failed.size === 0) return undefined
  const scope = formatScope(change.scope)
  if (change.action === 'delete') {
    const near = [...failed].find((address) => address.startsWith(`${scope}:`))
    return near === undefined ? undefined : `not deleted, because ${near} did not succeed`
  }
  const parent = `${change.scope.account}:subaccounts/${change.scope.subaccount}`
  if (change.scope.subaccount !== null && failed.has(parent)) return `its subaccount ${parent} did not succeed`
  const needed = plan.spec.references
    .filter((reference) => reference.from === change.desired)
    .map((reference) => qualify(change.scope, `${reference.kind}/${reference.key}`))
    .find((address) => failed.has(address))
  return needed === undefined ? undefined : `it refers to ${needed}, which did not succeed`
}

/** Makes one change; every error of an API becomes its result. */
export async function applyChange(change: Real, ids: Map<string, string>, options: ApplyOptions): Promise<Result> {
  try {
    return await make(change, ids, options)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (change.action === 'delete' && error.kind === 'missing')
      return { change, outcome: 'done', note: 'it was gone already' }
    if (error.kind === 'cancelled') return failure(change, 'skipped', error)
    if (error.ambiguous && isSilent(change)) return await sendAgain(change, ids, options)
    if (error.ambiguous) return await settle(change, ids, error, options)
    return failure(change, 'failed', error)
  }
}

/** True for an update that carries a secret: no look tells whether it arrived. */
function isSilent(change: Real): boolean {
  return change.action === 'update' && change.members === undefined && change.fields.some((field) => field.sensitive)
}

/** The same secret once more does no harm; what became of it is unknown until an answer comes. */
async function sendAgain(change: Real, ids: Map<string, string>, options: ApplyOptions): Promise<Result> {
  try {
    return { ...(await make(change, ids, options)), note: 'the first answer was lost, so it was sent once more' }
  } catch (error) {
    if (error instanceof ApiError) return failure(change, 'unknown', error)
    throw error
  }
}

function failure(change: Change, outcome: 'failed' | 'skipped' | 'unknown', error: ApiError): Result {
  const { message, code, hint, requestId, path, field } = error
  const about = [
    path,
    field === undefined ? '' : `field ${field}`,
    requestId === undefined ? '' : `request ${requestId}`,
  ]
  return {
    change,
    outcome,
    error: {
      message: `${message} (${about.filter((part) => part !== '').join(', ')})`,
      ...(code === undefined ? {} : { code }),
      ...(hint === undefined ? {} : { hint }),
    },
  }
}

async function make(change: Real, ids: Map<string, string>, options: ApplyOptions): Promise<Result> {
  const { kind } = change
  const scopeId = scopeIdOf(change, ids)
  const refused = refusal(change, options.delivery)
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
  let answer: unknown
  for (const step of steps)
    answer = await options.send(
      change.scope.account,
      requestOf(change, step, { scopeId, ids: lookup, ownSecret }),
      options.signal,
    )
  if (change.action !== 'create') return { change, outcome: 'done', id: change.live.id }
  const row = firstRow(kind, answer)
  const id = row === undefined ? undefined : idOf(kind, row)
  if (id !== undefined) ids.set(qualify(change.scope, change.address), id)
  const result = await deliverSecret(change, row, options.delivery)
  return id === undefined ? result : { ...result, id }
}

/** The `subaccount_id` of a scope, which may have been made a moment ago. */
function scopeIdOf(change: Change, ids: ReadonlyMap<string, string>): string | null {
  const { account, subaccount } = change.scope
  if (subaccount === null) return null
  const id = ids.get(`${account}:subaccounts/${subaccount}`)
  if (id !== undefined) return id
  throw new ApiError(`the id of the subaccount "${subaccount}" is not known`, {
    kind: 'missing',
    account,
    method: 'POST',
    path: '/subaccounts/search',
    hint: 'run apply again: it is read anew',
  })
}

/** An answer shows what was made as itself, as the first of a list, or as the first of the rows that a list has. */
function firstRow(kind: ResourceKind, answer: unknown): Readonly<Record<string, unknown>> | undefined {
  const { rows } = kind.calls.list
  const inner = rows !== undefined && isRecord(answer) && Array.isArray(answer[rows]) ? answer[rows] : answer
  const first: unknown = Array.isArray(inner) ? inner[0] : inner
  return isRecord(first) ? (kind.calls.list.decode?.(first) ?? first) : undefined
}

/** Nobody can take a secret back that was made and could not be handed over: so that is asked before. */
function refusal(change: Real, delivery: Delivery): Result['error'] {
  const target = targetOf(change)
  if (change.action !== 'create' || target === undefined) return undefined
  const reason = delivery.refuses(target, change.desired.source.file)
  return reason === undefined ? undefined : { code: 'CANNOT_DELIVER', message: `nothing was made, because ${reason}` }
}

function targetOf(change: Real): Readonly<Record<string, unknown>> | undefined {
  const { yields } = change.kind
  const target = yields === undefined ? undefined : change.desired?.values[yields.to]
  return isRecord(target) ? target : undefined
}

/** The whole secret of the object that is changed: not of another one that has taken over its place meanwhile. */
function ownSecretOf(change: Real, delivery: Delivery): Secret | undefined {
  const target = targetOf(change)
  const { desired } = change
  const saved = target === undefined || desired === undefined ? undefined : delivery.recall(target, desired.source.file)
  const before = previousOf(target)
  const earlier =
    before === undefined || desired === undefined ? undefined : delivery.recall(before, desired.source.file)
  return [desired?.values['key'], saved, earlier].find(
    (one): one is Secret => one instanceof Secret && isOf(change, one),
  )
}

/** Where the secret of before waits while a rotation is open. */
export function previousOf(target: Readonly<Record<string, unknown>> | undefined): { file: string } | undefined {
  const file = target?.['file']
  return typeof file === 'string' ? { file: `${file}.previous` } : undefined
}

function isOf(change: Real, secret: Secret): boolean {
  if (change.action === 'create' || change.kind.yields?.idBegins !== true) return true
  return secret.reveal().startsWith(change.live.id)
}

async function deliverSecret(
  change: Change & { action: 'create' },
  row: Readonly<Record<string, unknown>> | undefined,
  delivery: Delivery,
): Promise<Result> {
  const target = targetOf(change)
  if (change.kind.yields === undefined || target === undefined) return { change, outcome: 'done' }
  const secret = row?.[change.kind.yields.wire]
  if (typeof secret !== 'string' || secret === '' || secret.includes('*'))
    return lost(change, 'the answer does not hold it')
  try {
    const note = await delivery.deliver(target, change.desired.source.file, change.key, new Secret(secret))
    return { change, outcome: 'done', ...(note === undefined ? {} : { note }) }
  } catch (cause) {
    return lost(change, cause instanceof Error ? cause.message : 'it could not be written')
  }
}

function lost(change: Change, why: string): Result {
  return {
    change,
    outcome: 'failed',
    error: {
      code: 'SECRET_LOST',
      message: `${change.address} was made, and its secret is lost: ${why}`,
      hint: `remove "${change.key}" in the console, then apply again`,
    },
  }
}

/** No good answer came: the object is looked up by its key, and nothing is sent twice. */
async function settle(change: Real, ids: Map<string, string>, error: ApiError, options: ApplyOptions): Promise<Result> {
  const { kind, scope, key } = change
  try {
    const found = await listAll({
      kind,
      scope,
      scopeId: scopeIdOf(change, ids),
      instances: [key],
      details: new Set([key]),
      send: options.send,
    })
    const real = change.desired === undefined ? key : realKey(change.desired)
    const there = found.find(
      (one) => (change.action === 'create' ? one.key === real : one.id === change.live.id) && !one.dormant,
    )
    if (change.action === 'delete')
      return there === undefined
        ? { change, outcome: 'done', note: 'the answer was lost; it is gone' }
        : failure(change, 'failed', error)
    if (there === undefined) return failure(change, change.action === 'create' ? 'unknown' : 'failed', error)
    ids.set(qualify(scope, change.address), there.id)
    if (change.action === 'create' && kind.yields !== undefined)
      return { ...lost(change, 'the answer that held it was lost'), id: there.id }
    return { change, outcome: 'done', id: there.id, note: 'the answer was lost; it was looked up' }
  } catch (second) {
    if (second instanceof ApiError) return failure(change, 'unknown', error)
    throw second
  }
}
