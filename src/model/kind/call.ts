import type { WireRequest } from '../wire.ts'
import type { Values } from './field.ts'

/** What a call's own `encode` gets: the body that the fields give, and what it was made from. */
export interface CallEncoding {
  readonly body: Readonly<Record<string, unknown>>
  readonly id: string
  readonly key: string
  readonly desired: Values
  readonly live: Values
}

/** One operation of an API, as data. `{id}` in a path is the object's id. */
export interface Call {
  readonly method: WireRequest['method']
  readonly path: string
  /** Sent with every call. */
  readonly constants?: Readonly<Record<string, unknown>>
  /** The wire name under which the object's id goes into the body (none for a path that carries it). */
  readonly by?: string
  /** What goes under `by`: the id (usual), the key, or the secret that was shown once and that only its owner has. */
  readonly byWhat?: 'key' | 'secret'
  /** Sent whole, with every field that is managed, and not only what changed. */
  readonly whole?: boolean
  /** The API may reset what the call leaves out: live values that nobody manages go along, and a secret that cannot is a gate. */
  readonly carries?: boolean
  /** The wire name of the key when the API can rename. */
  readonly renames?: string
  /** The one hatch of an odd call: its own body. When a second call needs the same, it becomes a flag. */
  encode?(encoding: CallEncoding): Readonly<Record<string, unknown>>
}

/** How a list goes on: a token in the answer, or an offset that we count. */
export type ListPaging =
  | { readonly by: 'token'; readonly total?: string; readonly size?: { readonly wire: string; readonly value: number } }
  | { readonly by: 'offset'; readonly size: number }

/** A call that lists objects. */
export interface ListCall extends Call {
  readonly reads: true
  /** Where the rows are in the answer: a field of it; the answer itself if left out. */
  readonly rows?: string
  /** The answer is one object, not a list of them. */
  readonly one?: boolean
  readonly page?: ListPaging
  /** One row in the API's shape → one with a field for each wire name; undefined for a row that is not ours to manage. */
  decode?(row: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> | undefined
}

export type CallOptions = Omit<Call, 'method' | 'path'>
export type ListCallOptions = Omit<ListCall, 'method' | 'path' | 'reads'>

/** A POST. */
export function post(path: string, options?: CallOptions): Call {
  return { method: 'POST', path, ...options }
}

/** A PATCH. */
export function patch(path: string, options?: CallOptions): Call {
  return { method: 'PATCH', path, ...options }
}

/** A DELETE. */
export function remove(path: string, options?: CallOptions): Call {
  return { method: 'DELETE', path, ...options }
}

/** A list by POST, as SMTP2GO has them. */
export function listPost(path: string, options?: ListCallOptions): ListCall {
  return { method: 'POST', path, reads: true, ...options }
}

/** A list by GET, as REST has them. */
export function listGet(path: string, options?: ListCallOptions): ListCall {
  return { method: 'GET', path, reads: true, ...options }
}

/** True for one call that updates everything, false for a map of calls by field. */
export function isOneCall(update: Call | Readonly<Record<string, Call>>): update is Call {
  return typeof update['method'] === 'string'
}
