import type { Json } from '../../../http/body.ts'
import { isRecord } from '../../../model/json.ts'

/** A list answer brought to one shape; `total` only if the answer says how many there are in all. */
type List = { readonly items: readonly Json[]; readonly total: number | undefined }

/**
 * The items of a list answer, without the secrets in them: a bare array, `{data: […]}`, `{data: {items: […]}}` or
 * `{items: […]}`. `undefined` for any other shape, which must never be read as an empty list.
 */
export function listItems(body: unknown): List | undefined {
  const inner = isRecord(body) ? body['data'] : undefined
  const found = [body, inner, isRecord(inner) ? inner['items'] : undefined, isRecord(body) ? body['items'] : undefined]
  const items = found.find((part): part is unknown[] => Array.isArray(part))
  if (items === undefined || !items.every(isRecord)) return undefined
  return { items: items.map(withoutPassword), total: totalIn(body) }
}

/** The object of an answer, bare or in `data`, without its password; `undefined` for any other shape. */
export function oneItem(body: unknown): Json | undefined {
  if (!isRecord(body)) return undefined
  const inner = body['data']
  return withoutPassword(isRecord(inner) && providerIdOf(body) === undefined ? inner : body)
}

/** The id of an object as text: `id`, or else `providerId`; a number or digits. */
export function providerIdOf(item: Json): string | undefined {
  const id = item['id'] ?? item['providerId']
  if (typeof id === 'number' && Number.isSafeInteger(id)) return String(id)
  return typeof id === 'string' && id !== '' ? id : undefined
}

/** What a read password is, is not known (nothing, null, a mask or the secret), so it ends here. */
function withoutPassword({ password: _, ...rest }: Json): Json {
  return rest
}

function totalIn(body: unknown): number | undefined {
  if (!isRecord(body)) return undefined
  const inner = isRecord(body['data']) ? body['data'] : {}
  const meta = isRecord(body['meta']) ? body['meta'] : {}
  return [body['total'], inner['total'], meta['total']].find((value): value is number => typeof value === 'number')
}

/** What the next page request should be, or why there is none. */
type ListPaging =
  | { readonly go: 'on'; readonly offset: number }
  | { readonly go: 'end' }
  | { readonly go: 'stop'; readonly why: string }

/**
 * Follows a list page by page. A page shorter than asked for does not end it, since the server's own maximum is not
 * known: only an empty page, a total that is reached, or a page shorter than an earlier one does.
 */
export function pager(mostPages = 1000): (page: List) => ListPaging {
  const seen = new Set<string>()
  let offset = 0
  let pages = 0
  let longest = 0

  return ({ items, total }) => {
    pages += 1
    const ids = items.map((item) => providerIdOf(item))
    if (ids.includes(undefined)) return { go: 'stop', why: 'an item of the list has no id' }
    if (ids.some((id) => id !== undefined && seen.has(id))) {
      return {
        go: 'stop',
        why: 'a page of the list came twice: the API ignores "offset", or the list changed meanwhile',
      }
    }
    for (const id of ids) if (id !== undefined) seen.add(id)
    offset += items.length
    if (total !== undefined && offset > total) {
      return { go: 'stop', why: `the list says it holds ${total}, and gave ${offset}` }
    }
    if (total !== undefined && offset === total) return { go: 'end' }
    const short = items.length < longest
    longest = Math.max(longest, items.length)
    if (items.length === 0 || (short && total === undefined)) {
      if (total === undefined) return { go: 'end' }
      return { go: 'stop', why: `the list says it holds ${total}, and gave ${offset}` }
    }
    return pages >= mostPages ? { go: 'stop', why: `the list has no end after ${pages} pages` } : { go: 'on', offset }
  }
}
