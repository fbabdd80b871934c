import type { Scope } from '../../model/address.ts'
import { append } from '../../model/append.ts'
import { defined, isRecord } from '../../model/json.ts'
import type { ListCall } from '../../model/kind/call.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import type { LiveObject } from '../../model/kind/live-object.ts'
import { ApiError, type Send, type WireRequest } from '../../model/wire.ts'
import { decodeRow } from './decode.ts'
import { scopeWords } from './names.ts'

type Row = Readonly<Record<string, unknown>>

/** More pages than any account has: a paging that goes wrong ends here. */
const MAX_PAGES = 20_000

/** Where and how to list. */
interface Listing {
  readonly kind: ResourceKind
  readonly scope: Scope
  /** The id of the account inside the account, if the scope is one. */
  readonly scopeId: string | null
  /** For a kind with named singletons: which ones. */
  readonly instances: readonly string[]
  /** Keys whose details are wanted beyond what the list shows; `all` for every one. */
  readonly details: ReadonlySet<string> | 'all'
  readonly send: Send
  readonly signal?: AbortSignal | undefined
}

/** All objects of a kind in a scope, read to the end. Throws `ApiError` if that is not certain. */
export async function listAll(listing: Listing): Promise<LiveObject[]> {
  const { kind } = listing
  const lists = await Promise.all(
    (kind.singleton === undefined || kind.singleton === 'one' ? [''] : listing.instances).map(async (instance) => {
      const rows = await allRows(listing, instance)
      return rows.flatMap((row) => decoded(listing, row, instance))
    }),
  )
  const objects = lists.flat()
  const double = kind.singleton === undefined && kind.id !== kind.key ? firstDouble(objects) : undefined
  if (double !== undefined) throw misfit(kind.calls.list, listing.scope, `two rows with the id ${double}`)
  return kind.calls.view === undefined ? objects : await Promise.all(objects.map((one) => withDetails(listing, one)))
}

function firstDouble(objects: readonly LiveObject[]): string | undefined {
  const seen = new Set<string>()
  return objects.find(({ id }) => seen.size === seen.add(id).size)?.id
}

function decoded({ kind, scope }: Listing, row: Row, instance: string): LiveObject[] {
  try {
    const plain = kind.calls.list.decode === undefined ? row : kind.calls.list.decode(row)
    return plain === undefined ? [] : [decodeRow(kind, plain, instance)]
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
    throw misfit(kind.calls.list, scope, `an unknown shape: ${cause.message}`)
  }
}

/** An object with the fields that only its own call shows. */
export async function withDetails(listing: Listing, object: LiveObject): Promise<LiveObject> {
  const { kind, details } = listing
  const { view } = kind.calls
  if (view === undefined || (details !== 'all' && !details.has(object.key))) return object
  const answer = await call(listing, { ...view, reads: true }, { [view.by ?? kind.id]: object.id })
  if (!isRecord(answer)) throw misfit(view, listing.scope, 'no object')
  return decodeRow(kind, answer, '')
}

async function allRows(listing: Listing, instance: string): Promise<Row[]> {
  const { kind, scope } = listing
  const { list } = kind.calls
  const fixed = list.by === undefined ? {} : { [list.by]: instance }
  switch (list.page?.by) {
    case undefined:
      return rowsOf(list, scope, await call(listing, list, fixed))
    case 'token':
      return await byToken(listing, list, list.page, fixed)
    case 'offset':
      return await byOffset(listing, list, list.page.size)
  }
}

