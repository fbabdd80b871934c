import { formatScope, type Scope } from '../model/address.ts'
import { isRecord, mapEntries } from '../model/json.ts'
import type { Field, Fields, Values } from '../model/kind/field.ts'
import type { ResourceKind } from '../model/kind/kind.ts'
import type { LiveObject } from '../model/kind/live-object.ts'
import { hasIdReference } from '../model/kind/references.ts'
import { ambiguousName, innerAccount } from '../model/run/inner-account.ts'
import type { Collection, Live, LiveScope } from '../model/run/live.ts'
import type { Send } from '../model/wire.ts'
import { ApiError } from '../model/wire.ts'
import { listAll } from './list.ts'

/** One collection to read. */
export interface Wanted {
  readonly scope: Scope
  readonly kind: ResourceKind
  readonly instances: readonly string[]
  readonly details: ReadonlySet<string> | 'all'
  /** The name that the subaccount of the scope has until it is renamed. */
  readonly formerly?: string | undefined
}

/** What reading needs beside the list of what to read. */
export interface ReadOptions {
  readonly kinds: readonly ResourceKind[]
  readonly send: Send
  readonly signal?: AbortSignal | undefined
  /** Told before and after each collection, for a progress line. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

/** Lists every wanted collection, all scopes side by side; what cannot be read to its end is unknown, never empty. */
export async function read(wanted: readonly Wanted[], options: ReadOptions): Promise<Live> {
  const scopes = new Map<string, { id: string | null | undefined; collections: Map<string, Collection> }>()
  const stop = new Map<string, AbortController>()
  let done = 0
  const list = async (one: Wanted, scopeId: string | null): Promise<Collection> => {
    const controller = stop.get(one.scope.account) ?? new AbortController()
    stop.set(one.scope.account, controller)
    const signal =
      options.signal === undefined ? controller.signal : AbortSignal.any([controller.signal, options.signal])
    try {
      return { known: true, objects: await listAll({ ...one, scopeId, send: options.send, signal }) }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (error.kind === 'auth') controller.abort(error) // a wrong key fails everywhere, and errors count against us
      return { known: false, error: rootOf(error, controller) }
    } finally {
      done += 1
      options.onProgress?.(done, wanted.length)
    }
  }

  const put = (scope: Scope, id: string | null | undefined, kind: string, collection: Collection) => {
    const name = formatScope(scope)
    const known = scopes.get(name) ?? { id, collections: new Map() }
    scopes.set(name, known)
    known.collections.set(kind, collection)
  }

  const early = wanted.filter((one) => one.scope.subaccount === null)
  const first = await Promise.all(early.map(async (one) => [one, await list(one, null)] as const))
  for (const [one, collection] of first) put(one.scope, null, one.kind.name, collection)

  const late = wanted.filter((one) => one.scope.subaccount !== null)
  await Promise.all(
    late.map(async (one) => {
      const parents = scopes.get(one.scope.account)?.collections.get('subaccounts')
      if (parents !== undefined && !parents.known) return put(one.scope, undefined, one.kind.name, parents)
      const now = innerAccount(parents?.objects ?? [], one.scope.subaccount)
      const before = innerAccount(parents?.objects ?? [], one.formerly ?? null)
      const inner = now.found !== undefined || now.among.length > 0 ? now : before
      if (inner.found !== undefined)
        return put(one.scope, inner.found.id, one.kind.name, await list(one, inner.found.id))
      const nothing: Collection =
        inner.among.length === 0
          ? { known: true, objects: [] }
          : { known: false, error: ambiguousError(one.scope, inner.among) }
      put(one.scope, undefined, one.kind.name, nothing)
    }),
  )
  return nameReferences(scopes, options.kinds)
}

/** Nobody can tell which of several subaccounts is meant, so nothing in any of them is known. */
function ambiguousError({ account, subaccount }: Scope, among: readonly LiveObject[]): ApiError {
  return new ApiError(ambiguousName(subaccount ?? '', among), {
    kind: 'refused',
    account,
    method: 'POST',
    path: '/subaccounts/search',
    code: 'AMBIGUOUS_SUBACCOUNT',
    hint: 'give all but one of them another name, or close them',
  })
}

/** Calls that were stopped because of another one's failure say that failure. */
function rootOf(error: ApiError, controller: AbortController): ApiError {
  const root: unknown = controller.signal.reason
  return error.kind === 'cancelled' && root instanceof ApiError ? root : error
}

/** Where an API names another object by its id, the name takes its place. */
function nameReferences(scopes: ReadonlyMap<string, LiveScope>, kinds: readonly ResourceKind[]): Live {
  const byId = kinds.filter((kind) => Object.values(kind.fields).some(hasIdReference))
  if (byId.length === 0) return scopes
  return new Map(
    [...scopes].map(([name, scope]) => {
      const collections = new Map(scope.collections)
      for (const kind of byId) {
        const collection = collections.get(kind.name)
        if (collection?.known !== true) continue
        const objects = collection.objects.map((one) => ({
          ...one,
          values: named(kind.fields, one.values, collections),
        }))
        collections.set(kind.name, { known: true, objects })
      }
      return [name, { id: scope.id, collections }]
    }),
  )
}

/** Values in which ids of other objects are their names, as far as they are known. */
export function named(fields: Fields, values: Values, collections: ReadonlyMap<string, Collection>): Values {
  const nameOf = (field: Field, value: unknown): unknown => {
    if (field.refersTo !== undefined && field.refersBy === 'id') {
      const targets = collections.get(field.refersTo)
      const target: LiveObject | undefined = targets?.known
        ? targets.objects.find((one) => one.id === value)
        : undefined
      return target?.key ?? value
    }
    if (field.type === 'object' && isRecord(value)) return named(field.fields, value, collections)
    if ((field.type === 'set' || field.type === 'list') && Array.isArray(value))
      return value.map((item) => nameOf(field.items, item))
    return value
  }
  return mapEntries(values, (value, name) => {
    const field = fields[name]
    return field === undefined ? value : nameOf(field, value)
  })
}
