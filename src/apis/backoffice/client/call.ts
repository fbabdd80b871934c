import { type About, callError, said } from '../../../http/body.ts'
import type { WireRequest } from '../../../model/wire.ts'

/** A JSON answer with what its errors need; `body` is null where there was none. */
export type Got = { readonly body: unknown; readonly about: About }

/** Sends a request and answers its JSON; throws `ApiError` for anything but success. */
export type Ask = (request: WireRequest, signal?: AbortSignal, tries?: number) => Promise<Got>

/** Throws the error for an answer that is not what the API documents. */
export function wrongAnswer({ about }: Got, what: string): never {
  throw callError(`${about.host}: ${said(what, about)}`, about, { kind: 'shape' })
}