async function byToken(
  listing: Listing,
  list: ListCall,
  page: NonNullable<ListCall['page']> & { by: 'token' },
  fixed: Row,
): Promise<Row[]> {
  const rows: Row[] = []
  const seen = new Set<string>()
  const size = page.size === undefined ? {} : { [page.size.wire]: page.size.value }
  const { sends, reads } = pagingOf(listing.kind, 'token')
  let token: string | undefined
  for (let at = 0; at < MAX_PAGES; at++) {
    const answer = await call(listing, list, {
      ...fixed,
      ...size,
      ...(token === undefined ? {} : { [sends]: token }),
    })
    append(rows, rowsOf(list, listing.scope, answer))
    const next = isRecord(answer) ? answer[reads] : undefined
    if (next === undefined || next === null || next === '') {
      const total = page.total === undefined || !isRecord(answer) ? undefined : (answer[page.total] ?? undefined)
      if (total !== undefined && countOf(total) !== rows.length)
        throw misfit(list, listing.scope, `${rows.length} rows where it counts ${String(total).slice(0, 40)}`)
      return rows
    }
    token = String(next)
    if (seen.has(token)) throw misfit(list, listing.scope, 'the same page twice')
    seen.add(token)
  }
  throw misfit(list, listing.scope, `more than ${MAX_PAGES} pages`)
}

/** The names under which lists of a kind's API are paged; a kind whose API has none is a bug of ours. */
function pagingOf<By extends 'token' | 'offset'>({ api, name }: ResourceKind, by: By) {
  const names = api.paging[by]
  if (names === undefined) throw new TypeError(`${name} is paged by ${by}, and ${api.name} has no names for that`)
  return names
}

/** A count, as a number or as its digits; anything else counts nothing. */
function countOf(total: unknown): number {
  if (typeof total === 'number') return total
  return typeof total === 'string' && /^\d{1,15}$/.test(total) ? Number(total) : Number.NaN
}

/** Goes on until a page is empty: a server may give fewer than it was asked for. */
async function byOffset(listing: Listing, list: ListCall, size: number): Promise<Row[]> {
  const rows: Row[] = []
  const seen = new Set<string>()
  const names = pagingOf(listing.kind, 'offset')
  for (let at = 0; at < MAX_PAGES; at++) {
    const query = { [names.size]: size, [names.offset]: rows.length }
    const page = rowsOf(list, listing.scope, await call(listing, list, undefined, query))
    if (page.length === 0) return rows
    for (const row of page) {
      const text = JSON.stringify(row)
      if (seen.has(text)) throw misfit(list, listing.scope, 'the same row on two pages')
      seen.add(text)
      rows.push(row)
    }
  }
  throw misfit(list, listing.scope, `more than ${MAX_PAGES} pages`)
}

/** An unknown shape is an error and never an empty list. */
function rowsOf(list: ListCall, scope: Scope, answer: unknown): Row[] {
  if (list.one === true) {
    if (isRecord(answer)) return [answer]
    throw misfit(list, scope, 'no object')
  }
  const rows = list.rows === undefined ? answer : isRecord(answer) ? answer[list.rows] : undefined
  if (!Array.isArray(rows) || !rows.every(isRecord))
    throw misfit(list, scope, list.rows === undefined ? 'no list' : `no list "${list.rows}"`)
  return rows
}

function misfit({ method, path }: Pick<ListCall, 'method' | 'path'>, scope: Scope, what: string): ApiError {
  return new ApiError(`the answer of ${path} has ${what}`, { kind: 'shape', account: scope.account, method, path })
}

async function call(
  { kind, scope, scopeId, send, signal }: Listing,
  { method, path, constants }: ListCall | (Omit<ListCall, 'reads'> & { reads: true }),
  body: Row | undefined,
  query?: WireRequest['query'],
): Promise<unknown> {
  const scoped = scopeWords(kind.api, scopeId)
  const words = { ...constants, ...body, ...scoped }
  const request: WireRequest = {
    ...{ method, path, reads: true },
    ...(method === 'GET'
      ? defined({ query: queryOf({ ...words, ...query }) })
      : { ...(body === undefined ? {} : { body: words }), ...defined({ query }) }),
  }
  return await send(scope.account, request, signal)
}

/** What a call without a body says, in its address; undefined for nothing. */
function queryOf(words: Row): WireRequest['query'] {
  const pairs = Object.entries(words).map(([name, value]) => [name, typeof value === 'number' ? value : String(value)])
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs)
}
