import { formatScope, type Scope } from '../../model/address.ts'
import { type ResourceKind, scopeKind } from '../../model/kind/kind.ts'
import type { LiveObject } from '../../model/kind/live-object.ts'
import { ambiguousName, innerAccount } from '../../model/run/inner-account.ts'
import type { Collection, Live } from '../../model/run/live.ts'
import type { Send } from '../../model/wire.ts'
import { ApiError } from '../../model/wire.ts'
import { listAll } from '../wire/list.ts'
import { nameReferences } from './names.ts'
import type { Wanted } from './wanted.ts'

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
      const parent = scopeKind(options.kinds, one.kind.api)
      const parents = scopes.get(one.scope.account)?.collections.get(parent?.name ?? '')
      if (parents !== undefined && !parents.known) return put(one.scope, undefined, one.kind.name, parents)
      const now = innerAccount(parents?.objects ?? [], one.scope.subaccount)
      const before = innerAccount(parents?.objects ?? [], one.formerly ?? null)
      const inner = now.found !== undefined || now.among.length > 0 ? now : before
      if (inner.found !== undefined)
        return put(one.scope, inner.found.id, one.kind.name, await list(one, inner.found.id))
      const nothing: Collection =
        inner.among.length === 0
          ? { known: true, objects: [] }
          : { known: false, error: ambiguousError(one.scope, inner.among, parent) }
      put(one.scope, undefined, one.kind.name, nothing)
    }),
  )
  return nameReferences(scopes, options.kinds)
}

/** Nobody can tell which of several subaccounts is meant, so nothing in any of them is known. */
function ambiguousError(
  { account, subaccount }: Scope,
  among: readonly LiveObject[],
  parent: ResourceKind | undefined,
): ApiError {
  const { method = 'GET', path = '' } = parent?.calls.list ?? {}
  return new ApiError(ambiguousName(subaccount ?? '', among), {
    kind: 'refused',
    account,
    method,
    path,
    code: 'AMBIGUOUS_SUBACCOUNT',
    hint: 'rename all but one of them, or close them',
  })
}

/** Calls that were stopped because of another one's failure say that failure. */
function rootOf(error: ApiError, controller: AbortController): ApiError {
  const root: unknown = controller.signal.reason
  return error.kind === 'cancelled' && root instanceof ApiError ? root : error
}
